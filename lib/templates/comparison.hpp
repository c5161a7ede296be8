// Comparing values as Python does.
#pragma once

#include "templates/value.hpp"

namespace cfy::templates {

/// ==: 1 equals 1.0 and True; what is undefined equals only what is undefined.
bool equals(const Value& left, const Value& right);
/// <. Throws TemplateError where the two have no order.
bool is_less(const Value& left, const Value& right);
/// `item in container`. Throws TemplateError for what contains nothing.
bool contains(const Value& container, const Value& item);

}  // namespace cfy::templates
