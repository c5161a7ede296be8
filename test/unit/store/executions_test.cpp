#include "store_fixture.hpp"

using namespace cfy::store;
using cfy::base::ErrorKind;

namespace {

struct ExecutionFixture : StoreFixture {
  Executions& executions() { return store->executions(); }
  std::string status() { return must(executions().status("e1")); }
  void end_as(const std::string& status) {
    must(executions().finish("e1", {status, "why", {{"answer", 42}}, 9000}));
  }
};

}  // namespace

TEST_CASE("an execution reads back as it was created", "[store]") {
  ExecutionFixture f;
  const Execution read = must(f.executions().get("e1"));
  CHECK(read.deployment_id == "shop-1");
  CHECK(read.workflow_id == "install");
  CHECK(read.status == "pending");
  CHECK(read.parameters == json::object());
  CHECK(read.result.is_null());
  CHECK(read.created_ms == 2000);
  CHECK_FALSE(read.started_ms.has_value());
  CHECK_FALSE(read.is_dry_run);
}

TEST_CASE("an execution without its deployment is refused", "[store]") {
  ExecutionFixture f;
  CHECK(error_of(f.executions().create(make_execution("e2", "nowhere"))).kind() ==
        ErrorKind::state);
}

TEST_CASE("start and finish note times, runner and outcome", "[store]") {
  ExecutionFixture f;
  CHECK(must(f.executions().start("e1", this_runner(), 3000)) == "started");
  const Execution running = must(f.executions().get("e1"));
  CHECK(running.started_ms == 3000);
  CHECK(f.executions().runner_state(running) == RunnerState::alive);
  f.end_as("failed");
  const Execution ended = must(f.executions().get("e1"));
  CHECK(ended.status == "failed");
  CHECK(ended.error == "why");
  CHECK(ended.result == json{{"answer", 42}});
  CHECK(ended.ended_ms == 9000);
  CHECK(f.executions().runner_state(ended) == RunnerState::gone);
}

TEST_CASE("an execution is started once and ends once", "[store]") {
  ExecutionFixture f;
  must(f.executions().start("e1", this_runner(), 3000));
  CHECK(error_of(f.executions().start("e1", this_runner(), 3000)).message() ==
        "execution e1 has been started before: it is started");
  f.end_as("terminated");
  const auto error = error_of(f.executions().finish("e1", {"failed", "", nullptr, 1}));
  CHECK(error.kind() == ErrorKind::conflict);
  CHECK(error.message() == "execution e1 (install of shop-1) has ended already: terminated");
}

TEST_CASE("another process asks for a cancel, ever stronger", "[store]") {
  ExecutionFixture f;
  must(f.executions().start("e1", this_runner(), 3000));
  const auto other = f.open_another();
  CHECK(must(other->executions().request_cancel("e1", CancelDegree::graceful)).status ==
        "cancelling");
  CHECK(f.status() == "cancelling");
  must(other->executions().request_cancel("e1", CancelDegree::kill));
  CHECK(f.status() == "kill_cancelling");
  CHECK(must(other->executions().request_cancel("e1", CancelDegree::force)).status ==
        "kill_cancelling");
  f.end_as("cancelled");
  CHECK(f.status() == "cancelled");
}

TEST_CASE("a workflow that does not heed a cancel may end normally", "[store]") {
  ExecutionFixture f;
  must(f.executions().start("e1", this_runner(), 3000));
  must(f.executions().request_cancel("e1", CancelDegree::graceful));
  f.end_as("terminated");
}

TEST_CASE("a finished or unknown execution cannot be cancelled", "[store]") {
  ExecutionFixture f;
  f.end_as("failed");
  const auto error = error_of(f.executions().request_cancel("e1", CancelDegree::kill));
  CHECK(error.kind() == ErrorKind::conflict);
  CHECK(error.message() == "execution e1 (install of shop-1) has ended already: failed");
  CHECK(error_of(f.executions().request_cancel("zz", CancelDegree::kill)).kind() ==
        ErrorKind::not_found);
}

TEST_CASE("a cancel before the start is not lost", "[store]") {
  ExecutionFixture f;
  must(f.executions().request_cancel("e1", CancelDegree::graceful));
  CHECK(must(f.executions().start("e1", this_runner(), 3000)) == "cancelling");
  CHECK(f.status() == "cancelling");
  CHECK(error_of(f.executions().start("e1", this_runner(), 3000)).kind() == ErrorKind::conflict);
}

TEST_CASE("an execution is found by the beginning of its id", "[store]") {
  ExecutionFixture f;
  must(f.executions().create(make_execution("9f1c7c1e-5d0a")));
  must(f.executions().create(make_execution("9f1c8888-5d0a")));
  CHECK(must(f.executions().find("9f1c7")).id == "9f1c7c1e-5d0a");
  CHECK(must(f.executions().find("9f1c8888-5d0a")).id == "9f1c8888-5d0a");

  const auto several = error_of(f.executions().find("9f1"));
  CHECK(several.kind() == ErrorKind::usage);
  CHECK(several.message() ==
        "'9f1' could be any of 2 executions:\n"
        "  9f1c7c1e-5d0a  install of shop-1, pending\n"
        "  9f1c8888-5d0a  install of shop-1, pending");
  const auto none = error_of(f.executions().find("abc"));
  CHECK(none.kind() == ErrorKind::not_found);
  CHECK(none.message() == "there is no execution 'abc'; 'cfy-run executions list' shows all");
  CHECK(error_of(f.executions().find("")).kind() == ErrorKind::usage);
  CHECK(error_of(f.executions().find("%")).kind() == ErrorKind::not_found);
}

TEST_CASE("an id that begins another one is still found", "[store]") {
  ExecutionFixture f;
  must(f.executions().create(make_execution("e10")));
  CHECK(must(f.executions().find("e1")).id == "e1");
}

TEST_CASE("many candidates are cut short", "[store]") {
  ExecutionFixture f;
  for (int i = 0; i < 8; ++i)
    must(f.executions().create(make_execution("x" + std::to_string(i))));
  const std::string text = error_of(f.executions().find("x")).message();
  CHECK(text.find("any of 8") != std::string::npos);
  CHECK(text.find("and 3 more") != std::string::npos);
}

TEST_CASE("executions are listed oldest first, of one deployment or of all", "[store]") {
  ExecutionFixture f;
  must(f.store->deployments().create(make_deployment("other")));
  must(f.executions().create(make_execution("a", "other")));
  CHECK(must(f.executions().list()).size() == 2);
  CHECK(must(f.executions().list()).front().id == "e1");
  const auto of_other = must(f.executions().list("other"));
  REQUIRE(of_other.size() == 1);
  CHECK(of_other[0].id == "a");
}

TEST_CASE("an execution whose runner died can be resumed", "[store]") {
  ExecutionFixture f;
  must(f.executions().start("e1", kDead, 3000));
  CHECK(f.executions().runner_state(must(f.executions().get("e1"))) == RunnerState::gone);
  must(f.executions().resume("e1", this_runner(), 4000));
  const Execution resumed = must(f.executions().get("e1"));
  CHECK(resumed.status == "started");
  CHECK(resumed.started_ms == 3000);
  CHECK(f.executions().runner_state(resumed) == RunnerState::alive);
}

TEST_CASE("a failed or cancelled execution starts again without its old outcome", "[store]") {
  for (const char* status : {"failed", "cancelled"}) {
    ExecutionFixture f;
    must(f.executions().start("e1", kDead, 3000));
    f.end_as(status);
    must(f.executions().resume("e1", this_runner(), 10'000));
    const Execution resumed = must(f.executions().get("e1"));
    CHECK(resumed.status == "started");
    CHECK(resumed.error.empty());
    CHECK(resumed.result.is_null());
    CHECK_FALSE(resumed.ended_ms.has_value());
  }
}

TEST_CASE("a completed execution cannot be resumed", "[store]") {
  ExecutionFixture f;
  must(f.executions().start("e1", this_runner(), 3000));
  f.end_as("terminated");
  CHECK(error_of(f.executions().resume("e1", kDead, 1)).kind() == ErrorKind::conflict);
}
