#include "listing.hpp"

#include "report.hpp"
#include "rows.hpp"
#include "ui/event_format.hpp"

namespace cfy::app {
namespace {

std::string cell(const json& row, const std::string& member) {
  const auto value = row.find(member);
  if (value == row.end() || value->is_null()) return {};
  if (value->is_string()) return value->get<std::string>();
  return value->dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

int print_rows(Io& io, const json& rows, const std::vector<Column>& columns, bool as_json) {
  if (as_json) {
    ui::print_json_line(io.out, rows);
    return kDone;
  }
  std::vector<std::string> headings;
  std::vector<ui::Fit> fits;
  for (const Column& column : columns) {
    headings.push_back(column.heading);
    fits.push_back(column.fit);
  }
  ui::Table table(std::move(headings), std::move(fits));
  for (const json& row : rows) {
    std::vector<std::string> cells;
    for (const Column& column : columns)
      cells.push_back(cell(row, column.member));
    table.add(std::move(cells));
  }
  table.print(io.out, style_of(io, io.out));
  return kDone;
}

int print_row(Io& io, const json& row, bool as_json) {
  if (as_json)
    ui::print_json_line(io.out, row);
  else
    print_fields(io.out, row);
  return kDone;
}

}  // namespace cfy::app
