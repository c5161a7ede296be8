// Migrations: brings a database to the schema that this program knows, and refuses one of a newer
// program. The SQL lies in schema/ and is embedded when the program is built.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "store/sqlite.hpp"

namespace cfy::store {

struct Migration {
  int version;       ///< 1, 2, ...
  const char* name;  ///< "0001_init"
  const char* sql;
};

/// All that are embedded, oldest first.
const std::vector<Migration>& migrations();

/// Bring the database to the last of `known`, in one transaction; another process may do the same
/// at the same time. Errors, with the file unchanged: state (of a newer program, of another
/// program, damaged, locked, ...).
base::Result<void> migrate(Database& database, const std::vector<Migration>& known);

}  // namespace cfy::store
