// Tables of templates and what they become.
#pragma once

#include <vector>

namespace cfy::test {

struct Row {
  const char* text;
  const char* expected;  ///< "error: ..." for what fails
};

/// Renders each text with the variables of table.cpp as the file "t".
void check_table(const std::vector<Row>& table);

}  // namespace cfy::test
