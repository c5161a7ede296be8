#include "store/secrets.hpp"

#include <utility>

#include "base/text.hpp"

namespace cfy::store {

using base::ErrorKind;
using base::make_error;
using base::Result;

namespace {

SecretRow read_secret_row(Query& row) {
  return {row.text(0), row.integer(1), row.integer(2)};
}

}  // namespace

base::Error Secrets::unknown(const std::string& name) {
  std::vector<std::string> names;
  if (const auto all = list())
    for (const SecretRow& row : *all)
      names.push_back(row.name);
  const std::string hint = base::did_you_mean(name, names);
  return make_error(ErrorKind::not_found, "there is no secret '{}'{}{}", name,
                    hint.empty() ? "" : "; ", hint);
}

// The old value is to be gone from the file and from its log, not only from the table.
Result<void> Secrets::change(Query& query) {
  if (auto strict = database_.execute("PRAGMA secure_delete = ON"); !strict) return strict;
  auto done = query.run();
  if (auto usual = database_.execute("PRAGMA secure_delete = FAST"); !usual) return usual;
  return done;
}

Result<void> Secrets::set(std::string_view name, std::string_view value, std::int64_t wall_ms) {
  Query query = database_.query(
      "INSERT INTO secrets (name, created_ms, updated_ms, value) VALUES (?1, ?2, ?2, ?3) "
      "ON CONFLICT (name) DO UPDATE SET updated_ms = ?2, value = ?3");
  query.bind(name, wall_ms, value);
  return change(query);
}

Result<std::optional<std::string>> Secrets::find(std::string_view name) {
  Query query = database_.query("SELECT value FROM secrets WHERE name = ?1");
  query.bind(name);
  return read_first(query, [](Query& row) { return row.text(0); });
}

Result<std::string> Secrets::get(const std::string& name) {
  auto found = find(name);
  if (!found) return found.error();
  if (!*found) return unknown(name);
  return **std::move(found);
}

Result<std::vector<SecretRow>> Secrets::list() {
  Query query = database_.query("SELECT name, created_ms, updated_ms FROM secrets ORDER BY name");
  return read_all(query, read_secret_row);
}

Result<std::vector<std::pair<std::string, std::string>>> Secrets::values() {
  Query query = database_.query("SELECT name, value FROM secrets ORDER BY name");
  return read_all(query, [](Query& row) { return std::pair(row.text(0), row.text(1)); });
}

Result<void> Secrets::remove(const std::string& name) {
  {
    Query query = database_.query("DELETE FROM secrets WHERE name = ?1");
    query.bind(std::string_view(name));
    if (auto done = change(query); !done) return done;
    if (database_.changed_rows() == 0) return unknown(name);
  }
  // The log still has it until its pages are used again. Another process that reads may prevent
  // this, and then the log is emptied later.
  (void)database_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  return {};
}

}  // namespace cfy::store
