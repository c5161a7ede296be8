#include "ui/printable.hpp"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "base/text.hpp"

namespace cfy::ui {
namespace {

bool is_continuation(char byte) {
  return (static_cast<std::uint8_t>(byte) & 0xC0) == 0x80;
}

// The code point at the start of valid UTF-8, and its length in bytes.
std::pair<std::uint32_t, std::size_t> decode(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text[0]);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  std::uint32_t point = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i)
    point = (point << 6) | (static_cast<std::uint8_t>(text[i]) & 0x3F);
  return {point, length};
}

bool is_control(std::uint32_t point) {
  return point < 0x20 || (point >= 0x7F && point <= 0x9F);
}

// The marks, embeddings, overrides and isolates of Unicode's bidirectional algorithm.
bool changes_direction(std::uint32_t point) {
  return point == 0x061C || point == 0x200E || point == 0x200F ||
         (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

std::string escape(std::string_view text, std::string_view kept) {
  const std::string valid = base::to_valid_utf8(text);
  std::string shown;
  shown.reserve(valid.size());
  for (std::string_view rest = valid; !rest.empty();) {
    const auto [point, length] = decode(rest);
    if (point < 0x80 && kept.find(rest[0]) != std::string_view::npos)
      shown += rest[0];
    else if (point == '\n')
      shown += "\\n";
    else if (point == '\r')
      shown += "\\r";
    else if (point == '\t')
      shown += "\\t";
    else if (changes_direction(point))
      shown += fmt::format("\\u{:04x}", point);
    else if (is_control(point))
      shown += fmt::format("\\x{:02x}", point);
    else
      shown.append(rest.substr(0, length));
    rest.remove_prefix(length);
  }
  return shown;
}

}  // namespace

std::string escape_controls(std::string_view text) {
  return escape(text, "\n\t");
}

std::string to_one_line(std::string_view text) {
  return escape(text, "");
}

std::string escape_in_json(std::string_view text) {
  // Of all that is escaped here the first byte is one of these. C0 is JSON's own business: between
  // values it is layout, and inside texts it is escaped already.
  constexpr std::string_view kFirstBytes = "\x7F\xC2\xD8\xE2";
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find_first_of(kFirstBytes), text.size());
    shown.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    const auto [point, length] = decode(text);
    if (is_control(point) || changes_direction(point))
      shown += fmt::format("\\u{:04x}", point);
    else
      shown.append(text.substr(0, length));
    text.remove_prefix(length);
  }
  return shown;
}

std::size_t count_columns(std::string_view text) {
  std::size_t columns = 0;
  for (const char byte : text)
    columns += is_continuation(byte) ? 0 : 1;
  return columns;
}

std::string cut_to_width(std::string_view text, std::size_t width) {
  if (width == 0 || count_columns(text) <= width) return std::string(text);
  constexpr std::string_view kMark = "...";
  const std::size_t kept = width > kMark.size() ? width - kMark.size() : 0;
  std::size_t columns = 0, end = 0;
  while (end < text.size()) {
    if (!is_continuation(text[end]) && columns++ == kept) break;
    ++end;
  }
  return std::string(text.substr(0, end)) + std::string(kMark.substr(0, width));
}

}  // namespace cfy::ui
