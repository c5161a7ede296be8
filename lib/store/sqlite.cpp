#include "store/sqlite.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cfy::store {

using base::Error;
using base::ErrorKind;
using base::make_error;
using base::Result;

JsonText as_json(const nlohmann::json& value) {
  return {value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

Query::Query(Database& database, sqlite3_stmt* statement, int error_code)
    : database_(database), statement_(statement), code_(error_code) {}

Query::~Query() {
  sqlite3_reset(statement_);
}

void Query::put(int index, std::string_view value) {
  // A view of nothing may have no address, which SQLite would take for null.
  const char* data = value.data() == nullptr ? "" : value.data();
  note(sqlite3_bind_text64(statement_, index, data, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Query::put(int index, const JsonText& value) {
  note(sqlite3_bind_text64(statement_, index, value.text.data(), value.text.size(),
                           SQLITE_TRANSIENT, SQLITE_UTF8));
}

Result<bool> Query::step() {
  if (code_ != SQLITE_OK) return database_.error(code_);
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return database_.error(code);
}

Result<void> Query::run() {
  const auto more = step();
  if (!more) return more.error();
  return {};
}

std::string_view Query::text_view(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (bytes == nullptr) return {};
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool Query::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::optional<std::int64_t> Query::optional_integer(int column) const {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::optional<std::string> Query::optional_text(int column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

nlohmann::json Query::json(int column) {
  if (is_null(column)) return nullptr;
  nlohmann::json value = nlohmann::json::parse(text_view(column), nullptr, false);
  if (value.is_discarded()) is_damaged_ = true;
  return value;
}

Error Query::damage_error() const {
  return database_.error(SQLITE_CORRUPT);
}

namespace {

// SQLite would make the file with the user's umask; what a blueprint's inputs hold is nobody
// else's business. Only a file made here is opened here: closing any descriptor of a database
// drops the locks that this process holds on it.
Result<void> create_private_file(const std::filesystem::path& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd >= 0) {
    close(fd);
    return {};
  }
  if (errno == EEXIST) return {};
  return make_error(ErrorKind::state, "cannot create the state database '{}': {}", path.string(),
                    std::generic_category().message(errno));
}

// SQLite's memory statistics take a mutex at each allocation and nobody asks for them. Too late
// (somebody has used SQLite before) does no harm.
void configure_once() {
  static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)configured;
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& path,
                                                 int busy_timeout_ms) {
  if (auto created = create_private_file(path); !created) return created.error();
  configure_once();
  std::unique_ptr<Database> database(new Database(path));
  database->busy_timeout_ms_ = busy_timeout_ms;
  constexpr int kFlags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(path.c_str(), &database->handle_, kFlags, nullptr);
  if (code != SQLITE_OK) return database->error(code);
  sqlite3_extended_result_codes(database->handle_, 1);
  sqlite3_busy_timeout(database->handle_, busy_timeout_ms);
  return database;
}

Database::~Database() {
  for (const auto& [sql, statement] : statements_)
    sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

Query Database::query(const char* sql) {
  sqlite3_stmt*& statement = statements_[sql];
  int code = SQLITE_OK;
  if (statement == nullptr)
    code = sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  CFY_ASSERT(statement == nullptr || sqlite3_stmt_busy(statement) == 0);
  return {*this, statement, code};
}

Result<void> Database::execute(const char* script) {
  const int code = sqlite3_exec(handle_, script, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error(code);
  return {};
}

Result<std::int64_t> Database::number(const char* sql) {
  Query asked = query(sql);
  const auto more = asked.step();
  if (!more) return more.error();
  return *more ? asked.integer(0) : 0;
}

bool Database::has_moved() const {
  int moved = 0;
  sqlite3_file_control(handle_, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return moved != 0;
}

Error Database::moved_error() const {
  return make_error(ErrorKind::state,
                    "the state database '{}' was removed or replaced while it was in use: what "
                    "happened since then is not kept",
                    path_.string());
}

Error Database::error(int code) const {
  const std::string file = path_.string();
  const auto say = [](std::string text) { return Error(ErrorKind::state, std::move(text)); };
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return say(fmt::format("the state database '{}' is locked by another process (waited {} s)",
                             file, busy_timeout_ms_ / 1000.0));
    case SQLITE_CORRUPT:
      return say(
          fmt::format("the state database '{}' is damaged; move it away to begin anew, "
                      "or name another folder with --state-dir",
                      file));
    case SQLITE_NOTADB:
      return say(
          fmt::format("'{}' is not a database of cfy-run; move it away, or name another "
                      "folder with --state-dir",
                      file));
    case SQLITE_FULL:
      return say(fmt::format("no space left to write the state database '{}'", file));
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return say(
          fmt::format("the state database '{}' cannot be written: it or its folder is "
                      "read-only",
                      file));
    case SQLITE_CANTOPEN:
      return say(fmt::format("cannot open the state database '{}': {}", file,
                             std::generic_category().message(sqlite3_system_errno(handle_))));
    case SQLITE_IOERR:
      // A write that came to its end early has no number of its own.
      return say(fmt::format("cannot read or write the state database '{}': {}", file,
                             sqlite3_system_errno(handle_) == 0
                                 ? "only a part was written; is there space left?"
                                 : std::generic_category().message(sqlite3_system_errno(handle_))));
    default:
      return say(fmt::format("state database '{}': {}", file, sqlite3_errmsg(handle_)));
  }
}

}  // namespace cfy::store
