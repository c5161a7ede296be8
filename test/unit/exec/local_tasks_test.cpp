// Local tasks: where they run, how they fail, and that a great many of them are no trouble.
#include <thread>

#include <catch2/catch.hpp>

#include "executor_fixture.hpp"

using cfy::base::Error;
using cfy::base::ErrorKind;
using cfy::base::Result;
using cfy::exec::CancelDegree;
using cfy::plugin::LocalFunction;
using cfy::plugin::LocalResult;
using cfy::plugin::WorkflowHost;
using cfy::test::ExecutorFixture;
using cfy::test::Gate;
using nlohmann::json;

namespace {

cfy::plugin::TaskId add_local(WorkflowHost& host, LocalFunction function,
                              const std::string& name = "local") {
  const auto task = host.make_local_task(name, {}, std::move(function), {});
  CHECK(host.add_task({}, task).ok());
  return task;
}

Result<json> run_all(WorkflowHost& host) {
  if (auto done = host.execute(); !done) return done.error();
  return json();
}

}  // namespace

TEST_CASE("a local task runs beside the workflow's thread and has a result", "[exec]") {
  ExecutorFixture f("");
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    std::thread::id where;
    const auto task = add_local(host, [&]() -> LocalResult {
      where = std::this_thread::get_id();
      return json(42);
    });
    CHECK(host.execute().ok());
    CHECK(where != std::this_thread::get_id());
    CHECK(host.task_outcome(task)->result == 42);
    return json();
  });
  CHECK(f.run() == "ok");
  CHECK(f.events.text() ==
        "task_started: Task started 'local'\ntask_succeeded: Task succeeded 'local' - 42\n");
}

TEST_CASE("an error of a local task is retried unless it says that this is useless", "[exec]") {
  ExecutorFixture f("");
  f.options.task_retries = 1;
  int tries = 0;
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    add_local(host, [&]() -> LocalResult {
      if (++tries == 1) return Error(ErrorKind::failed, "at first");
      return json();
    });
    return run_all(host);
  });
  CHECK(f.run() == "ok");
  CHECK(tries == 2);

  ExecutorFixture g("");
  g.options.task_retries = 5;
  g.workflow([&](WorkflowHost& host) -> Result<json> {
    add_local(host, []() -> LocalResult {
      LocalResult result = Error(ErrorKind::failed, "hopeless");
      result.is_recoverable = false;
      return result;
    });
    return run_all(host);
  });
  CHECK(g.run() == "failed: Task failed 'local' -> hopeless");
}

TEST_CASE("local tasks really run in parallel, also among many quick ones", "[exec]") {
  ExecutorFixture f("");
  Gate a, b;
  std::atomic<int> quick{0};
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    const auto add_quick = [&] {
      for (int i = 0; i < 2000; ++i)
        add_local(host, [&]() -> LocalResult {
          ++quick;
          return json();
        });
    };
    add_quick();
    add_local(host, [&]() -> LocalResult {
      a.open();
      return json(b.wait());
    });
    add_local(host, [&]() -> LocalResult {
      b.open();
      return json(a.wait());
    });
    add_quick();
    return run_all(host);
  });
  CHECK(f.run() == "ok");
  CHECK(quick == 4000);
  CHECK(f.call().summary().succeeded == 4002);
}

TEST_CASE("local tasks that have not begun do not run after a cancel", "[exec]") {
  ExecutorFixture f("");
  f.options.local_threads = 2;
  Gate inside, leave;
  std::atomic<int> ran{0};
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    for (int i = 0; i < 50; ++i)
      add_local(host, [&]() -> LocalResult {
        ++ran;
        inside.open();
        leave.wait();
        return json();
      });
    const auto done = host.execute();
    leave.open();
    return done.error();
  });
  f.start();
  REQUIRE(inside.wait());
  f.call().request_cancel(CancelDegree::graceful);
  CHECK(f.wait() == "cancelled");
  CHECK(ran <= 2);
  CHECK(f.call().summary().unfinished() == 50U - static_cast<unsigned>(ran));
}

TEST_CASE("a workflow sees what it changed; the snapshot stays", "[exec]") {
  ExecutorFixture f("");
  f.workflow([](cfy::plugin::WorkflowHost& host) -> cfy::base::Result<json> {
    const cfy::plugin::InstanceId instance{0};
    CHECK(host.current_state(instance) == "uninitialized");
    CHECK(host.add_task({}, host.make_state_task(instance, "started")).ok());
    if (auto done = host.execute(); !done) return done.error();
    CHECK(host.current_state(instance) == "started");
    CHECK(host.instances()[0].state == "uninitialized");
    CHECK(host.system_properties(instance) == json::object());
    host.set_system_properties(instance, {{"status", "well"}});
    return host.system_properties(instance);
  });
  CHECK(f.run() == "ok: {\"status\":\"well\"}");
  // Also when nothing is executed afterwards.
  CHECK(f.trace() ==
        "start set_state\ndone set_state\nstate 0 started\n"
        "system properties 0 {\"status\":\"well\"}\n");
}

TEST_CASE("a dry run changes neither states nor system properties", "[exec]") {
  ExecutorFixture f("");
  f.options.is_dry_run = true;
  f.workflow([](cfy::plugin::WorkflowHost& host) -> cfy::base::Result<json> {
    const cfy::plugin::InstanceId instance{0};
    CHECK(host.add_task({}, host.make_state_task(instance, "started")).ok());
    if (auto done = host.execute(); !done) return done.error();
    host.set_system_properties(instance, {{"status", "well"}});
    return json::array({host.current_state(instance), host.system_properties(instance)});
  });
  CHECK(f.run() == "ok: [\"uninitialized\",{}]");
}

TEST_CASE("an event can be told at once", "[exec]") {
  ExecutorFixture f("");
  f.workflow([](cfy::plugin::WorkflowHost& host) -> cfy::base::Result<json> {
    host.send_event(
        {cfy::plugin::InstanceId{0}, {}, "workflow_node_event", "now", {{"percent", 40}}});
    return json();
  });
  CHECK(f.run() == "ok");
  REQUIRE(f.events.all().size() == 1);
  CHECK(f.events.all()[0].text == "now");
  CHECK(f.events.all()[0].context.node_id == "n_1");
  CHECK(f.events.all()[0].context.additional == json{{"percent", 40}});
}

TEST_CASE("events and states are tasks in the graph's order", "[exec]") {
  ExecutorFixture f("");
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    const cfy::plugin::InstanceId instance{0};
    const auto first = host.make_event_task({instance, {}, "workflow_node_event", "Starting"});
    const auto state = host.make_state_task(instance, "started");
    const auto last = host.make_event_task({{}, {}, "workflow_stage", "All done"});
    for (const auto task : {last, state, first})
      CHECK(host.add_task({}, task).ok());
    CHECK(host.add_dependency(state, first).ok());
    CHECK(host.add_dependency(last, state).ok());
    return run_all(host);
  });
  CHECK(f.run() == "ok");
  CHECK(f.events.text() == "workflow_node_event: Starting\nworkflow_stage: All done\n");
  CHECK(f.events.all()[0].context.node_id == "n_1");
  CHECK(f.trace().find("state 0 started\n") != std::string::npos);
}
