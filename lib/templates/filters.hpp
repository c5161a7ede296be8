// Filters: value|name(arguments).
#pragma once

#include "templates/expression.hpp"

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

// The tables, by subject; nullptr when the name is not there.
Filter find_text_filter(std::string_view name);
Filter find_list_filter(std::string_view name);
std::vector<std::string> text_filter_names();
std::vector<std::string> list_filter_names();

}  // namespace cfy::templates
