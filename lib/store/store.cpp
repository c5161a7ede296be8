#include "store/store.hpp"

#include <chrono>
#include <thread>

#include "base/folders.hpp"
#include "store/migrations.hpp"

namespace cfy::store {
namespace fs = std::filesystem;

using base::Result;

namespace {

// The change to WAL needs the file for itself and, unlike other statements, does not wait for it.
Result<void> enter_wal_mode(Database& database, int busy_timeout_ms) {
  using std::chrono::milliseconds;
  const auto deadline = std::chrono::steady_clock::now() + milliseconds(busy_timeout_ms);
  for (;;) {
    auto done = database.execute("PRAGMA journal_mode = WAL");
    if (done || !database.is_busy() || std::chrono::steady_clock::now() >= deadline) return done;
    std::this_thread::sleep_for(milliseconds(5));
  }
}

// NORMAL: commits go to the log without waiting for the platter; the operating system has them,
// so the death of a process loses nothing.
constexpr const char* kSettings =
    "PRAGMA synchronous = NORMAL;"
    "PRAGMA secure_delete = FAST;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA cache_size = -32768;"
    "PRAGMA wal_autocheckpoint = 4000;"
    "PRAGMA journal_size_limit = 67108864";

}  // namespace

Store::Store(fs::path state_dir, std::unique_ptr<Database> database)
    : state_dir_(std::move(state_dir)),
      database_(std::move(database)),
      run_locks_(state_dir_ / "run.lock"),
      deployments_(*database_),
      node_instances_(*database_),
      executions_(*database_, run_locks_),
      locks_(*database_, executions_),
      operations_(*database_),
      events_(*database_),
      modifications_(*database_),
      secrets_(*database_),
      updates_(*database_) {}

Result<std::unique_ptr<Store>> Store::open(const fs::path& state_dir, StoreOptions options) {
  if (auto made = base::make_own_folder("the state folder", state_dir); !made) return made.error();
  auto database = Database::open(state_dir / "state.db", options.busy_timeout_ms);
  if (!database) return database.error();
  if (!(*database)->is_read_only())
    if (auto done = enter_wal_mode(**database, options.busy_timeout_ms); !done) return done.error();
  if (auto done = (*database)->execute(kSettings); !done) return done.error();
  if (auto done = migrate(**database, migrations()); !done) return done.error();
  return std::unique_ptr<Store>(new Store(state_dir, std::move(*database)));
}

}  // namespace cfy::store
