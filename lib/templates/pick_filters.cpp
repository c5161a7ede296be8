// Filters that look at each item of a list: map, select, reject and theirs with attributes.
#include <array>

#include "templates/filters.hpp"
#include "templates/value_tests.hpp"

namespace cfy::templates {
namespace {

// map("upper"), map(attribute="name", default=...)
Value filter_map(const FilterCall& call) {
  Arguments rest = call.arguments;
  Items items;
  if (rest.positional.empty()) {
    const ArgumentReader arguments(call.name, rest, {"attribute", "default"});
    arguments.needed(0);
    const Value otherwise =
        arguments.has_some(1) ? arguments.value(1) : Value::undefined("default");
    for (const Value& item : counted_items(call))
      items.push_back(attribute_of(item, arguments.value(0), otherwise));
    return Value::list(std::move(items));
  }
  const std::string name = to_text(rest.positional[0], "the name of a filter");
  rest.positional.erase(rest.positional.begin());
  for (const Value& item : counted_items(call))
    items.push_back(apply_filter(name, item, rest, call.scope));
  return Value::list(std::move(items));
}

// select("odd"), rejectattr("state", "equalto", "up"), ...
Value picked(const FilterCall& call, bool wants, bool by_attribute) {
  Arguments rest = call.arguments;
  Value attribute = Value::undefined("attribute");
  if (by_attribute) {
    if (rest.positional.empty())
      throw TemplateError(fmt::format("'{}' needs the name of an attribute", call.name));
    attribute = rest.positional[0];
    rest.positional.erase(rest.positional.begin());
  }
  std::string test;
  if (!rest.positional.empty()) {
    test = to_text(rest.positional[0], "the name of a test");
    rest.positional.erase(rest.positional.begin());
  }
  Items items;
  for (const Value& item : counted_items(call)) {
    const Value value = attribute_of(item, attribute);
    const bool passes = test.empty() ? value.is_true() : passes_test(test, value, rest, call.scope);
    if (passes == wants) items.push_back(item);
  }
  return Value::list(std::move(items));
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

constexpr std::array<NamedFilter, 5> kPickFilters{{{"map", filter_map},
                                                   {"reject", filter_reject},
                                                   {"rejectattr", filter_rejectattr},
                                                   {"select", filter_select},
                                                   {"selectattr", filter_selectattr}}};

}  // namespace

std::span<const NamedFilter> pick_filters() {
  return kPickFilters;
}

}  // namespace cfy::templates
