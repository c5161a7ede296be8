#include "ui/source_excerpt.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "ui/printable.hpp"

namespace cfy::ui {
namespace {

constexpr std::size_t kWidthInPipes = 160;
constexpr std::size_t kNumberWidth = 5;
constexpr std::size_t kMargin = kNumberWidth + 3;  // "   14 | "
constexpr std::string_view kCut = "...";

// Where the code point number `index` begins.
std::size_t byte_offset(std::string_view line, std::size_t index) {
  std::size_t at = 0;
  for (; at < line.size(); ++at)
    if ((static_cast<unsigned char>(line[at]) & 0xC0) != 0x80 && index-- == 0) break;
  return at;
}

// One printable character for each code point, so that columns stay where they were.
std::string printable(std::string_view line) {
  std::string shown;
  while (!line.empty()) {
    const std::size_t length = byte_offset(line, 1);
    const std::string character(line.substr(0, length));
    if (character == "\t")
      shown += ' ';
    else
      shown += to_one_line(character) == character ? character : "?";
    line.remove_prefix(length);
  }
  return shown;
}

struct Window {
  std::size_t first, last;  // columns shown, last excluded
};

// As much of the line as fits, with the caret in its first third.
Window choose_window(std::size_t line_columns, std::size_t caret, std::size_t room) {
  if (line_columns <= room) return {0, line_columns};
  std::size_t first = caret > room / 3 ? caret - room / 3 : 0;
  first = std::min(first, line_columns - room);
  return {first, first + room};
}

// Where the marked stretch ends on its first line.
std::size_t mark_end(const base::SourceRange& range, std::size_t caret, std::size_t line_columns) {
  const bool is_on_one_line = range.end_line == 0 || range.end_line == range.line;
  const std::size_t end =
      is_on_one_line && range.end_column > 0 ? range.end_column - 1 : line_columns;
  return std::max(std::min(end, line_columns), caret + 1);
}

}  // namespace

std::string source_excerpt(const base::SourceMap& sources, const base::SourceRange& range,
                           std::size_t width) {
  if (!range.is_known() || range.line == 0) return {};
  const std::string_view whole = sources.line_text(range.file, range.line);
  const std::size_t total = width == 0 ? kWidthInPipes : width;
  const std::size_t room = std::max(total, kMargin + 20) - kMargin - 2 * (kCut.size() + 1);
  const std::size_t caret = range.column > 0 ? range.column - 1 : 0;
  const std::size_t columns = count_columns(whole);

  const Window window = choose_window(columns, std::min(caret, columns), room);
  const bool is_cut_before = window.first > 0;
  const bool is_cut_after = window.last < columns;
  std::string_view part = whole.substr(byte_offset(whole, window.first));
  part = part.substr(0, byte_offset(part, window.last - window.first));
  std::string shown = printable(part);
  if (is_cut_before) shown = fmt::format("{} {}", kCut, shown);
  if (is_cut_after) shown += fmt::format(" {}", kCut);

  const std::size_t offset = is_cut_before ? kCut.size() + 1 : 0;
  const std::size_t start = caret - std::min(caret, window.first) + offset;
  const std::size_t end =
      std::min(mark_end(range, caret, columns), std::max(window.last, caret + 1));
  return fmt::format("{:>{}} | {}\n{:>{}} | {}{}\n", range.line, kNumberWidth, shown, "",
                     kNumberWidth, std::string(start, ' '), std::string(end - caret, '^'));
}

}  // namespace cfy::ui
