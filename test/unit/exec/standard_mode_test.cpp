// Tasks that start one by one, without a graph; and the cleanup after a cancel.
#include <catch2/catch.hpp>

#include "executor_fixture.hpp"

using cfy::base::ErrorKind;
using cfy::base::Result;
using cfy::exec::CancelDegree;
using cfy::plugin::WorkflowHost;
using cfy::test::ExecutorFixture;
using cfy::test::Gate;
using cfy::test::ok;
using cfy::test::recoverable;
using nlohmann::json;

namespace {

cfy::plugin::TaskId start_operation(WorkflowHost& host, const std::string& name) {
  const auto task =
      host.make_operation_task(cfy::plugin::InstanceId{0}, name, json::object(), false, {}).value();
  (void)host.start_task(task);  // a force cancel may overtake it; waiting for the task tells
  return task;
}

/// The kind of error, or "ok".
std::string ended(const Result<void>& result) {
  if (result.ok()) return "ok";
  return result.error().kind() == ErrorKind::cancelled ? "cancelled" : result.error().message();
}

}  // namespace

TEST_CASE("a started task runs before anybody waits for it", "[exec]") {
  ExecutorFixture f("");
  f.runner.hold("extra");
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    const auto task = start_operation(host, "extra");
    if (!f.runner.wait_started("extra")) return json("it did not start");
    f.runner.finish("extra", ok("value"));
    if (const auto done = host.wait_for_task(task, true); !done) return done.error();
    return host.task_outcome(task)->result;
  });
  CHECK(f.run() == "ok: \"value\"");
  CHECK(f.trace() == "start extra\ndone extra\n");
}

TEST_CASE("events and states are done when the call that starts them returns", "[exec]") {
  ExecutorFixture f("");
  std::string told, written;
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    auto done = host.start_task(host.make_event_task({{}, {}, "workflow_stage", "first"}));
    if (done) done = host.start_task(host.make_state_task(cfy::plugin::InstanceId{0}, "prepared"));
    told = f.events.text();
    written = f.trace();
    return json(done.ok());
  });
  CHECK(f.run() == "ok: true");
  CHECK(told == "workflow_stage: first\n");
  CHECK(written.find("state 0 prepared") != std::string::npos);
}

TEST_CASE("an operation that is not mapped gives a completed result", "[exec]") {
  ExecutorFixture f("");
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    const auto task = start_operation(host, "nobody.mapped.this");
    if (const auto done = host.wait_for_task(task, true); !done) return done.error();
    return host.task_outcome(task)->result;
  });
  CHECK(f.run() == "ok");
  CHECK(f.trace() == "done nop\n");
}

TEST_CASE("waiting for a failed task gives its error, and that is the workflow's to judge",
          "[exec]") {
  ExecutorFixture f("");
  f.runner.answer("extra", {cfy::test::fatal("disk full")});
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    return json(ended(host.wait_for_task(start_operation(host, "extra"), true)));
  });
  CHECK(f.run() == "ok: \"Task failed 'extra' of n_1.extra -> disk full\"");
}

TEST_CASE("the end waits for all tasks, and failures that nobody saw surface there", "[exec]") {
  ExecutorFixture f("");
  f.runner.answer("extra", {cfy::test::fatal("disk full")});
  f.runner.hold("extra2");
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    start_operation(host, "extra");
    start_operation(host, "extra2");
    return json("all started");
  });
  f.start();
  REQUIRE(f.runner.wait_started("extra2"));
  CHECK_FALSE(f.is_over());
  f.runner.finish("extra2");
  CHECK(f.wait() == "failed: Task failed 'extra' of n_1.extra -> disk full");
  CHECK(f.trace().find("done extra2") != std::string::npos);
}

TEST_CASE("a started task is retried while it is waited for, unless the caller wants no retry",
          "[exec]") {
  ExecutorFixture f("");
  f.options.task_retries = 1;
  f.runner.answer("extra", {recoverable("once")});
  SECTION("retried") {
    f.workflow([&](WorkflowHost& host) -> Result<json> {
      return json(ended(host.wait_for_task(start_operation(host, "extra"), true)));
    });
    CHECK(f.run() == "ok: \"ok\"");
    CHECK(f.trace() == "start extra\nretry extra\nstart extra [1]\ndone extra\n");
  }
  SECTION("not while it runs") {
    // The answer may overtake the wait: the retry is then due at a time that never comes.
    f.options.task_retry_interval_s = 60;
    f.runner.hold("extra");
    f.workflow([&](WorkflowHost& host) -> Result<json> {
      const auto task = start_operation(host, "extra");
      return json(ended(host.wait_for_task(task, false)));
    });
    f.start();
    REQUIRE(f.runner.wait_started("extra"));
    f.runner.finish("extra", recoverable("once"));
    CHECK(f.wait() == "ok: \"Task failed 'extra' of n_1.extra -> once\"");
    CHECK(f.trace().find("[1]") == std::string::npos);
  }
  SECTION("not while it waits for its next try") {
    f.options.task_retry_interval_s = 60;
    f.workflow([&](WorkflowHost& host) -> Result<json> {
      const auto task = start_operation(host, "extra");
      if (!f.recorder.wait_for("retry extra")) return json("no retry");
      return json(ended(host.wait_for_task(task, false)));
    });
    CHECK(f.run() == "ok: \"Task failed 'extra' of n_1.extra -> once\"");
    CHECK(f.trace() == "start extra\nretry extra\nfail extra\n");
  }
}

TEST_CASE("waiting answers a cancel, also one that came before the call", "[exec]") {
  ExecutorFixture f("");
  f.runner.hold("extra");
  SECTION("before") {
    f.workflow([&](WorkflowHost& host) -> Result<json> {
      const auto task = start_operation(host, "extra");
      f.call().request_cancel(CancelDegree::graceful);
      auto done = host.wait_for_task(task, true);
      f.runner.finish("extra");
      return done.error();
    });
    CHECK(f.run() == "cancelled");
  }
  SECTION("while it waits") {
    f.workflow([&](WorkflowHost& host) -> Result<json> {
      return host.wait_for_task(start_operation(host, "extra"), true).error();
    });
    f.start();
    REQUIRE(f.runner.wait_started("extra"));
    f.call().request_cancel(CancelDegree::graceful);
    f.runner.finish("extra");
    CHECK(f.wait() == "cancelled");
  }
  SECTION("at the end of the function") {
    f.workflow([&](WorkflowHost& host) -> Result<json> {
      start_operation(host, "extra");
      return json("all started");
    });
    f.start();
    REQUIRE(f.runner.wait_started("extra"));
    f.call().request_cancel(CancelDegree::graceful);
    f.runner.finish("extra");
    CHECK(f.wait() == "cancelled");
  }
  CHECK(f.trace().find("done extra") != std::string::npos);  // what ran ended and is recorded
}

TEST_CASE("a workflow that does not look at a cancel goes on, and its tasks start", "[exec]") {
  ExecutorFixture f("");
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    if (auto done = host.wait_for_task(start_operation(host, "extra"), true); !done)
      return done.error();
    f.call().request_cancel(CancelDegree::graceful);
    start_operation(host, "extra2");
    if (!f.recorder.wait_for("done extra2")) return json("it did not run");
    return cfy::base::Error(ErrorKind::failed, "not what was asked for");
  });
  CHECK(f.run() == "failed: not what was asked for");
}

TEST_CASE("a function that looks at nothing after a cancel ends well", "[exec]") {
  ExecutorFixture f("");
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    if (auto done = host.wait_for_task(start_operation(host, "extra"), true); !done)
      return done.error();
    f.call().request_cancel(CancelDegree::graceful);
    return json("finished anyway");
  });
  CHECK(f.run() == "ok: \"finished anyway\"");
}

TEST_CASE("force ends a call that waits for a task", "[exec]") {
  ExecutorFixture f("");
  f.runner.hold("extra");
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    return host.wait_for_task(start_operation(host, "extra"), true).error();
  });
  f.start();
  REQUIRE(f.runner.wait_started("extra"));
  f.call().request_cancel(CancelDegree::force);
  CHECK(f.wait() == "cancelled");
}

TEST_CASE("more tasks may be started than run at a time", "[exec]") {
  ExecutorFixture f("", 1);
  f.runner.hold("extra");
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    for (int i = 0; i < 3; ++i)
      start_operation(host, "extra");
    return json();
  });
  f.start();
  for (int i = 0; i < 3; ++i) {
    REQUIRE(f.runner.wait_started("extra"));
    f.runner.finish("extra");
  }
  CHECK(f.wait() == "ok");
  CHECK(f.runner.most_at_a_time() == 1);
  CHECK(f.call().summary().work.succeeded == 3);
}

TEST_CASE("a workflow starts tasks or executes a graph, not both", "[exec]") {
  ExecutorFixture f("a");
  std::string refused;
  SECTION("a graph after a task") {
    f.workflow([&](WorkflowHost& host) -> Result<json> {
      start_operation(host, "extra");
      refused = ended(host.execute());
      return json();
    });
    CHECK(f.run() == "ok");
  }
  SECTION("a task after the graph") {
    f.workflow([&](WorkflowHost& host) -> Result<json> {
      if (auto done = host.execute(); !done) return done.error();
      refused = ended(host.start_task(host.make_nop_task()));
      return json();
    });
    CHECK(f.run() == "ok");
  }
  SECTION("a task that is in the graph") {
    f.workflow([&](WorkflowHost& host) -> Result<json> {
      refused = ended(host.start_task(f.id("a")));
      return json();
    });
    CHECK(f.run() == "ok");
  }
  CHECK((!refused.empty() && refused != "ok"));
}

TEST_CASE("a cleanup runs tasks although the run is cancelled", "[exec]") {
  ExecutorFixture f("a; b after a");
  f.runner.hold("a");
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    const auto first = host.execute();
    host.begin_cleanup();
    f.runner.finish("a", recoverable("too late to matter"));
    const auto undo =
        host.make_operation_task(cfy::plugin::InstanceId{0}, "extra", json::object(), false, {})
            .value();
    auto cleaned = host.add_task({}, undo);
    if (cleaned) cleaned = host.execute();
    host.end_cleanup();
    if (!cleaned) return cleaned.error();
    if (ended(host.execute()) != "cancelled") return json("the cancel was forgotten");
    return first.error();
  });
  f.options.task_retries = 5;
  f.start();
  REQUIRE(f.runner.wait_started("a"));
  f.call().request_cancel(CancelDegree::graceful);
  CHECK(f.wait() == "cancelled");
  CHECK(f.trace().find("done extra") != std::string::npos);
  CHECK(f.trace().find("fail a") != std::string::npos);  // not retried
  CHECK(f.trace().find("start b") == std::string::npos);
}

TEST_CASE("a cleanup lets started tasks be waited for", "[exec]") {
  ExecutorFixture f("");
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    f.call().request_cancel(CancelDegree::graceful);
    host.begin_cleanup();
    auto done = host.wait_for_task(start_operation(host, "extra"), true);
    host.end_cleanup();
    if (!done) return json("not cleaned up");
    return cfy::base::Error(ErrorKind::cancelled, "as asked");
  });
  CHECK(f.run() == "cancelled");
  CHECK(f.trace() == "start extra\ndone extra\n");
}

TEST_CASE("a cleanup does not outlive force", "[exec]") {
  ExecutorFixture f("");
  f.runner.hold("extra");
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    host.begin_cleanup();
    return host.wait_for_task(start_operation(host, "extra"), true).error();
  });
  f.start();
  REQUIRE(f.runner.wait_started("extra"));
  f.call().request_cancel(CancelDegree::graceful);
  f.call().request_cancel(CancelDegree::force);
  CHECK(f.wait() == "cancelled");
}
