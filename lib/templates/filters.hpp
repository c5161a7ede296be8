// Filters: value|name(arguments).
#pragma once

#include <span>

#include "templates/scope.hpp"

namespace cfy::templates {

struct FilterCall {
  const std::string& name;
  const Value& value;
  const Arguments& arguments;
  Scope& scope;
};
using Filter = Value (*)(const FilterCall&);

/// Throws TemplateError: an unknown filter (with a guess at what was meant), or what the filter
/// itself refuses.
Value apply_filter(const std::string& name, const Value& value, const Arguments& arguments,
                   Scope& scope);

// The tables, by subject.
struct NamedFilter {
  std::string_view name;
  Filter filter;
};
std::span<const NamedFilter> number_filters();
std::span<const NamedFilter> text_filters();
std::span<const NamedFilter> layout_filters();
std::span<const NamedFilter> markup_filters();
std::span<const NamedFilter> list_filters();
std::span<const NamedFilter> order_filters();
std::span<const NamedFilter> pick_filters();

/// Items, each counted as a step. Throws TemplateError.
Items counted_items(const FilterCall& call);
/// What an argument `attribute` finds in an item: "a.b.0", 0, or the item itself when there is
/// none.
/// @param otherwise  instead of what is not there; undefined: nothing
Value attribute_of(const Value& item, const Value& attribute, const Value& otherwise);
Value attribute_of(const Value& item, const Value& attribute);
/// For comparing without regard to case.
Value folded(const Value& value, bool case_sensitive);
/// A text that is as safe as `like`.
Value text_like(const Value& like, std::string text);

}  // namespace cfy::templates
