#include "templates/characters.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "templates/value.hpp"

namespace cfy::templates {
namespace {

// The bytes of the character at a place of a text.
std::size_t length_at(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  length = std::min(length, text.size() - at);
  for (std::size_t i = 1; i < length; ++i)
    if ((static_cast<unsigned char>(text[at + i]) & 0xC0U) != 0x80) return 1;
  return length;
}

// The bytes of the line end at a place of a text; 0: there is none.
std::size_t line_end_at(std::string_view text, std::size_t at) {
  static constexpr std::array<std::string_view, 11> kEnds{
      "\r\n", "\n",   "\r",       "\v",           "\f",          "\x1c",
      "\x1d", "\x1e", "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"};
  for (const std::string_view end : kEnds)
    if (text.compare(at, end.size(), end) == 0) return end.size();
  return 0;
}

// More pieces than this would take too much memory.
constexpr std::size_t kMostPieces = 1'000'000;

void add(std::string piece, std::vector<std::string>& pieces) {
  if (pieces.size() >= kMostPieces)
    throw TemplateError(fmt::format("the text has more than {} characters or lines", kMostPieces));
  pieces.push_back(std::move(piece));
}

}  // namespace

std::vector<std::string> characters(const std::string& text) {
  std::vector<std::string> found;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = length_at(text, at);
    add(text.substr(at, length), found);
    at += length;
  }
  return found;
}

std::size_t count_characters(const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += length_at(text, at))
    ++count;
  return count;
}

std::optional<std::string> character_at(const std::string& text, std::int64_t index) {
  if (index < 0) index += static_cast<std::int64_t>(count_characters(text));
  if (index < 0) return std::nullopt;
  std::size_t at = 0;
  for (; at < text.size() && index > 0; --index)
    at += length_at(text, at);
  return at < text.size() ? std::optional(text.substr(at, length_at(text, at))) : std::nullopt;
}

std::vector<std::string> lines_of(const std::string& text, bool keeps_ends) {
  std::vector<std::string> lines;
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = line_end_at(text, at);
    if (end > 0) {
      add(text.substr(start, at - start + (keeps_ends ? end : 0)), lines);
      start = at + end;
    }
    at += std::max<std::size_t>(end, 1);
  }
  if (start < text.size()) lines.push_back(text.substr(start));
  return lines;
}

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}
bool is_letter(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}
char upper(char byte) {
  return byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 'a' + 'A') : byte;
}
char lower(char byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}
std::string upper(std::string text) {
  for (char& byte : text)
    byte = upper(byte);
  return text;
}
std::string lower(std::string text) {
  for (char& byte : text)
    byte = lower(byte);
  return text;
}
bool is_word(char byte) {
  return is_letter(byte) || is_digit(byte) || byte == '_' ||
         static_cast<unsigned char>(byte) >= 0x80;
}

std::string to_utf8(std::uint32_t code) {
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
    throw TemplateError(fmt::format("there is no character with the code {:x}", code));
  const auto tail = [code](unsigned shift) {
    return static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
  };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xC0U | (code >> 6U)), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0U | (code >> 12U)), tail(6), tail(0)};
  return {static_cast<char>(0xF0U | (code >> 18U)), tail(12), tail(6), tail(0)};
}

}  // namespace cfy::templates
