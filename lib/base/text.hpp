// Small things about text that several rooms need.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cfy::base {

/// The candidate a person most likely meant when writing `word`, or nothing when none is near
/// (more than a third of the letters differ). Cost: O(candidates * length^2).
std::optional<std::string> find_near_name(std::string_view word,
                                          const std::vector<std::string>& candidates);

/// "did you mean 'x'?", or an empty text.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

/// `text` with every byte that is not part of valid UTF-8 written as \xNN, so that any bytes of an
/// operation can go to JSON, SQLite and a terminal.
std::string to_valid_utf8(std::string_view text);
bool is_valid_utf8(std::string_view text);

/// `text` as it stands between single quotes in a shell's command, without these.
std::string shell_escaped(std::string_view text);
/// One word of a shell's command: between single quotes.
std::string shell_quoted(std::string_view text);

/// `text` as Python's repr() writes it between two `quote`, without these.
std::string python_escaped(std::string_view text, char quote);
/// `text` as Python's repr() shows it: '...', or "..." when that saves escapes.
std::string python_quoted(std::string_view text);

std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

}  // namespace cfy::base
