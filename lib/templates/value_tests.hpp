// Tests: value is name(arguments).
#pragma once

#include "templates/scope.hpp"

namespace cfy::templates {

/// Throws TemplateError: an unknown test, or one that makes no sense for the value.
bool passes_test(const std::string& name, const Value& value, const Arguments& arguments,
                 Scope& scope);

}  // namespace cfy::templates
