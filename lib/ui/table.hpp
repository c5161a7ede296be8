// Table: rows of texts under headings, for the list commands.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "ui/terminal.hpp"

namespace cfy::ui {

/// What may happen to a column whose table is wider than the terminal.
enum class Fit {
  cut,     ///< its cells end with "..."
  prefix,  ///< the first letters of its cells are enough to name what they name
  whole,   ///< nothing
};

class Table {
 public:
  /// @param fits  of the headings; a column without one is cut. The first of several columns is not
  ///              cut but stays whole, as people copy it into their next command.
  explicit Table(std::vector<std::string> headings, std::vector<Fit> fits = {});

  /// As many cells as there are headings. Control characters are escaped.
  void add(std::vector<std::string> cells);
  bool is_empty() const { return rows_.empty(); }

  /// Columns are two blanks apart and as wide as their widest cell. When the style has a width,
  /// prefixes are taken, and then the widest columns are cut until a row fits. Lines end without
  /// blanks.
  std::string to_text(const Style& style) const;
  void print(std::FILE* out, const Style& style) const;

 private:
  std::vector<std::size_t> column_widths(const Style& style) const;

  std::string row_line(const std::vector<std::string>& cells,
                       const std::vector<std::size_t>& widths) const;

  std::vector<std::string> headings_;
  std::vector<Fit> fits_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace cfy::ui
