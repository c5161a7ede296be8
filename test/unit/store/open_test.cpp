#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

#include "store/migrations.hpp"
#include "store_fixture.hpp"
#include "support/child.hpp"

using namespace cfy::store;
using cfy::base::ErrorKind;
namespace fs = std::filesystem;

namespace {

unsigned mode_of(const fs::path& path) {
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

std::string refusal(const fs::path& state_dir, int busy_timeout_ms = 20'000) {
  const auto error = error_of(Store::open(state_dir, {busy_timeout_ms}));
  CHECK(error.kind() == ErrorKind::state);
  return error.message();
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("folder and files are for their owner only", "[store]") {
  const mode_t before = umask(0);
  cfy::test::TempDir dir;
  const fs::path state = dir.path() / "a" / "state";
  const auto store = must(Store::open(state));
  umask(before);
  CHECK(store->state_dir() == state);
  CHECK(mode_of(state) == 0700);
  for (const char* name : {"state.db", "state.db-wal", "state.db-shm"})
    CHECK(mode_of(state / name) == 0600);
}

TEST_CASE("what was stored is there when the store is opened again", "[store]") {
  StoreFixture f;
  f.store.reset();
  f.store = f.open_another();
  CHECK(must(f.store->deployments().get("shop-1")).blueprint_id == "shop");
}

TEST_CASE("many processes may make the database at the same time", "[store]") {
  cfy::test::TempDir dir;
  std::vector<cfy::test::Child> children;
  for (int i = 0; i < 8; ++i)
    children.emplace_back([&dir, i](cfy::test::Child::Pipe& pipe) {
      pipe.wait_for_parent();
      auto store = Store::open(dir.path() / "state");
      if (!store) return 1;
      return (*store)->deployments().create(make_deployment("d" + std::to_string(i))) ? 0 : 2;
    });
  for (auto& child : children)
    child.release();
  for (auto& child : children)
    CHECK(child.wait() == 0);
  CHECK(must(must(Store::open(dir.path() / "state"))->deployments().list()).size() == 8);
}

TEST_CASE("a file that is no database is refused", "[store]") {
  cfy::test::TempDir dir;
  dir.write("state.db", std::string(4096, 'x'));
  CHECK(contains(refusal(dir.path()),
                 "'" + (dir.path() / "state.db").string() + "' is not a database of cfy-run"));
}

TEST_CASE("another program's database is refused and left alone", "[store]") {
  cfy::test::TempDir dir;
  {
    const auto database = must(Database::open(dir.path() / "state.db", 0));
    must(database->execute("CREATE TABLE theirs (x)"));
  }
  CHECK(contains(refusal(dir.path()), "is a database of another program, not of cfy-run"));
  const auto database = must(Database::open(dir.path() / "state.db", 0));
  CHECK(must(database->number("SELECT count(*) FROM sqlite_master")) == 1);
}

TEST_CASE("a newer program's database is refused with both versions", "[store]") {
  StoreFixture f;
  f.store.reset();
  {
    const auto database = must(Database::open(f.dir.path() / "state" / "state.db", 0));
    must(database->execute(
        "PRAGMA user_version = 99; UPDATE meta SET value = '7.8.9' WHERE key = 'program_version'"));
  }
  const std::string text = refusal(f.dir.path() / "state");
  CHECK(contains(text, "was written by cfy-run 7.8.9 (schema 99); this is cfy-run "));
  CHECK(contains(text, fmt::format("knows schemas up to {};", migrations().back().version)));
}

TEST_CASE("a damaged database is refused", "[store]") {
  StoreFixture f;
  f.store.reset();
  const fs::path file = f.dir.path() / "state" / "state.db";
  {
    std::fstream damaged(file, std::ios::in | std::ios::out | std::ios::binary);
    damaged.seekp(100);
    damaged << std::string(8000, '\xEE');
  }
  CHECK(contains(refusal(f.dir.path() / "state"),
                 "the state database '" + file.string() + "' is damaged"));
}

TEST_CASE("JSON that was broken by hand is reported as damage", "[store]") {
  StoreFixture f;
  {
    const auto database = must(Database::open(f.dir.path() / "state" / "state.db", 0));
    must(database->execute("UPDATE deployments SET inputs = '{oops'"));
  }
  CHECK(contains(error_of(f.store->deployments().get("shop-1")).message(), "is damaged"));
  CHECK(contains(error_of(f.store->deployments().list()).message(), "is damaged"));
}

TEST_CASE("a database that stays locked is reported as such", "[store]") {
  StoreFixture f;
  const Transaction held = must(f.store->begin());
  const auto other = f.open_another(20);
  CHECK(must(other->deployments().list()).size() == 1);  // readers need not wait
  const auto error = error_of(other->deployments().create(make_deployment("d")));
  CHECK(error.kind() == ErrorKind::state);
  CHECK(contains(error.message(), "state.db' is locked by another process (waited 0.02 s)"));
}

TEST_CASE("a full disk is reported, and the store stays whole", "[store]") {
  cfy::test::TempDir dir;
  const auto database = must(Database::open(dir.path() / "state.db", 0));
  must(migrate(*database, migrations()));
  must(database->execute("PRAGMA max_page_count = 40"));
  Deployments deployments(*database);
  Deployment large = make_deployment("large");
  large.plan = std::string(1'000'000, 'x');
  must(deployments.create(make_deployment("small")));
  const auto error = error_of(deployments.create(large));
  CHECK(error.kind() == ErrorKind::state);
  CHECK(contains(error.message(), "no space left to write the state database"));
  CHECK(must(deployments.list()).size() == 1);
  must(deployments.create(make_deployment("small too")));
}

TEST_CASE("a transaction that a full disk ended does not pretend to commit", "[store]") {
  cfy::test::TempDir dir;
  const auto database = must(Database::open(dir.path() / "state.db", 0));
  must(migrate(*database, migrations()));
  must(database->execute("PRAGMA max_page_count = 40"));
  Transaction transaction = must(Transaction::begin(*database));
  must(database->execute("ROLLBACK"));
  CHECK(error_of(transaction.commit()).kind() == ErrorKind::state);
}

TEST_CASE("a read-only state folder is reported", "[store]") {
  StoreFixture f;
  f.store.reset();
  fs::permissions(f.dir.path(), fs::perms(0755));
  for (const auto& entry : fs::recursive_directory_iterator(f.dir.path())) {
    fs::permissions(entry.path(), fs::perms(entry.is_directory() ? 0555 : 0444));
    if (getuid() == 0) REQUIRE(chown(entry.path().c_str(), 65534, 65534) == 0);
  }
  cfy::test::Child child([&](cfy::test::Child::Pipe& pipe) {
    // Root may write everywhere, so be nobody.
    if (getuid() == 0 && setuid(65534) != 0) return 2;
    auto store = Store::open(f.dir.path() / "state");
    auto done = store ? (*store)->deployments().create(make_deployment("d"))
                      : cfy::base::Result<void>(store.error());
    if (done) return 1;
    pipe.say(done.error().message());
    return 0;
  });
  const std::string text = child.read_all();
  CHECK(child.wait() == 0);
  CHECK((contains(text, "read-only") || contains(text, "Permission denied")));
  CHECK(contains(text, "state.db"));
  fs::permissions(f.dir.path() / "state", fs::perms(0755));
}

TEST_CASE("a state folder that is a file is refused", "[store]") {
  cfy::test::TempDir dir;
  dir.write("state", "");
  CHECK(contains(refusal(dir.path() / "state"), "/state': File exists"));
  CHECK(contains(refusal(dir.path() / "state" / "deeper"), "/deeper': Not a directory"));
}

TEST_CASE("an older schema is brought up to date, its rows kept", "[store]") {
  cfy::test::TempDir dir;
  const auto database = must(Database::open(dir.path() / "state.db", 0));
  std::vector<Migration> known = migrations();
  must(migrate(*database, known));
  Deployments deployments(*database);
  must(deployments.create(make_deployment("d")));
  known.push_back({known.back().version + 1, "more", "ALTER TABLE deployments ADD COLUMN x"});
  must(migrate(*database, known));
  CHECK(must(database->number("PRAGMA user_version")) == known.back().version);
  CHECK(must(deployments.list()).size() == 1);
}

TEST_CASE("a migration that fails changes nothing", "[store]") {
  cfy::test::TempDir dir;
  const auto database = must(Database::open(dir.path() / "state.db", 0));
  const std::vector<Migration> known = {{1, "0001_good", "CREATE TABLE a (x)"},
                                        {2, "0002_bad", "CREATE TABLE b (x); NONSENSE"}};
  const auto error = error_of(migrate(*database, known));
  CHECK(contains(error.message(), "migration 0002_bad: "));
  CHECK(must(database->number("PRAGMA user_version")) == 0);
  CHECK(must(database->number("SELECT count(*) FROM sqlite_master")) == 0);
}

TEST_CASE("a folder of another user is refused", "[store]") {
  if (getuid() != 0) {
    WARN("only root can give a folder away");
    return;
  }
  cfy::test::TempDir dir;
  REQUIRE(chown(dir.path().c_str(), 65534, 65534) == 0);
  CHECK(contains(refusal(dir.path()), "belongs to user"));
  CHECK_FALSE(fs::exists(dir.path() / "state.db"));
}
