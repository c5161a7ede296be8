#include "base/names.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace cfy::base {
namespace {

constexpr std::size_t kLongestId = 256;
constexpr std::size_t kLongestPathPart = 255;  // of Linux's file systems
constexpr std::size_t kLongestShown = 60;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_id_character(char c) {
  return is_letter_or_digit(c) || c == '_' || c == '-' || c == '.';
}

// Ids stand in messages: one that is an attack must not write to the terminal.
std::string shown_id(std::string_view id) {
  const std::string text = to_valid_utf8(python_escaped(id.substr(0, kLongestShown), '\''));
  return id.size() > kLongestShown ? text + "..." : text;
}

bool must_be_escaped(char c, bool is_utf8) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F || c == '/' || c == '%' || (byte >= 0x80 && !is_utf8);
}

// Cut where neither an escape nor a character of several bytes is taken apart.
std::string beginning_of(const std::string& escaped, std::size_t length) {
  while (length > 0 && (static_cast<unsigned char>(escaped[length]) & 0xC0) == 0x80)
    --length;
  const std::size_t percent = escaped.rfind('%', length);
  if (percent != std::string::npos && percent + 3 > length) length = std::min(length, percent);
  return escaped.substr(0, length);
}

}  // namespace

Result<void> check_id(std::string_view what, std::string_view id, std::string_view extra) {
  const bool is_good = !id.empty() && id.size() <= kLongestId && id[0] != '.' && id[0] != '-' &&
                       std::all_of(id.begin(), id.end(), [&](char c) {
                         return is_id_character(c) || extra.find(c) != std::string_view::npos;
                       });
  if (is_good) return {};
  std::string characters = "_ - .";
  for (const char c : extra)
    characters += std::string(" ") + c;
  return make_error(ErrorKind::invalid,
                    "{} cannot be called '{}': an id has 1 to {} of the letters a-z and A-Z, "
                    "digits and {}, and does not begin with . or -",
                    what, shown_id(id), kLongestId, characters);
}

std::string to_id(std::string_view name) {
  std::string id;
  bool is_gap = false;
  for (const char c : name) {
    if (id.size() + 1 + static_cast<std::size_t>(is_gap) > kLongestId) break;
    if (!is_id_character(c)) {
      is_gap = true;
      continue;
    }
    if (id.empty() && (c == '.' || c == '-')) continue;
    if (is_gap && !id.empty()) id += '-';
    is_gap = false;
    id += c;
  }
  return id.empty() ? "deployment" : id;
}

std::string to_path_part(std::string_view name) {
  if (name.empty()) return "%";
  const bool is_utf8 = is_valid_utf8(name);
  std::string escaped;
  for (const char c : name) {
    const bool is_first_dot = c == '.' && escaped.empty();
    if (is_first_dot || must_be_escaped(c, is_utf8))
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else
      escaped += c;
  }
  if (escaped.size() <= kLongestPathPart) return escaped;
  Digest digest;
  digest.add(name);
  const std::string ending = "%-" + digest.to_string();  // no escape: no shorter name gives it
  return beginning_of(escaped, kLongestPathPart - ending.size()) + ending;
}

}  // namespace cfy::base
