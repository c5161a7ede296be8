#include "ui/table.hpp"

#include <algorithm>
#include <numeric>

#include "base/check.hpp"
#include "ui/printable.hpp"

namespace cfy::ui {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 8;  // a column is not cut below this

}  // namespace

Table::Table(std::vector<std::string> headings, std::vector<Fit> fits)
    : headings_(std::move(headings)), fits_(std::move(fits)) {
  fits_.resize(headings_.size(), Fit::cut);
  if (headings_.size() > 1 && fits_.front() == Fit::cut) fits_.front() = Fit::whole;
}

std::string Table::row_line(const std::vector<std::string>& cells,
                            const std::vector<std::size_t>& widths) const {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string cell =
        fits_[i] == Fit::prefix ? cells[i].substr(0, widths[i]) : cut_to_width(cells[i], widths[i]);
    line += cell + std::string(widths[i] - count_columns(cell) + kGap, ' ');
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

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
  for (std::size_t i = 0; i < widths.size() && total() > style.width; ++i)
    if (fits_[i] == Fit::prefix) widths[i] = std::min(widths[i], kNarrowest);
  while (total() > style.width) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (fits_[i] == Fit::cut && (widest == nullptr || widths[i] > *widest)) widest = &widths[i];
    if (widest == nullptr || *widest <= kNarrowest) break;
    --*widest;
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
