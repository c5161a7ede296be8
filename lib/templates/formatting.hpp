// Python's two ways to put values into a text: "%s:%d" and "{}:{}".
#pragma once

#include "templates/scope.hpp"

namespace cfy::templates {

/// format % values. Into a safe text, values go escaped.
/// @param values  a tuple: one after the other; a dict: "%(name)s"; else the only one
/// Throws TemplateError, also for kinds of Python's that are not known here.
Value format_percent(const Value& format, const Value& values, Scope& scope);

/// format.format(arguments). Throws TemplateError, as above.
std::string format_braces(const std::string& format, const Arguments& arguments, Scope& scope);

/// How a number or a text is set: "08.2f", "<10".
struct Layout {
  std::string fill = " ";
  char align = 0;  ///< < > ^ =; 0: as the type has it
  char sign = '-';
  bool has_prefix = false;  ///< 0x, 0o, 0b
  bool has_commas = false;
  std::size_t width = 0;
  int precision = -1;
  char type = 0;
};

/// Integers as b c d o x X, numbers as e E f F g G %. Throws TemplateError for other types.
std::string lay_out_number(const Value& number, const Layout& layout);
/// Cut by the precision and filled to the width.
std::string lay_out_text(const std::string& text, const Layout& layout);
/// A width or precision. Throws TemplateError when it is larger than anything sensible.
int parse_extent(std::string_view text, std::size_t& at);

}  // namespace cfy::templates
