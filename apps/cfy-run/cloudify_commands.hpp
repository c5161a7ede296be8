// Commands of Cloudify's own `cfy`, for those who come from there: what they are called here.
// Knows the words of a command line only, not what a command does.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace cfy::app {

/// One sentence for a command that is there in Cloudify only, with the command to use instead: its
/// arguments translated where all of them are known, else its form. Nothing for other words.
///
/// @param words  of the command line, without the program's name
std::optional<std::string> explain_cloudify_command(const std::vector<std::string>& words);

}  // namespace cfy::app
