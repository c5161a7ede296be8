// Text of others made safe to show. An operation's output may hold anything; escape sequences in it
// must not reach the terminal, where they could rewrite what was said before.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cfy::ui {

/// Control characters (C0, DEL, C1), marks that change the direction of text, and bytes that are
/// not UTF-8 as \x1b or \u202e; line ends and tabs stay.
std::string escape_controls(std::string_view text);

/// The same on one line: line ends and tabs become \n, \r and \t.
std::string to_one_line(std::string_view text);

/// A text that is JSON, in UTF-8, with such characters as \u009b: who reads it as JSON gets the
/// same values, and a terminal obeys none of them.
std::string escape_in_json(std::string_view text);

/// Number of code points, which is the number of columns for most scripts. `text` is UTF-8.
std::size_t count_columns(std::string_view text);

/// At most `width` columns, the end replaced by "..." when something is cut. 0: no limit.
std::string cut_to_width(std::string_view text, std::size_t width);

}  // namespace cfy::ui
