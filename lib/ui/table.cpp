#include "ui/table.hpp"

#include <algorithm>
#include <numeric>

#include "base/check.hpp"
#include "ui/printable.hpp"

namespace cfy::ui {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 8;  // a column is not cut below this

std::string row_line(const std::vector<std::string>& cells,
                     const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string cell = cut_to_width(cells[i], widths[i]);
    line += cell + std::string(widths[i] - count_columns(cell) + kGap, ' ');
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

void Table::add(std::vector<std::string> cells) {
  CFY_ASSERT(cells.size() == headings_.size());
  for (std::string& cell : cells)
    cell = to_one_line(cell);
  rows_.push_back(std::move(cells));
}

std::vector<std::size_t> Table::column_widths(const Style& style) const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < headings_.size(); ++i) {
    std::size_t width = count_columns(headings_[i]);
    for (const auto& row : rows_)
      width = std::max(width, count_columns(row[i]));
    widths.push_back(width);
  }
  if (style.width == 0) return widths;
  const auto total = [&] {
    return std::accumulate(widths.begin(), widths.end(), (widths.size() - 1) * kGap);
  };
  while (total() > style.width) {
    // Never the first column: it names the row, and people copy it into their next command.
    const auto first = widths.begin() + (widths.size() > 1 ? 1 : 0);
    std::size_t& widest = *std::max_element(first, widths.end());
    if (widest <= kNarrowest) break;
    --widest;
  }
  return widths;
}

std::string Table::to_text(const Style& style) const {
  const std::vector<std::size_t> widths = column_widths(style);
  std::string text = paint(style, Color::bold, row_line(headings_, widths)) + '\n';
  for (const auto& row : rows_)
    text += row_line(row, widths) + '\n';
  return text;
}

void Table::print(std::FILE* out, const Style& style) const {
  const std::string text = to_text(style);
  std::fwrite(text.data(), 1, text.size(), out);
}

}  // namespace cfy::ui
