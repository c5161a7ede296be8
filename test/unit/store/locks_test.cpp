#include <fstream>

#include "store_fixture.hpp"
#include "support/child.hpp"

using namespace cfy::store;
using cfy::base::ErrorKind;

namespace {

struct LockFixture : StoreFixture {
  LockFixture() { must(store->executions().create(make_execution("e2"))); }
  DeploymentLocks& locks() { return store->locks(); }
  void start(const std::string& id, const Runner& runner) {
    must(store->executions().start(id, runner, 1000));
  }
};

const std::string kBoot = cfy::process::this_process().value().boot_id;
constexpr const char* kElsewhere = "pid:[1]";  // no namespace has this number

/// A process of another container of this machine.
Runner foreign(std::int64_t lock_file) {
  return {{7, 42, kBoot, kElsewhere}, lock_file};
}

}  // namespace

TEST_CASE("a deployment has one writer, and who comes second is told which", "[store]") {
  LockFixture f;
  f.start("e1", this_runner());
  CHECK_FALSE(must(f.locks().take({"shop-1", "e1", 1714558830123})).has_value());
  const auto other = f.open_another();
  const auto error = error_of(other->locks().take({"shop-1", "e2", 2}));
  CHECK(error.kind() == ErrorKind::conflict);
  CHECK(error.message().find("the deployment 'shop-1' is in use by execution e1 (process " +
                             std::to_string(getpid()) + ", started 2024-05-01T10:20:30.123Z)") ==
        0);
  CHECK(error.message().find("'cfy-run cancel e1'") != std::string::npos);
  CHECK(must(f.locks().find("shop-1"))->execution_id == "e1");
  CHECK(error_of(f.locks().check_free("shop-1")).message() == error.message());
}

TEST_CASE("a released lock may be taken", "[store]") {
  LockFixture f;
  f.start("e1", this_runner());
  must(f.locks().take({"shop-1", "e1", 1}));
  must(f.locks().release("shop-1", "e2"));  // not its lock
  CHECK(must(f.locks().find("shop-1")).has_value());
  must(f.locks().release("shop-1", "e1"));
  must(f.locks().check_free("shop-1"));
  CHECK_FALSE(must(f.locks().take({"shop-1", "e2", 2})).has_value());
}

TEST_CASE("a lock of a dead process is taken over, and whose it was is told", "[store]") {
  LockFixture f;
  f.start("e1", kDead);
  must(f.locks().take({"shop-1", "e1", 1}));
  const auto stale = must(f.locks().take({"shop-1", "e2", 2}));
  REQUIRE(stale.has_value());
  CHECK(stale->execution_id == "e1");
}

TEST_CASE("who holds the run lock lives, whatever is known of its process", "[store]") {
  LockFixture f;
  f.start("e1", foreign(f.store->run_locks().file_number()));
  const Execution row = must(f.store->executions().get("e1"));
  {
    const auto lock = must(f.store->run_locks().take(row.number));
    REQUIRE(lock.has_value());
    CHECK(f.store->executions().runner_state(row) == RunnerState::alive);
    CHECK_FALSE(must(f.open_another()->run_locks().take(row.number)).has_value());
    CHECK(must(f.store->run_locks().take(row.number + 1)).has_value());
  }
  CHECK(must(f.store->run_locks().take(row.number)).has_value());
}

TEST_CASE("a run lock goes with its process", "[store]") {
  LockFixture f;
  const Execution row = must(f.store->executions().get("e1"));
  cfy::test::Child child([&](cfy::test::Child::Pipe& pipe) {
    const auto lock = f.store->run_locks().take(row.number);
    pipe.say(lock && *lock ? "held" : "refused");
    pipe.wait_for_parent();
    return 0;
  });
  CHECK(child.read_word() == "held");
  CHECK(must(f.store->run_locks().is_held(row.number)));
  child.release();
  child.await_end();
  CHECK_FALSE(must(f.store->run_locks().is_held(row.number)));
  CHECK(child.wait() == 0);
}

TEST_CASE("a runner of another container is gone when its lock is free", "[store]") {
  LockFixture f;
  must(f.store->run_locks().take(1));
  f.start("e1", foreign(f.store->run_locks().file_number()));
  CHECK(f.store->executions().runner_state(must(f.store->executions().get("e1"))) ==
        RunnerState::gone);
}

TEST_CASE("a runner of another container whose lock file is gone is not known", "[store]") {
  LockFixture f;
  f.start("e1", foreign(12345));
  must(f.locks().take({"shop-1", "e1", 1}));
  const Execution row = must(f.store->executions().get("e1"));
  CHECK(f.store->executions().runner_state(row) == RunnerState::unknown);
  const auto refused = error_of(f.locks().take({"shop-1", "e2", 2}));
  CHECK(refused.kind() == ErrorKind::conflict);
  CHECK(refused.message().find("cannot be told from here: process 7 of another container "
                               "(pid:[1])") != std::string::npos);
  CHECK(refused.message().find("'cfy-run cancel e1 --force'") != std::string::npos);
}

TEST_CASE("a runner of an earlier boot is gone, whoever has its pid now", "[store]") {
  LockFixture f;
  Runner earlier = this_runner();
  earlier.process.boot_id = "an earlier one";
  f.start("e1", earlier);
  CHECK(f.store->executions().runner_state(must(f.store->executions().get("e1"))) ==
        RunnerState::gone);
}

TEST_CASE("a runner that an older version noted is known by its process", "[store]") {
  LockFixture f;
  Runner old = this_runner();
  old.process.boot_id = old.process.pid_namespace = "";
  f.start("e1", old);
  f.start("e2", kDead);
  CHECK(f.store->executions().runner_state(must(f.store->executions().get("e1"))) ==
        RunnerState::alive);
  CHECK(f.store->executions().runner_state(must(f.store->executions().get("e2"))) ==
        RunnerState::gone);
}

TEST_CASE("of many processes that want a lock one gets it", "[store]") {
  LockFixture f;
  f.store.reset();  // SQLite's connections must not be carried into a child
  std::vector<cfy::test::Child> children;
  for (int i = 0; i < 6; ++i)
    children.emplace_back([&](cfy::test::Child::Pipe& pipe) {
      auto store = Store::open(f.dir.path() / "state");
      const std::string id = "w" + std::to_string(getpid());
      if (!store || !(*store)->executions().create(make_execution(id))) return 2;
      if (!(*store)->executions().start(id, this_runner(), 1)) return 2;
      const auto taken = (*store)->locks().take({"shop-1", id, 1});
      pipe.say(taken ? "taken" : "refused");
      pipe.wait_for_parent();  // stay alive, so that the lock is not stale
      return taken ? 0 : 1;
    });
  int taken = 0;
  for (auto& child : children)
    taken += child.read_word() == "taken" ? 1 : 0;
  for (auto& child : children)
    child.release();
  for (auto& child : children)
    CHECK(child.wait() != 2);
  CHECK(taken == 1);
}
