// The C++ face of tasks and graphs beyond building and running them: what a task is, which tasks
// there are, and what a context knows of its execution.
#include <fstream>

#include <catch2/catch.hpp>
#include <cfy/plugin.hpp>

#include "fake_workflow_host.hpp"
#include "run_body.hpp"
#include "support/temp_dir.hpp"

using Catch::Contains;
using cfy::json;
using cfy::test::FakeWorkflowHost;
using cfy::test::run_well;
using Strings = std::vector<std::string>;

namespace {

FakeWorkflowHost make_pair() {
  FakeWorkflowHost host;
  host.source_operations = {"i.link"};
  host.add_node("db", {"my.Db"}, 1);
  host.add_node("app", {"my.App"}, 1, {"db"});
  return host;
}

Strings names(const std::vector<cfy::Task>& tasks) {
  Strings found;
  for (const cfy::Task& task : tasks)
    found.push_back(task.name());
  return found;
}

}  // namespace

TEST_CASE("a graph lists its tasks, and a subgraph its members", "[plugin]") {
  FakeWorkflowHost host;
  run_well(host, [&](cfy::WorkflowContext& ctx) {
    const cfy::TaskGraph graph = ctx.graph_mode();
    const cfy::Subgraph first = graph.subgraph("first");
    const cfy::Task event = ctx.send_event("told");
    first.add_task(event);
    const cfy::Task outside = ctx.nop_task();
    CHECK(names(graph.tasks()) == Strings{"subgraph first", "workflow_stage - told"});
    CHECK(names(first.tasks()) == Strings{"workflow_stage - told"});
    CHECK(names(graph.linearize()) == Strings{"workflow_stage - told", "subgraph first"});

    CHECK(graph.get_task(event.id()) == event);
    CHECK_FALSE(graph.get_task(outside.id()));
    CHECK_FALSE(graph.get_task(99));
    CHECK(event.containing_subgraph()->id() == first.id());
    CHECK_FALSE(first.containing_subgraph());
    CHECK(event.is_in_graph());
    CHECK_FALSE(outside.is_in_graph());
    graph.optimize();
    CHECK(host.optimized == 1);
  });
}

TEST_CASE("a subgraph may have its own number of retries", "[plugin]") {
  FakeWorkflowHost host;
  run_well(host, [](cfy::WorkflowContext& ctx) {
    const cfy::TaskGraph graph = ctx.graph_mode();
    static_cast<void>(graph.subgraph("as the run says"));
    static_cast<void>(graph.subgraph("twice", {.total_retries = 2}));
    ctx.nop_task().set_total_retries(-1);
  });
  CHECK_FALSE(host.tasks[0].options.total_retries);
  CHECK(host.tasks[1].options.total_retries == 2);
  CHECK(host.tasks[2].options.total_retries == -1);
}

TEST_CASE("a task tells what it is and how far it has come", "[plugin]") {
  FakeWorkflowHost host;
  host.task_facts_given = {
      {"task_id", "x-7"},       {"kind", "operation"},         {"info", "i.create"},
      {"state", "rescheduled"}, {"send_task_events", true},    {"total_retries", 5},
      {"retry_interval", 2.5},  {"current_retries", 1},        {"execute_after", 1700000000.5},
      {"timeout", 30.0},        {"timeout_recoverable", true}, {"retried_task", nullptr}};
  run_well(host, [&](cfy::WorkflowContext& ctx) {
    static_cast<void>(ctx.graph_mode());
    const cfy::Task task = ctx.nop_task();
    CHECK(task.task_id() == "x-7");
    CHECK(task.info() == "i.create");
    CHECK(task.get_state() == "rescheduled");
    CHECK((task.is_remote() && !task.is_local() && !task.is_nop() && !task.is_subgraph()));
    CHECK_FALSE(task.as_subgraph());
    CHECK(task.send_task_events());
    CHECK(task.total_retries() == 5);
    CHECK(task.retry_interval() == 2.5);
    CHECK(task.current_retries() == 1);
    CHECK(task.execute_after() == 1700000000.5);
    CHECK(task.timeout() == 30.0);
    CHECK(task.timeout_recoverable());
    CHECK_FALSE(task.retried_task());
    CHECK(task.dump()["id"] == task.id());

    host.task_facts_given = {{"kind", "subgraph"},
                             {"info", nullptr},
                             {"execute_after", nullptr},
                             {"timeout", nullptr},
                             {"retried_task", 4}};
    CHECK((task.is_subgraph() && task.is_local()));
    CHECK(task.as_subgraph()->id() == task.id());
    CHECK(task.info().empty());
    CHECK_FALSE(task.execute_after());
    CHECK_FALSE(task.timeout());
    CHECK(task.retried_task()->id() == 4);
  });
}

TEST_CASE("a local task may carry a word for people", "[plugin]") {
  FakeWorkflowHost host;
  run_well(host, [](cfy::WorkflowContext& ctx) {
    static_cast<void>(ctx.graph_mode());
    static_cast<void>(ctx.local_task([] {}, {.name = "count", .info = "sheep"}));
    static_cast<void>(ctx.local_task([] {}, {.name = "sleep"}));
  });
  CHECK(host.tasks[0].options.info == "sheep");
  CHECK(host.tasks[1].options.info.empty());
}

TEST_CASE("a context knows its execution and others", "[plugin]") {
  FakeWorkflowHost host;
  host.deployment = {{"tenant_name", "a tenant"}, {"creator", "ada"}, {"display_name", "the shop"}};
  run_well(host, [](cfy::WorkflowContext& ctx) {
    CHECK(ctx.get_execution()["status"] == "started");
    CHECK(ctx.get_execution("execution-0")["status"] == "terminated");
    CHECK_THROWS_WITH(ctx.get_execution("none"), "there is no execution 'none'");
    CHECK(ctx.wait_after_fail() == 600);
    CHECK(ctx.local());
    CHECK(ctx.tenant_name() == "a tenant");
    CHECK(ctx.deployment().creator() == "ada");
    CHECK(ctx.deployment().display_name() == "the shop");
  });
}

TEST_CASE("a status of the workflow's own is told", "[plugin]") {
  FakeWorkflowHost host;
  run_well(host, [](cfy::WorkflowContext& ctx) { ctx.update_execution_status("half way"); });
  CHECK(host.ran == Strings{"workflow_stage - Execution status: half way"});
}

TEST_CASE("a workflow reads the blueprint's files", "[plugin]") {
  const cfy::test::TempDir folder;
  std::ofstream(folder.path() / "greeting.txt") << "hello";
  FakeWorkflowHost host;
  host.deployment = {{"resources_root", folder.path().string()}};
  run_well(host, [&](cfy::WorkflowContext& ctx) {
    CHECK(ctx.get_resource("greeting.txt") == "hello");
    const std::string copy = (folder.path() / "deep" / "copy.txt").string();
    CHECK(ctx.download_resource("greeting.txt", copy) == copy);
    CHECK(std::filesystem::exists(copy));
    CHECK_THROWS_WITH(ctx.get_resource("none.txt"), Contains("'none.txt' is not there"));
  });
}

TEST_CASE("a kill is told from other cancels", "[plugin]") {
  FakeWorkflowHost host;
  host.is_cancelled = true;
  run_well(host, [&](cfy::WorkflowContext& ctx) {
    CHECK(ctx.has_cancel_request());
    CHECK_FALSE(ctx.has_kill_request());
    host.cancel_degree = cfy::plugin::CancelDegree::kill;
    CHECK(ctx.has_cancel_request());
    CHECK(ctx.has_kill_request());
  });
}

TEST_CASE("runtime properties may be replaced, unless an operation was quicker", "[plugin]") {
  FakeWorkflowHost host = make_pair();
  run_well(host, [&](cfy::WorkflowContext& ctx) {
    const cfy::NodeInstance app = *ctx.get_node_instance("app_1");
    app.set_runtime_properties({{"port", 81}});
    CHECK(app.runtime_properties()["port"] == 80);
    CHECK_THROWS_AS(app.set_runtime_properties(json::array()), cfy::NonRecoverable);
    host.has_conflicts = true;
    CHECK_THROWS_AS(app.set_runtime_properties({{"port", 82}}), cfy::StorageConflict);
  });
  CHECK(host.runtime.at(1) == json{{"port", 81}});
}

TEST_CASE("nodes and instances tell the rest of what they are", "[plugin]") {
  FakeWorkflowHost host = make_pair();
  run_well(host, [](cfy::WorkflowContext& ctx) {
    const cfy::Node app = *ctx.get_node("app");
    CHECK(app.relationships()[0].source_operations() == Strings{"i.link"});
    CHECK(app.relationships()[0].target_operations().empty());
    CHECK(app.get_operation("none").is_null());
    CHECK(app.instances()[0].deployment_id() == "the-deployment");
  });
}
