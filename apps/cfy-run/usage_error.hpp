// What is wrong with a command line that could not be read, and what would be right.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace cfy::app {

/// The first word is no command. CLI11 shows the general help when --help follows.
bool has_unknown_command(const CLI::App& root);

/// One sentence, with the nearest name where a name is wrong, and the help to look at.
///
/// @param root   as far as it was read
/// @param error  with which that ended
/// @param words  of the command line, without the program's name
std::string explain_usage_error(const CLI::App& root, const CLI::ParseError& error,
                                const std::vector<std::string>& words);

}  // namespace cfy::app
