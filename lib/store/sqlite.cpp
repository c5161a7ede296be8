#include "store/sqlite.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/json_text.hpp"
#include "base/text.hpp"

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

std::int64_t Query::integer(int column) {
  const int type = sqlite3_column_type(statement_, column);
  if (type != SQLITE_INTEGER && type != SQLITE_NULL) note_damage(column, "is not a number");
  return sqlite3_column_int64(statement_, column);
}

std::optional<std::int64_t> Query::optional_integer(int column) {
  if (is_null(column)) return std::nullopt;
  return integer(column);
}

std::optional<std::string> Query::optional_text(int column) const {
  if (is_null(column)) return std::nullopt;
  return text(column);
}

nlohmann::json Query::json(int column) {
  if (is_null(column)) return nullptr;
  auto value = base::parse_json(text_view(column), base::kDeepestOwnJson);
  if (value) return *std::move(value);
  note_damage(column, value.error().message());
  return nullptr;
}

nlohmann::json Query::object(int column) {
  return shaped(column, [](const nlohmann::json& value) { return value.is_object(); });
}

nlohmann::json Query::shaped(int column, bool (*is_right)(const nlohmann::json&)) {
  nlohmann::json value = json(column);
  if (!is_right(value)) note_damage(column, "is not what it must be");
  return value;
}

void Query::note_damage(int column, std::string_view why) {
  if (is_damaged()) return;
  damage_ =
      fmt::format("'{}' of '{}' in the table '{}' {}", sqlite3_column_name(statement_, column),
                  base::to_valid_utf8(text_view(id_column_)), table_, why);
}

Error Query::damage_error() const {
  return database_.damage_error(damage_);
}

namespace {

// Why a file cannot be opened, made or written, as an errno; 0 when nothing speaks against it.
// SQLite tries a second time in another way and tells the errno of that. The database itself is
// not opened here: closing a descriptor of it would drop the locks that this process holds on it.
int find_obstacle(const std::filesystem::path& path) {
  if (faccessat(AT_FDCWD, path.c_str(), R_OK | W_OK, AT_EACCESS) != 0 && errno != ENOENT)
    return errno;
  const std::string folder = path.parent_path().string();
  const int fd = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) return errno == EOPNOTSUPP || errno == EISDIR ? 0 : errno;
  close(fd);
  return 0;
}

std::string describe_obstacle(int errno_value, const std::filesystem::path& path) {
  struct statvfs system {};
  if (errno_value == EROFS) return "it is on a read-only file system";
  if (errno_value == ENOSPC && statvfs(path.parent_path().c_str(), &system) == 0 &&
      system.f_files > 0 && system.f_favail == 0)
    return "no inodes left on its file system";
  if (errno_value == ENOSPC) return "no space left on its file system";
  return std::generic_category().message(errno_value);
}

// SQLite would make the file with the user's umask; what a blueprint's inputs hold is nobody
// else's business. Only a file made here is opened here: closing any descriptor of a database
// drops the locks that this process holds on it.
Result<void> create_private_file(const std::filesystem::path& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd >= 0) {
    close(fd);
    return {};
  }
  const int why = errno;
  std::error_code code;
  if (why == EEXIST || (why == EROFS && std::filesystem::exists(path, code))) return {};
  return make_error(ErrorKind::state, "cannot create the state database '{}': {}", path.string(),
                    describe_obstacle(why, path));
}

// Nobody can change what lies on a read-only file system, so it may be read without the files that
// the processes of a database share. What is in its log only would be missed.
bool is_unchangeable(const std::filesystem::path& path) {
  struct stat log {};
  const bool has_log = stat((path.string() + "-wal").c_str(), &log) == 0 && log.st_size > 0;
  return !has_log && faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0 && errno == EROFS;
}

std::string unchangeable_uri(const std::filesystem::path& path) {
  std::string uri = "file:";
  for (const char c : path.string())
    uri += c == '%' || c == '?' || c == '#' ? fmt::format("%{:02X}", static_cast<int>(c))
                                            : std::string(1, c);
  return uri + "?immutable=1";
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
  database->is_read_only_ = is_unchangeable(path);
  const std::string name = database->is_read_only_ ? unchangeable_uri(path) : path.string();
  const int flags =
      SQLITE_OPEN_NOMUTEX |
      (database->is_read_only_ ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI : SQLITE_OPEN_READWRITE);
  const int code = sqlite3_open_v2(name.c_str(), &database->handle_, flags, nullptr);
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

bool Database::has_moved() {
  int moved = 0;
  sqlite3_file_control(handle_, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  struct stat status {};
  if (moved != 0 || ::stat(path_.c_str(), &status) != 0) return true;
  const std::int64_t before = std::exchange(size_, static_cast<std::int64_t>(status.st_size));
  return size_ < before;
}

Error Database::moved_error() const {
  return make_error(ErrorKind::state,
                    "the state database '{}' was removed or replaced while it was in use: what "
                    "happened since then is not kept",
                    path_.string());
}

Error Database::damage_error(std::string_view where) const {
  return make_error(ErrorKind::state,
                    "the state database '{}' is damaged: {}; move it away to begin anew, or name "
                    "another folder with --state-dir",
                    path_.string(), where);
}

Error Database::error(int code) const {
  const std::string file = path_.string();
  const auto reason = [&] {
    const int obstacle = find_obstacle(path_);
    return describe_obstacle(obstacle != 0 ? obstacle : sqlite3_system_errno(handle_), path_);
  };
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
      if (find_obstacle(path_) != 0)
        return say(fmt::format("the state database '{}' cannot be written: {}", file, reason()));
      return say(
          fmt::format("the state database '{}' cannot be written: it or its folder is "
                      "read-only",
                      file));
    case SQLITE_CANTOPEN:
      return say(fmt::format("cannot open the state database '{}': {}", file, reason()));
    case SQLITE_NOMEM:
      return say(fmt::format("there is not enough memory to use the state database '{}'", file));
    case SQLITE_IOERR:
      // A write that came to its end early has no number of its own.
      return say(fmt::format("cannot read or write the state database '{}': {}", file,
                             sqlite3_system_errno(handle_) == 0
                                 ? "only a part was written; is there space left?"
                                 : describe_obstacle(sqlite3_system_errno(handle_), path_)));
    default:
      return say(fmt::format("state database '{}': {}", file, sqlite3_errmsg(handle_)));
  }
}

}  // namespace cfy::store
