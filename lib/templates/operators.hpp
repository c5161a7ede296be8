// The operators of expressions, with the meaning they have in Python.
#pragma once

#include <string>

#include "templates/scope.hpp"

namespace cfy::templates {

/// + - * / // % ** ~ == != < <= > >= in; "not in". Throws TemplateError.
Value apply_operator(const std::string& sign, const Value& left, const Value& right, Scope& scope);
Value negate(const Value& value);

/// value.name and value[key]; undefined where there is no such thing. Throws TemplateError when
/// `value` itself is undefined.
Value find_part(const Value& value, const Value& key);
/// value[from:to:step]. Throws TemplateError for what has no places.
Value cut_slice(const Value& value, const Value& from, const Value& to, const Value& step);

}  // namespace cfy::templates
