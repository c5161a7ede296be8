#include <unistd.h>

#include "store_fixture.hpp"
#include "support/child.hpp"

using namespace cfy::store;
using cfy::base::ErrorKind;

namespace {

struct LockFixture : StoreFixture {
  LockFixture() { must(store->executions().create(make_execution("e2"))); }
  DeploymentLocks& locks() { return store->locks(); }
};

}  // namespace

TEST_CASE("a deployment has one writer, and who comes second is told which", "[store]") {
  LockFixture f;
  CHECK_FALSE(must(f.locks().take({"shop-1", "e1", this_process(), 1})).has_value());
  const auto other = f.open_another();
  const auto error = error_of(other->locks().take({"shop-1", "e2", this_process(), 2}));
  CHECK(error.kind() == ErrorKind::conflict);
  CHECK(error.message().find("the deployment 'shop-1' is in use by execution e1 (process " +
                             std::to_string(getpid()) + ", started 20") == 0);
  CHECK(error.message().find("'cfy-run cancel e1'") != std::string::npos);
  CHECK(must(f.locks().find("shop-1"))->execution_id == "e1");
}

TEST_CASE("a released lock may be taken", "[store]") {
  LockFixture f;
  must(f.locks().take({"shop-1", "e1", this_process(), 1}));
  must(f.locks().release("shop-1", "e2"));  // not its lock
  CHECK(must(f.locks().find("shop-1")).has_value());
  must(f.locks().release("shop-1", "e1"));
  CHECK_FALSE(must(f.locks().take({"shop-1", "e2", this_process(), 2})).has_value());
}

TEST_CASE("a lock of a dead process is taken over, and who had it is told", "[store]") {
  LockFixture f;
  must(f.locks().take({"shop-1", "e1", kDead, 1}));
  const auto stale = must(f.locks().take({"shop-1", "e2", this_process(), 2}));
  REQUIRE(stale.has_value());
  CHECK(stale->execution_id == "e1");
  CHECK(stale->runner == kDead);
}

TEST_CASE("a resumed execution takes its own lock again", "[store]") {
  LockFixture f;
  must(f.locks().take({"shop-1", "e1", kDead, 1}));
  must(f.locks().take({"shop-1", "e1", this_process(), 2}));
  CHECK(must(f.locks().find("shop-1"))->runner == this_process());
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
      const auto taken = (*store)->locks().take({"shop-1", id, this_process(), 1});
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

TEST_CASE("this process is alive and began before now", "[store]") {
  const ProcessIdentity self = this_process();
  CHECK(self.pid == getpid());
  CHECK(is_alive(self));
  CHECK(started_wall_ms(self).value() > 0);
  CHECK_FALSE(is_alive({}));
  CHECK_FALSE(is_alive({self.pid, self.started_ticks + 1}));
}

TEST_CASE("a process that ended and was not waited for is not alive", "[store]") {
  cfy::test::Child child([](cfy::test::Child::Pipe& pipe) {
    const ProcessIdentity self = this_process();
    pipe.say(std::to_string(self.started_ticks));
    return 0;
  });
  const ProcessIdentity ended = {child.pid(), std::stoll(child.read_word())};
  child.await_end();
  CHECK_FALSE(is_alive(ended));
  CHECK(child.wait() == 0);
}
