// Database and Query: SQLite with our errors, our value types and prepared statements kept for the
// life of the connection. The only header that shows sqlite3.h. Knows no table.
#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include "base/error.hpp"

namespace cfy::store {

/// A JSON value on its way into a column: `query.bind(id, as_json(plan))`.
struct JsonText {
  std::string text;
};
/// Bytes that are not UTF-8 are replaced, never refused.
JsonText as_json(const nlohmann::json& value);

class Database;

/// One run of a statement. Leaves the statement ready for the next run when it goes.
/// Texts that are bound must live until the last step.
class Query {
 public:
  Query(Database& database, sqlite3_stmt* statement, int error_code);
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  /// Give ?1, ?2, ... their values, all in order.
  template <typename... Args>
  Query& bind(const Args&... args) {
    int index = 0;
    (put(++index, args), ...);
    return *this;
  }

  /// The next row: false when there is none.
  base::Result<bool> step();
  /// For statements that give no rows.
  base::Result<void> run();

  /// SQL null is 0. What is no number makes is_damaged() true.
  std::int64_t integer(int column);
  std::string_view text_view(int column) const;  ///< valid until the next step
  std::string text(int column) const { return std::string(text_view(column)); }
  bool is_null(int column) const;
  std::optional<std::int64_t> optional_integer(int column);
  std::optional<std::string> optional_text(int column) const;

  /// Say what is read, before the first JSON column: damage is told with it.
  ///
  /// @param table      a literal
  /// @param id_column  that tells the row
  void identify(const char* table, int id_column) {
    table_ = table;
    id_column_ = id_column;
  }
  /// SQL null is JSON null. These three make is_damaged() true when the text is no JSON; or, with
  /// an empty value in its place, when it is of another shape.
  nlohmann::json json(int column);
  nlohmann::json object(int column);
  nlohmann::json shaped(int column, bool (*is_right)(const nlohmann::json&));

  bool is_damaged() const { return !damage_.empty(); }
  base::Error damage_error() const;

 private:
  template <std::integral T>
  void put(int index, T value) {
    note(sqlite3_bind_int64(statement_, index, static_cast<sqlite3_int64>(value)));
  }
  void put(int index, std::string_view value);
  void put(int index, const JsonText& value);
  void put(int index, std::nullptr_t) { note(sqlite3_bind_null(statement_, index)); }
  template <typename T>
  void put(int index, const std::optional<T>& value) {
    if (value)
      put(index, *value);
    else
      put(index, nullptr);
  }
  void note(int code) {
    if (code_ == SQLITE_OK) code_ = code;
  }
  void note_damage(int column, std::string_view why);

  Database& database_;
  sqlite3_stmt* statement_;
  int code_;  // the first thing that went wrong before step()
  const char* table_ = "";
  int id_column_ = 0;
  std::string damage_;  // the first that was found, in words
};

/// One connection. Used by one thread at a time; other processes may use the file meanwhile.
class Database {
 public:
  /// Open or create the file. Nothing is read yet: a file that is no database shows at the first
  /// statement. One on a read-only file system can be read.
  /// @param busy_timeout_ms  how long a statement waits for another process's lock
  static base::Result<std::unique_ptr<Database>> open(const std::filesystem::path& path,
                                                      int busy_timeout_ms);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// A statement that is kept, found again by the *address* of `sql`: pass literals or constants,
  /// never text made at run time.
  Query query(const char* sql);

  /// Run a script of any number of statements.
  base::Result<void> execute(const char* script);

  /// The one number that `sql` gives.
  base::Result<std::int64_t> number(const char* sql);

  /// Whether the last statement failed because another process holds a lock.
  bool is_busy() const { return (sqlite3_errcode(handle_) & 0xFF) == SQLITE_BUSY; }
  /// Whether the file is not at its path any more, or not whole: it was removed, another was put in
  /// its place, or somebody has cut it off.
  bool has_moved();
  bool is_read_only() const { return is_read_only_; }
  bool in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
  std::int64_t changed_rows() const { return sqlite3_changes64(handle_); }
  std::int64_t last_row_id() const { return sqlite3_last_insert_rowid(handle_); }
  const std::filesystem::path& path() const { return path_; }

  /// For has_moved().
  base::Error moved_error() const;
  /// What SQLite's result code means for the user; names the file. Always ErrorKind::state.
  base::Error error(int code) const;
  /// The file can be read, but what it holds makes no sense. @param where  the row, in words
  base::Error damage_error(std::string_view where) const;

 private:
  explicit Database(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
  std::int64_t size_ = 0;  // of the file, which never shrinks
  int busy_timeout_ms_ = 0;
  bool is_read_only_ = false;
  sqlite3* handle_ = nullptr;
  std::unordered_map<const void*, sqlite3_stmt*> statements_;
};

/// All rows, each read by `read(query)`.
template <typename Read>
auto read_all(Query& query, Read read) -> base::Result<std::vector<decltype(read(query))>> {
  std::vector<decltype(read(query))> rows;
  for (;;) {
    const auto more = query.step();
    if (!more) return more.error();
    if (!*more) return rows;
    rows.push_back(read(query));
    if (query.is_damaged()) return query.damage_error();
  }
}

/// The first row, or nothing.
template <typename Read>
auto read_first(Query& query, Read read) -> base::Result<std::optional<decltype(read(query))>> {
  using Row = decltype(read(query));
  const auto more = query.step();
  if (!more) return more.error();
  if (!*more) return std::optional<Row>();
  std::optional<Row> row(read(query));
  if (query.is_damaged()) return query.damage_error();
  return row;
}

}  // namespace cfy::store
