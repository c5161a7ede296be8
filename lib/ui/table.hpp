// Table: rows of texts under headings, for the list commands.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "ui/terminal.hpp"

namespace cfy::ui {

class Table {
 public:
  explicit Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}

  /// As many cells as there are headings. Control characters are escaped.
  void add(std::vector<std::string> cells);
  bool is_empty() const { return rows_.empty(); }

  /// Columns are two blanks apart and as wide as their widest cell. When the style has a width, the
  /// widest columns but the first are cut until a row fits. Lines end without blanks.
  std::string to_text(const Style& style) const;
  void print(std::FILE* out, const Style& style) const;

 private:
  std::vector<std::size_t> column_widths(const Style& style) const;

  std::vector<std::string> headings_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace cfy::ui
