#include "store/migrations.hpp"

#include "store/transaction.hpp"

namespace cfy::store {
namespace {

using base::ErrorKind;
using base::make_error;
using base::Result;

constexpr std::int64_t kApplicationId = 0x63667972;  // "cfyr"

Result<std::string> writer_of(Database& database) {
  Query query = database.query("SELECT value FROM meta WHERE key = 'program_version'");
  auto version = read_first(query, [](Query& row) { return row.text(0); });
  if (!version) return version.error();
  return std::move(*version).value_or("unknown");
}

base::Error newer_error(Database& database, std::int64_t found, int known) {
  const auto writer = writer_of(database);
  return make_error(ErrorKind::state,
                    "the state database '{}' was written by cfy-run {} (schema {}); this is "
                    "cfy-run {}, which knows schemas up to {}; use the newer program, or another "
                    "folder with --state-dir",
                    database.path().string(), writer ? *writer : "of a newer version", found,
                    CFY_VERSION, known);
}

base::Error foreign_error(const Database& database) {
  return make_error(ErrorKind::state,
                    "'{}' is a database of another program, not of cfy-run; name another folder "
                    "with --state-dir",
                    database.path().string());
}

// Version of the schema in the file; 0 for an empty one.
Result<std::int64_t> found_version(Database& database) {
  const auto application = database.number("PRAGMA application_id");
  if (!application) return application.error();
  if (*application == kApplicationId) return database.number("PRAGMA user_version");
  const auto tables = database.number("SELECT count(*) FROM sqlite_master");
  if (!tables) return tables.error();
  if (*application != 0 || *tables != 0) return foreign_error(database);
  return 0;
}

Result<void> apply(Database& database, const Migration& migration) {
  if (auto done = database.execute(migration.sql); !done)
    return std::move(done).error().context(fmt::format("migration {}", migration.name));
  return database.execute(fmt::format("PRAGMA user_version = {}", migration.version).c_str());
}

Result<void> sign(Database& database) {
  if (auto done =
          database.execute(fmt::format("PRAGMA application_id = {}", kApplicationId).c_str());
      !done)
    return done;
  Query query = database.query(
      "INSERT INTO meta (key, value) VALUES ('program_version', ?1) "
      "ON CONFLICT (key) DO UPDATE SET value = excluded.value");
  return query.bind(std::string_view(CFY_VERSION)).run();
}

}  // namespace

Result<void> migrate(Database& database, const std::vector<Migration>& known) {
  const int newest = known.back().version;
  // Only what is good is believed at once: another process may be making the database, and between
  // two looks at it a new one looks like another program's.
  auto found = found_version(database);
  if (found && *found == newest) return {};

  auto transaction = Transaction::begin(database);
  if (!transaction) return transaction.error();
  found = found_version(database);
  if (!found) return found.error();
  if (*found > newest) return newer_error(database, *found, newest);
  for (const Migration& migration : known) {
    if (migration.version <= *found) continue;
    if (auto done = apply(database, migration); !done) return done;
  }
  if (auto done = sign(database); !done) return done;
  return transaction->commit();
}

}  // namespace cfy::store
