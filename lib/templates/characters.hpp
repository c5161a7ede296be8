// Characters and lines of texts, as Python counts and cuts them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cfy::templates {

/// What Python takes for blank, as far as it is ASCII.
inline constexpr std::string_view kBlanks = " \t\n\r\v\f\x1c\x1d\x1e\x1f";

/// The characters of a text, each a text of its own. Bytes that are not UTF-8 count as one each.
/// Throws TemplateError when there are millions.
std::vector<std::string> characters(const std::string& text);
std::size_t count_characters(const std::string& text);
/// The one at a Python index, which may count from the end; nothing when outside.
std::optional<std::string> character_at(const std::string& text, std::int64_t index);

/// Python's splitlines(). Throws TemplateError when there are millions.
/// @param keeps_ends  whether the lines keep what ended them
std::vector<std::string> lines_of(const std::string& text, bool keeps_ends = false);

bool is_digit(char byte);
bool is_letter(char byte);  ///< of ASCII
char upper(char byte);
char lower(char byte);
std::string upper(std::string text);
std::string lower(std::string text);
/// Whether the byte belongs to a word: letters, digits, '_' and whatever is not ASCII.
bool is_word(char byte);

/// UTF-8 of a character. Throws TemplateError for what is none.
std::string to_utf8(std::uint32_t code);

}  // namespace cfy::templates
