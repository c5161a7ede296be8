// Texts and numbers as they stand in expressions.
#pragma once

#include <string_view>

#include "templates/value.hpp"

namespace cfy::templates {

/// What stands between the quotes, with Python's escapes. Throws TemplateError for broken ones, and
/// for \N{name}.
std::string unescape(std::string_view text);

/// Where the number at a place of a text ends: 12, 1_000, 0x1f, 0o17, 0b1, 1.5, 1e6.
/// @param is_index  it stands behind a point: "a.0.1" has no 0.1
std::size_t end_of_number(std::string_view text, std::size_t at, bool is_index);
/// Throws TemplateError for what does not fit.
Value parse_number_literal(std::string_view text);

}  // namespace cfy::templates
