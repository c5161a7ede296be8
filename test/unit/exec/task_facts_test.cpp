// What a workflow may ask about its tasks, its graph and its execution, and the numbers it may set.
#include <catch2/catch.hpp>

#include "executor_fixture.hpp"
#include "stored_execution.hpp"

namespace cfy::test {
namespace {

using plugin::HandlerAction;
using plugin::HandlerResult;
using plugin::InstanceId;
using plugin::TaskId;
using plugin::TaskOrder;
using plugin::TaskOutcome;
using plugin::WorkflowHost;

/// "a s x", by the names that tasks have.
std::string task_names(WorkflowHost& host, TaskOrder order, std::optional<TaskId> subgraph = {}) {
  const auto tasks = host.list_tasks(subgraph, order);
  if (!tasks) return tasks.error().message();
  std::string names;
  for (const TaskId task : *tasks)
    names += (names.empty() ? "" : " ") + host.task_name(task);
  return names;
}

std::string message_of(const base::Result<void>& result) {
  return result ? "ok" : result.error().message();
}

/// A workflow that looks, and runs nothing.
template <typename Look>
void look_at(ExecutorFixture& f, Look look) {
  f.workflow([&](WorkflowHost& host) -> base::Result<json> {
    look(host);
    return json();
  });
  CHECK(f.run() == "ok");
}

/// A handler: gives a new subgraph with the operation "extra" for one that failed, and itself to
/// that.
class ReplaceBy {
 public:
  ReplaceBy(WorkflowHost*& host, std::vector<std::string> names)
      : host_(host), names_(std::move(names)), next_(std::make_shared<std::size_t>(0)) {}

  base::Result<HandlerResult> operator()(TaskId, const TaskOutcome&) const {
    const TaskId again = host_->make_subgraph(names_.at((*next_)++));
    CHECK(host_->add_task({}, again).ok());
    CHECK(host_->set_on_failure(again, *this).ok());
    const auto extra = host_->make_operation_task(InstanceId{0}, "extra", {}, false, {});
    CHECK(host_->add_task(again, *extra).ok());
    HandlerResult result = verdict(HandlerAction::retry);
    result.retried_task = again;
    return result;
  }

 private:
  WorkflowHost*& host_;
  std::vector<std::string> names_;
  std::shared_ptr<std::size_t> next_;
};

}  // namespace

TEST_CASE("tasks of a graph and of a subgraph are listed", "[exec]") {
  ExecutorFixture f("b after s; s { y after x; x } after a; a");
  look_at(f, [&](WorkflowHost& host) {
    CHECK(task_names(host, TaskOrder::added) == "b s y x a");
    CHECK(task_names(host, TaskOrder::linear) == "a s x y b");
    CHECK(task_names(host, TaskOrder::added, f.id("s")) == "y x");
    CHECK(task_names(host, TaskOrder::linear, f.id("s")) == "x y");
    CHECK(task_names(host, TaskOrder::added, f.id("a")) ==
          "there is no such subgraph in the graph");
    CHECK(host.remove_task(f.id("y")).ok());
    CHECK(task_names(host, TaskOrder::added) == "b s x a");
  });
}

TEST_CASE("a ring has no linear order and cannot be optimized", "[exec]") {
  ExecutorFixture f("c; a after b; b after a");
  look_at(f, [&](WorkflowHost& host) {
    const std::string ring =
        "the task graph has a ring, each task waits for the next: n_1.a -> n_1.b -> n_1.a";
    CHECK(task_names(host, TaskOrder::linear) == ring);
    CHECK(message_of(host.optimize()) == ring);
  });
}

TEST_CASE("optimizing takes out what does nothing, unless somebody hears of it", "[exec]") {
  ExecutorFixture f("a; b; s { }; heard { } after a");
  f.on_success("heard", {verdict(HandlerAction::cont)});
  f.workflow([&](WorkflowHost& host) -> base::Result<json> {
    const TaskId nop = host.make_nop_task(), heard = host.make_nop_task();
    const TaskId event = host.make_event_task({{}, {}, "workflow_stage", "told"});
    const auto unmapped = host.make_operation_task(InstanceId{0}, "unmapped", {}, false, {});
    for (const TaskId task : {nop, heard, event, *unmapped})
      CHECK(host.add_task({}, task).ok());
    CHECK(host.set_on_success(heard,
                              [](TaskId, const TaskOutcome&) {
                                return base::Result(verdict(HandlerAction::cont));
                              })
              .ok());
    CHECK(host.add_dependency(nop, f.id("a")).ok());
    CHECK(host.add_dependency(f.id("b"), nop).ok());
    CHECK(host.optimize().ok());
    CHECK(task_names(host, TaskOrder::added) == "a b heard nop send_event");
    CHECK(host.task_facts(nop)["is_in_graph"] == false);
    if (auto done = host.execute(); !done) return done.error();
    return json();
  });
  CHECK(f.run() == "ok");
  CHECK(f.trace().find("done a\n") < f.trace().find("start b\n"));
}

TEST_CASE("facts of a task follow it to its end", "[exec]") {
  ExecutorFixture f("s { a; b after a }");
  f.options.task_retries = 3;
  f.options.task_retry_interval_s = 2;
  f.runner.answer("a", {recoverable("busy", 60), ok("value")});
  std::vector<json> seen;
  f.workflow([&](WorkflowHost& host) -> base::Result<json> {
    seen.push_back(host.task_facts(f.id("a")));
    CHECK(host.task_facts(TaskId{99}).is_null());
    if (auto done = host.execute(); !done) return done.error();
    seen.push_back(host.task_facts(f.id("a")));
    return host.task_facts(f.id("s"));
  });
  f.start();
  REQUIRE(f.recorder.wait_for("retry a"));
  const json waiting = f.call().host().task_facts(f.id("a"));
  CHECK(waiting["state"] == "rescheduled");
  CHECK(waiting["execute_after"] == static_cast<double>(f.clock.wall_ms()) / 1000 + 60);
  CHECK(waiting["error"] == "busy [retry_after=60]");
  f.clock.advance_s(60);
  const std::string subgraph = f.wait();

  const auto id = static_cast<std::uint32_t>(f.id("a"));
  CHECK(seen.at(0) == json{{"id", id},
                           {"task_id", "x-" + std::to_string(id)},
                           {"kind", "operation"},
                           {"name", "a"},
                           {"info", "test.interface.a"},
                           {"state", "pending"},
                           {"is_in_graph", true},
                           {"containing_subgraph", static_cast<std::uint32_t>(f.id("s"))},
                           {"send_task_events", true},
                           {"retried_task", nullptr},
                           {"error", nullptr},
                           {"total_retries", 3},
                           {"retry_interval", 2.0},
                           {"current_retries", 0},
                           {"execute_after", nullptr},
                           {"timeout", nullptr},
                           {"timeout_recoverable", false}});
  CHECK(seen.at(1)["state"] == "succeeded");
  CHECK(seen.at(1)["current_retries"] == 1);
  CHECK(seen.at(1)["execute_after"].is_null());
  CHECK(seen.at(1)["error"].is_null());
  CHECK(subgraph.find(R"("kind":"subgraph")") != std::string::npos);
}

TEST_CASE("facts show the states that the workflow API knows", "[exec]") {
  ExecutorFixture f("a; b after a; c");
  f.runner.answer("a", {fatal("no")});
  f.runner.answer("c", {fatal("no")});
  f.on_failure("c", {verdict(HandlerAction::ignore)});
  f.workflow([&](WorkflowHost& host) -> base::Result<json> {
    CHECK_FALSE(host.execute().ok());
    return json{host.task_facts(f.id("a"))["state"], host.task_facts(f.id("b"))["state"],
                host.task_facts(f.id("c"))["state"]};
  });
  CHECK(f.run() == R"(ok: ["failed","pending","failed"])");
}

TEST_CASE("each kind of task has its own word for people", "[exec]") {
  ExecutorFixture f("");
  look_at(f, [&](WorkflowHost& host) {
    plugin::TaskOptions counted;
    counted.info = "sheep";
    const auto info = [&](TaskId task) { return host.task_facts(task)["info"]; };
    CHECK(info(host.make_event_task({{}, {}, "workflow_stage", "told"})) == "told");
    CHECK(info(host.make_state_task(InstanceId{0}, "started")) == "started");
    CHECK(info(host.make_nop_task()).is_null());
    CHECK(info(host.make_local_task("count", {}, {}, counted)) == "sheep");
    CHECK(info(host.make_local_task("count", {}, {}, {})).is_null());
  });
}

TEST_CASE("a task may have its own number of retries", "[exec]") {
  ExecutorFixture f("a");
  f.options.task_retries = 0;
  f.runner.answer("a", {recoverable("1"), recoverable("2"), ok()});
  f.workflow([&](WorkflowHost& host) -> base::Result<json> {
    CHECK(host.set_total_retries(f.id("a"), 2).ok());
    CHECK(message_of(host.set_total_retries(f.id("a"), -2)) ==
          "total_retries must be -1 (endless) or more, got -2");
    CHECK(message_of(host.set_total_retries(host.make_nop_task(), 1)) ==
          "task 'nop' is never tried again");
    CHECK(message_of(host.set_total_retries(TaskId{99}, 1)) == "there is no such task");
    if (auto done = host.execute(); !done) return done.error();
    CHECK(message_of(host.set_total_retries(f.id("a"), 5)) ==
          "task 'a' has started; its number of retries stays");
    return json();
  });
  CHECK(f.run() == "ok");
}

TEST_CASE("a subgraph's own number of retries goes on to those that take its place", "[exec]") {
  const std::size_t fails = GENERATE(1U, 2U, 3U);
  ExecutorFixture f("s { x }; b after s");
  f.options.subgraph_retries = 0;
  f.runner.answer("x", {fatal("first")});
  f.runner.answer("extra", {fatal("again"), fails > 2 ? fatal("at last") : ok()});
  if (fails == 1) f.runner.answer("extra", {ok()});
  WorkflowHost* host = nullptr;
  f.on_failure("s", ReplaceBy(host, {"s2", "s3", "s4"}));
  json last;
  f.workflow([&](WorkflowHost& given) -> base::Result<json> {
    host = &given;
    CHECK(given.set_total_retries(f.id("s"), 2).ok());
    const auto done = given.execute();
    const auto all = given.list_tasks({}, TaskOrder::added);
    for (const TaskId task : *all)
      if (const json facts = given.task_facts(task); facts["kind"] == "subgraph") last = facts;
    if (!done) return done.error();
    return json();
  });
  const std::string ended = f.run();
  CHECK(ended == (fails > 2 ? "failed: Task failed 'extra' of n_1.extra -> at last" : "ok"));
  CHECK(last["name"] == (fails == 1 ? "s2" : "s3"));
  CHECK(last["total_retries"] == 2);
  CHECK(last["current_retries"] == (fails == 1 ? 1 : 2));
  if (fails == 1) CHECK(last["retried_task"] == static_cast<std::uint32_t>(f.id("s")));
}

TEST_CASE("a task may ask for the state of an instance", "[exec]") {
  ExecutorFixture f("");
  f.workflow([&](WorkflowHost& host) -> base::Result<json> {
    json states = json::array();
    const auto ask = [&] {
      const TaskId task = host.make_state_task(InstanceId{0}, "");
      CHECK(host.start_task(task).ok());
      CHECK(host.wait_for_task(task, true).ok());
      states.push_back(host.task_outcome(task)->result);
    };
    ask();
    CHECK(host.start_task(host.make_state_task(InstanceId{0}, "prepared")).ok());
    ask();
    return states;
  });
  CHECK(f.run() == R"(ok: ["uninitialized","prepared"])");
  CHECK(f.events.text().empty());
}

TEST_CASE("a run that keeps no executions and no instances says so", "[exec]") {
  ExecutorFixture f("");
  look_at(f, [&](WorkflowHost& host) {
    CHECK(host.find_execution("x").error().message() == "there is no execution 'x'");
    CHECK(message_of(host.set_runtime_properties(InstanceId{0}, {{"port", 80}})) ==
          "this run stores no runtime properties");
    CHECK(message_of(host.set_runtime_properties(InstanceId{7}, {})) ==
          "there is no such node instance");
  });
}

TEST_CASE("runtime properties of a workflow are stored, and replaced whole", "[exec]") {
  ResumeStore store;
  StoredExecution execution(store, "x");
  const auto stored = [&] {
    return store.store->node_instances().list("d").value().at(0).runtime_properties;
  };
  ExecutorFixture f("");
  execution.prepare(f);
  look_at(f, [&](WorkflowHost& host) {
    CHECK(host.set_runtime_properties(InstanceId{0}, {{"port", 80}, {"name", "n"}}).ok());
    CHECK(stored() == json{{"port", 80}, {"name", "n"}});
    CHECK(host.set_runtime_properties(InstanceId{0}, {{"port", 81}}).ok());
    CHECK(stored() == json{{"port", 81}});
    CHECK(host.set_runtime_properties(InstanceId{0}, json::object()).ok());
    CHECK(stored() == json::object());
  });
}

TEST_CASE("a dry run stores no runtime properties", "[exec]") {
  ExecutorFixture f("");
  f.options.is_dry_run = true;
  look_at(f, [&](WorkflowHost& host) {
    CHECK(host.set_runtime_properties(InstanceId{0}, {{"port", 80}}).ok());
  });
}

}  // namespace cfy::test
