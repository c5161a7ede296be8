// Filters that take lists and dicts apart, or put them together.
#include <array>

#include "templates/characters.hpp"
#include "templates/filters.hpp"
#include "templates/operators.hpp"

namespace cfy::templates {
namespace {

Value filter_first(const FilterCall& call) {
  const ArgumentReader none(call.name, call.arguments, {});
  const Items items = items_of(call.value);
  return items.empty() ? Value::undefined("the first of nothing") : items.front();
}
Value filter_last(const FilterCall& call) {
  const ArgumentReader none(call.name, call.arguments, {});
  const Items items = items_of(call.value);
  return items.empty() ? Value::undefined("the last of nothing") : items.back();
}

Value filter_length(const FilterCall& call) {
  const ArgumentReader none(call.name, call.arguments, {});
  if (!call.value.is_defined()) return 0;
  if (call.value.is_text()) return count_characters(call.value.str());
  if (const List* list = call.value.as_list()) return list->items.size();
  if (const Dict* dict = call.value.as_dict()) return dict->members.size();
  throw TemplateError(fmt::format("{} has no length", call.value.type()));
}

Value filter_list(const FilterCall& call) {
  const ArgumentReader none(call.name, call.arguments, {});
  return Value::list(counted_items(call));
}

Value filter_join(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"d", "attribute"});
  const std::string between = arguments.text(0, "");
  std::string text;
  bool is_first = true;
  for (const Value& item : counted_items(call)) {
    if (!std::exchange(is_first, false)) text += between;
    text += attribute_of(item, arguments.value(1)).text();
    call.scope.check_size(text.size());
  }
  return text;
}

Value filter_reverse(const FilterCall& call) {
  const ArgumentReader none(call.name, call.arguments, {});
  Items items = counted_items(call);
  std::reverse(items.begin(), items.end());
  if (!call.value.is_text()) return Value::list(std::move(items));
  std::string text;
  for (const Value& one : items)
    text += one.str();
  return text_like(call.value, std::move(text));
}

Value filter_sum(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"attribute", "start"});
  Value sum = arguments.has(1) ? arguments.value(1) : Value(0);
  for (const Value& item : counted_items(call))
    sum = apply_operator("+", sum, attribute_of(item, arguments.value(0)), call.scope);
  return sum;
}

Value filter_items(const FilterCall& call) {
  const ArgumentReader none(call.name, call.arguments, {});
  const Dict* dict = call.value.as_dict();
  if (call.value.is_defined() && dict == nullptr)
    throw TemplateError(fmt::format("'items' needs a dict, not {}", call.value.type()));
  Items pairs;
  if (dict == nullptr) return Value::list({});
  for (const auto& [key, value] : dict->members) {
    call.scope.count_step();
    pairs.push_back(Value::tuple({key, value}));
  }
  return Value::list(std::move(pairs));
}

void fill(Items& items, std::size_t size, const Value& with, Scope& scope) {
  if (items.size() >= size) return;
  scope.count_steps(size - items.size());
  items.resize(size, with);
}

// In rows of so many; the last one may be filled up.
Value filter_batch(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"linecount", "fill_with"});
  const std::int64_t count = to_integer(arguments.needed(0), "the length of a row");
  if (count < 1) throw TemplateError("the rows of 'batch' have one item at least");
  const auto size = static_cast<std::size_t>(count);
  Items rows, row;
  for (const Value& item : counted_items(call)) {
    if (row.size() == size) rows.push_back(Value::list(std::exchange(row, {})));
    row.push_back(item);
  }
  if (row.empty()) return Value::list(std::move(rows));
  if (arguments.has_some(1)) fill(row, size, arguments.value(1), call.scope);
  rows.push_back(Value::list(std::move(row)));
  return Value::list(std::move(rows));
}

// In so many columns; the shorter ones may be filled up.
Value filter_slice(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"slices", "fill_with"});
  const std::int64_t wanted = to_integer(arguments.needed(0), "the number of columns");
  if (wanted < 1) throw TemplateError("'slice' makes one column at least");
  const Items items = counted_items(call);
  const auto count = static_cast<std::size_t>(wanted);
  call.scope.count_steps(count);
  Items columns;
  std::size_t at = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_longer = i < items.size() % count;
    const std::size_t end = at + items.size() / count + (is_longer ? 1 : 0);
    const auto first = items.begin();
    Items column(first + static_cast<std::ptrdiff_t>(at), first + static_cast<std::ptrdiff_t>(end));
    if (arguments.has_some(1) && !is_longer) column.push_back(arguments.value(1));
    columns.push_back(Value::list(std::move(column)));
    at = end;
  }
  return Value::list(std::move(columns));
}

constexpr std::array<NamedFilter, 11> kListFilters{{{"batch", filter_batch},
                                                    {"count", filter_length},
                                                    {"first", filter_first},
                                                    {"items", filter_items},
                                                    {"join", filter_join},
                                                    {"last", filter_last},
                                                    {"length", filter_length},
                                                    {"list", filter_list},
                                                    {"reverse", filter_reverse},
                                                    {"slice", filter_slice},
                                                    {"sum", filter_sum}}};

}  // namespace

std::span<const NamedFilter> list_filters() {
  return kListFilters;
}

}  // namespace cfy::templates
