// What all list commands share: rows as JSON, printed as an array or as a table of some columns.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "io.hpp"
#include "ui/table.hpp"

namespace cfy::app {

using nlohmann::json;

/// A column of the table: its heading and the member of the row that it shows.
struct Column {
  std::string heading, member;
  ui::Fit fit = ui::Fit::cut;
};

/// Print `rows`, a JSON array of objects. Gives kDone.
int print_rows(Io& io, const json& rows, const std::vector<Column>& columns, bool as_json);

/// Print one object, as JSON or one member a line. Gives kDone.
int print_row(Io& io, const json& row, bool as_json);

}  // namespace cfy::app
