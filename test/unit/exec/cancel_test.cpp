// The three degrees of a cancel.
#include <catch2/catch.hpp>

#include "executor_fixture.hpp"

using cfy::base::Result;
using cfy::exec::CancelDegree;
using cfy::plugin::HandlerAction;
using cfy::plugin::TaskOutcome;
using cfy::plugin::WorkflowHost;
using cfy::test::ExecutorFixture;
using cfy::test::Gate;
using cfy::test::recoverable;
using cfy::test::verdict;
using nlohmann::json;

TEST_CASE("a graceful cancel starts nothing more, and what runs is recorded", "[exec]") {
  ExecutorFixture f("a; b after a; c");
  f.runner.hold("a");
  Gate executed;
  bool saw_request = false;  // Catch checks on one thread only, so it is told over the gate
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    const auto done = host.execute();
    saw_request = host.cancel_request() != cfy::plugin::CancelDegree::none;
    executed.open();
    return done.error();
  });
  f.start();
  REQUIRE(f.runner.wait_started("a"));
  f.call().request_cancel(CancelDegree::graceful);
  REQUIRE(executed.wait());  // although the operation still runs
  CHECK(saw_request);
  CHECK_FALSE(f.is_over());
  f.runner.finish("a");
  CHECK(f.wait() == "cancelled");
  CHECK(f.trace().find("done a\n") != std::string::npos);
  CHECK(f.trace().find("start b") == std::string::npos);
  CHECK_FALSE(f.call().is_abandoned());
}

TEST_CASE("a delayed retry does not start after a cancel", "[exec]") {
  ExecutorFixture f("a");
  f.options.task_retries = 3;
  f.options.task_retry_interval_s = 60;
  f.runner.answer("a", {recoverable("x")});
  f.start();
  REQUIRE(f.recorder.wait_for("retry a"));
  f.call().request_cancel(CancelDegree::graceful);
  f.clock.advance_s(100);
  CHECK(f.wait() == "cancelled");
  CHECK(f.trace() == "start a\nretry a\n");
}

TEST_CASE("execute() after a cancel returns without starting anything", "[exec]") {
  ExecutorFixture f("a");
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    f.call().request_cancel(CancelDegree::graceful);
    const auto done = host.execute();
    REQUIRE_FALSE(done.ok());
    CHECK(done.error().kind() == cfy::base::ErrorKind::cancelled);
    return done.error();
  });
  CHECK(f.run() == "cancelled");
  CHECK(f.trace().empty());
}

TEST_CASE("a workflow may go on after a cancel and end as it likes", "[exec]") {
  ExecutorFixture f("a");
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    f.call().request_cancel(CancelDegree::graceful);
    CHECK_FALSE(host.execute().ok());
    return json("cleaned up");
  });
  CHECK(f.run() == "ok: \"cleaned up\"");
}

TEST_CASE("force ends the run at once and leaves operations alone", "[exec]") {
  ExecutorFixture f("a; b after a");
  f.runner.hold("a");
  f.start();
  REQUIRE(f.runner.wait_started("a"));
  f.call().request_cancel(CancelDegree::graceful);
  f.call().request_cancel(CancelDegree::force);
  CHECK(f.wait() == "cancelled");
  CHECK(f.runner.stops() == std::vector<std::string>{"detach"});
  CHECK(f.call().summary().unfinished() == 2);
  CHECK_FALSE(f.call().is_abandoned());
}

TEST_CASE("force does not wait for the workflow's own code", "[exec]") {
  Gate inside, leave;
  {
    ExecutorFixture f("");
    f.workflow([&](WorkflowHost&) -> Result<json> {
      inside.open();
      leave.wait();
      return json();
    });
    f.start();
    REQUIRE(inside.wait());
    f.call().request_cancel(CancelDegree::force);
    CHECK(f.wait() == "cancelled");
    CHECK(f.call().is_abandoned());
    leave.open();
  }
}

TEST_CASE("kill kills the operations and records their end", "[exec]") {
  ExecutorFixture f("a; b after a");
  f.runner.hold("a");
  f.start();
  REQUIRE(f.runner.wait_started("a"));
  f.call().request_cancel(CancelDegree::kill);
  CHECK(f.wait() == "cancelled");
  CHECK(f.runner.stops() == std::vector<std::string>{"kill"});
  CHECK(f.trace() == "start a\nfail a\nskip b: a failed\n");
}

TEST_CASE("kill does not wait longer than the grace time", "[exec]") {
  Gate inside, leave;
  {
    ExecutorFixture f("");
    f.workflow([&](WorkflowHost&) -> Result<json> {
      inside.open();
      leave.wait();
      return json();
    });
    f.start();
    REQUIRE(inside.wait());
    f.call().request_cancel(CancelDegree::kill);
    while (f.runner.stops().empty())
      std::this_thread::yield();
    f.clock.advance_s(60);
    CHECK(f.wait() == "cancelled");
    CHECK(f.call().is_abandoned());
    leave.open();
  }
}

TEST_CASE("a lower degree changes nothing", "[exec]") {
  ExecutorFixture f("a");
  f.runner.hold("a");
  f.start();
  REQUIRE(f.runner.wait_started("a"));
  f.call().request_cancel(CancelDegree::force);
  f.call().request_cancel(CancelDegree::graceful);
  CHECK(f.call().cancel_degree() == CancelDegree::force);
  CHECK(f.wait() == "cancelled");
}

TEST_CASE("a cancel during a handler is seen by it and ends execute() after it", "[exec]") {
  ExecutorFixture f("a; b after a; c");
  WorkflowHost* host = nullptr;
  f.on_success("a", [&](auto, const TaskOutcome&) {
    f.call().request_cancel(CancelDegree::graceful);
    CHECK(host->cancel_request() == cfy::plugin::CancelDegree::graceful);
    return Result(verdict(HandlerAction::cont));
  });
  f.workflow([&](WorkflowHost& given) -> Result<json> {
    host = &given;
    return given.execute().error();
  });
  CHECK(f.run() == "cancelled");
  CHECK(f.trace().find("done a\n") != std::string::npos);
  CHECK(f.trace().find("start b") == std::string::npos);
}
