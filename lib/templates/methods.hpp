// What templates may call: range() and dict(), and a few methods of Python's texts and dicts.
#pragma once

#include "templates/expression.hpp"

namespace cfy::templates {

/// Both throw TemplateError for what there is not.
Value call_function(const std::string& name, const Arguments& arguments, Scope& scope);
Value call_method(const std::string& name, const Value& value, const Arguments& arguments,
                  Scope& scope);

}  // namespace cfy::templates
