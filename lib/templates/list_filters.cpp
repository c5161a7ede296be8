// Filters for lists and dicts.
#include <array>

#include "base/text.hpp"
#include "templates/filters.hpp"
#include "templates/operators.hpp"
#include "templates/value_tests.hpp"

namespace cfy::templates {
namespace {

json as_list(const FilterCall& call) {
  json list = json::array();
  for (const Value& item : items_of(call.value)) {
    call.scope.count_step();
    list.push_back(item.get());
  }
  return list;
}

// "a.b.0" of an item, as the arguments `attribute` have it.
Value attribute_of(const Value& item, const Value& attribute) {
  if (!attribute.is_defined() || attribute.get().is_null()) return item;
  if (is_integer(attribute.get())) return find_part(item, attribute.get());
  Value found = item;
  for (const std::string& name : base::split(to_text(attribute.get(), "an attribute"), '.')) {
    const bool is_index = !name.empty() &&
                          name.find_first_not_of("0123456789") == std::string::npos &&
                          name.size() < 10;
    found = find_part(found, is_index ? json(std::stoll(name)) : json(name));
  }
  return found;
}

json lowered(const json& value, bool case_sensitive) {
  if (case_sensitive || !value.is_string()) return value;
  std::string text = value.get<std::string>();
  for (char& byte : text)
    if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte - 'A' + 'a');
  return text;
}

Value filter_first(const FilterCall& call) {
  const auto items = items_of(call.value);
  return items.empty() ? Value::undefined("the first of nothing") : items.front();
}
Value filter_last(const FilterCall& call) {
  const auto items = items_of(call.value);
  return items.empty() ? Value::undefined("the last of nothing") : items.back();
}
Value filter_length(const FilterCall& call) {
  const json& data = call.value.get();
  if (data.is_string()) return json(characters(data.get<std::string>()).size());
  if (!data.is_structured()) throw TemplateError(fmt::format("{} has no length", type_name(data)));
  return json(data.size());
}
Value filter_list(const FilterCall& call) {
  return as_list(call);
}

Value filter_join(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"d", "attribute"});
  const std::string between = arguments.text(0, "");
  std::string text;
  bool is_first = true;
  for (const Value& item : items_of(call.value)) {
    call.scope.count_step();
    if (!std::exchange(is_first, false)) text += between;
    text += attribute_of(item, arguments.value(1)).text();
    call.scope.check_size(text.size());
  }
  return json(std::move(text));
}

Value filter_reverse(const FilterCall& call) {
  json list = as_list(call);
  std::reverse(list.begin(), list.end());
  if (!call.value.is_defined() || !call.value.get().is_string()) return list;
  std::string text;
  for (const json& one : list)
    text += one.get_ref<const std::string&>();
  return json(std::move(text));
}

// Items with the keys they are ordered by; equal ones keep their order.
Value filter_sort(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments,
                                 {"reverse", "case_sensitive", "attribute"});
  std::vector<std::pair<json, json>> keyed;
  for (const Value& item : items_of(call.value)) {
    call.scope.count_step();
    keyed.emplace_back(
        lowered(attribute_of(item, arguments.value(2)).get(), arguments.truth(1, false)),
        item.get());
  }
  const bool reversed = arguments.truth(0, false);
  std::stable_sort(keyed.begin(), keyed.end(), [reversed](const auto& left, const auto& right) {
    return reversed ? is_less(right.first, left.first) : is_less(left.first, right.first);
  });
  json list = json::array();
  for (auto& [key, item] : keyed)
    list.push_back(std::move(item));
  return list;
}

Value filter_unique(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"case_sensitive", "attribute"});
  json seen = json::array(), list = json::array();
  for (const Value& item : items_of(call.value)) {
    json key = lowered(attribute_of(item, arguments.value(1)).get(), arguments.truth(0, false));
    bool is_new = true;
    for (const json& one : seen) {
      call.scope.count_step();
      if (equals(one, key)) is_new = false;
    }
    if (!is_new) continue;
    seen.push_back(std::move(key));
    list.push_back(item.get());
  }
  return list;
}

Value extreme(const FilterCall& call, bool wants_largest) {
  const ArgumentReader arguments(call.name, call.arguments, {"case_sensitive", "attribute"});
  Value best = Value::undefined("the extreme of nothing");
  json best_key;
  for (const Value& item : items_of(call.value)) {
    call.scope.count_step();
    json key = lowered(attribute_of(item, arguments.value(1)).get(), arguments.truth(0, false));
    if (best.is_defined() && !(wants_largest ? is_less(best_key, key) : is_less(key, best_key)))
      continue;
    best = item;
    best_key = std::move(key);
  }
  return best;
}
Value filter_min(const FilterCall& call) {
  return extreme(call, false);
}
Value filter_max(const FilterCall& call) {
  return extreme(call, true);
}

Value filter_sum(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"attribute", "start"});
  Value sum = arguments.has(1) ? arguments.value(1) : Value(json(0));
  for (const Value& item : items_of(call.value)) {
    call.scope.count_step();
    sum = apply_operator("+", sum, attribute_of(item, arguments.value(0)), call.scope);
  }
  return sum;
}

Value filter_items(const FilterCall& call) {
  json list = json::array();
  if (!call.value.is_defined()) return list;
  if (!call.value.get().is_object())
    throw TemplateError(
        fmt::format("'{}' needs a dict, not {}", call.name, type_name(call.value.get())));
  for (const auto& [key, value] : call.value.get().items()) {
    call.scope.count_step();
    list.push_back(json::array({key, value}));
  }
  return list;
}

Value filter_dictsort(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"case_sensitive", "by", "reverse"});
  const std::string by = arguments.text(1, "key");
  if (by != "key" && by != "value") throw TemplateError("'dictsort' sorts by key or by value");
  const Value pairs = filter_items({call.name, call.value, {}, call.scope});
  Arguments order;
  order.named = {{"attribute", json(by == "key" ? 0 : 1)},
                 {"case_sensitive", json(arguments.truth(0, false))},
                 {"reverse", json(arguments.truth(2, false))}};
  return filter_sort({call.name, pairs, order, call.scope});
}

// map("upper"), map(attribute="name", default=...)
Value filter_map(const FilterCall& call) {
  Arguments rest = call.arguments;
  json list = json::array();
  const bool by_filter = !rest.positional.empty();
  const std::string name =
      by_filter ? to_text(rest.positional[0].get(), "the name of a filter") : "";
  if (by_filter) rest.positional.erase(rest.positional.begin());
  for (const Value& item : items_of(call.value)) {
    call.scope.count_step();
    if (by_filter) {
      list.push_back(apply_filter(name, item, rest, call.scope).get());
      continue;
    }
    const ArgumentReader arguments(call.name, rest, {"attribute", "default"});
    arguments.needed(0);
    const Value found = attribute_of(item, arguments.value(0));
    list.push_back(!found.is_defined() && arguments.has(1) ? arguments.value(1).get()
                                                           : found.get());
  }
  return list;
}

// select("odd"), rejectattr("state", "equalto", "up"), ...
Value picked(const FilterCall& call, bool wants, bool by_attribute) {
  Arguments rest = call.arguments;
  Value attribute = Value::undefined("");
  if (by_attribute) {
    if (rest.positional.empty())
      throw TemplateError(fmt::format("'{}' needs the name of an attribute", call.name));
    attribute = rest.positional[0];
    rest.positional.erase(rest.positional.begin());
  }
  std::string test;
  if (!rest.positional.empty()) {
    test = to_text(rest.positional[0].get(), "the name of a test");
    rest.positional.erase(rest.positional.begin());
  }
  json list = json::array();
  for (const Value& item : items_of(call.value)) {
    call.scope.count_step();
    const Value value = attribute_of(item, attribute);
    const bool passes = test.empty() ? value.is_true() : passes_test(test, value, rest);
    if (passes == wants) list.push_back(item.get());
  }
  return list;
}
Value filter_select(const FilterCall& call) {
  return picked(call, true, false);
}
Value filter_reject(const FilterCall& call) {
  return picked(call, false, false);
}
Value filter_selectattr(const FilterCall& call) {
  return picked(call, true, true);
}
Value filter_rejectattr(const FilterCall& call) {
  return picked(call, false, true);
}

struct NamedList {
  std::string_view name;
  Filter filter;
};
constexpr std::array<NamedList, 19> kListFilters{{{"count", filter_length},
                                                  {"dictsort", filter_dictsort},
                                                  {"first", filter_first},
                                                  {"items", filter_items},
                                                  {"join", filter_join},
                                                  {"last", filter_last},
                                                  {"length", filter_length},
                                                  {"list", filter_list},
                                                  {"map", filter_map},
                                                  {"max", filter_max},
                                                  {"min", filter_min},
                                                  {"reject", filter_reject},
                                                  {"rejectattr", filter_rejectattr},
                                                  {"reverse", filter_reverse},
                                                  {"select", filter_select},
                                                  {"selectattr", filter_selectattr},
                                                  {"sort", filter_sort},
                                                  {"sum", filter_sum},
                                                  {"unique", filter_unique}}};

}  // namespace

Filter find_list_filter(std::string_view name) {
  for (const NamedList& one : kListFilters)
    if (one.name == name) return one.filter;
  return nullptr;
}

std::vector<std::string> list_filter_names() {
  std::vector<std::string> names;
  for (const NamedList& one : kListFilters)
    names.emplace_back(one.name);
  return names;
}

}  // namespace cfy::templates
