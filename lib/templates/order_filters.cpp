// Filters that compare the items of a list with each other.
#include <array>

#include "base/text.hpp"
#include "templates/comparison.hpp"
#include "templates/filters.hpp"

namespace cfy::templates {
namespace {

// An item with what it is compared by.
struct Keyed {
  Value key, item;
};

// Equal ones keep their order.
void sort_keyed(std::vector<Keyed>& keyed, bool reversed, Scope& scope) {
  const auto goes_first = [reversed, &scope](const Keyed& left, const Keyed& right) {
    scope.count_step();
    return reversed ? is_less(right.key, left.key) : is_less(left.key, right.key);
  };
  std::stable_sort(keyed.begin(), keyed.end(), goes_first);
}

// "a,b": by several attributes. A list in any case: lists look for what is equal first, so that
// items that all lack the attribute keep their order.
Value sort_key(const Value& item, const Value& attribute, bool case_sensitive) {
  if (!attribute.is_text())
    return Value::list({folded(attribute_of(item, attribute), case_sensitive)});
  Items keys;
  for (const std::string& one : base::split(attribute.str(), ','))
    keys.push_back(folded(attribute_of(item, one), case_sensitive));
  return Value::list(std::move(keys));
}

Value filter_sort(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments,
                                 {"reverse", "case_sensitive", "attribute"});
  std::vector<Keyed> keyed;
  for (const Value& item : counted_items(call))
    keyed.push_back({sort_key(item, arguments.value(2), arguments.truth(1, false)), item});
  sort_keyed(keyed, arguments.truth(0, false), call.scope);
  Items items;
  for (Keyed& one : keyed)
    items.push_back(std::move(one.item));
  return Value::list(std::move(items));
}

Value filter_dictsort(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"case_sensitive", "by", "reverse"});
  const std::string by = arguments.text(1, "key");
  if (by != "key" && by != "value") throw TemplateError("'dictsort' sorts by key or by value");
  const Dict* dict = call.value.defined().as_dict();
  if (dict == nullptr)
    throw TemplateError(fmt::format("'dictsort' needs a dict, not {}", call.value.type()));
  call.scope.count_steps(dict->members.size());
  std::vector<Keyed> keyed;
  for (const auto& [key, value] : dict->members)
    keyed.push_back(
        {folded(by == "key" ? key : value, arguments.truth(0, false)), Value::tuple({key, value})});
  sort_keyed(keyed, arguments.truth(2, false), call.scope);
  Items items;
  for (Keyed& one : keyed)
    items.push_back(std::move(one.item));
  return Value::list(std::move(items));
}

Value filter_unique(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"case_sensitive", "attribute"});
  Items seen, items;
  for (const Value& item : counted_items(call)) {
    Value key = folded(attribute_of(item, arguments.value(1)), arguments.truth(0, false));
    call.scope.count_steps(seen.size());
    if (std::any_of(seen.begin(), seen.end(),
                    [&key](const Value& one) { return equals(one, key); }))
      continue;
    seen.push_back(std::move(key));
    items.push_back(item);
  }
  return Value::list(std::move(items));
}

Value extreme(const FilterCall& call, bool wants_largest) {
  const ArgumentReader arguments(call.name, call.arguments, {"case_sensitive", "attribute"});
  std::optional<Keyed> best;
  for (const Value& item : counted_items(call)) {
    Value key = folded(attribute_of(item, arguments.value(1)), arguments.truth(0, false));
    const bool is_better =
        !best || (wants_largest ? is_less(best->key, key) : is_less(key, best->key));
    if (is_better) best = Keyed{std::move(key), item};
  }
  return best ? best->item : Value::undefined("the " + call.name + " of nothing");
}
Value filter_min(const FilterCall& call) {
  return extreme(call, false);
}
Value filter_max(const FilterCall& call) {
  return extreme(call, true);
}

Value group_of(const Value& key, Items items) {
  return Value::of(List{.kind = List::Kind::group, .items = {key, Value::list(std::move(items))}});
}

// Pairs of what the items of a group have in common and these items, in the order of the first.
Value filter_groupby(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments,
                                 {"attribute", "default", "case_sensitive"});
  arguments.needed(0);
  const auto key_of = [&arguments](const Value& item) {
    const Value otherwise =
        arguments.has_some(1) ? arguments.value(1) : Value::undefined("default");
    return attribute_of(item, arguments.value(0), otherwise);
  };
  std::vector<Keyed> keyed;
  for (const Value& item : counted_items(call))
    keyed.push_back({folded(key_of(item), arguments.truth(2, false)), item});
  sort_keyed(keyed, false, call.scope);
  Items groups;
  for (std::size_t first = 0, at = 0; at < keyed.size(); first = at) {
    Items items;
    for (; at < keyed.size() && equals(keyed[first].key, keyed[at].key); ++at)
      items.push_back(keyed[at].item);
    const Value key = key_of(items[0]);
    groups.push_back(group_of(key, std::move(items)));
  }
  return Value::list(std::move(groups));
}

constexpr std::array<NamedFilter, 6> kOrderFilters{{{"dictsort", filter_dictsort},
                                                    {"groupby", filter_groupby},
                                                    {"max", filter_max},
                                                    {"min", filter_min},
                                                    {"sort", filter_sort},
                                                    {"unique", filter_unique}}};

}  // namespace

std::span<const NamedFilter> order_filters() {
  return kOrderFilters;
}

}  // namespace cfy::templates
