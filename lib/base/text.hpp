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

std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

}  // namespace cfy::base
