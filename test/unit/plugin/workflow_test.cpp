// The C++ face of workflows through the C table, against a host in memory. Everything here crosses
// the boundary as it does for a plugin in a .so.
#include <memory>

#include <catch2/catch.hpp>
#include <cfy/plugin.hpp>

#include "fake_workflow_host.hpp"
#include "plugin/c_text.hpp"
#include "plugin/run.hpp"
#include "run_body.hpp"

using Catch::Contains;
using cfy::json;
using cfy::base::ErrorKind;
using cfy::test::FakeWorkflowHost;
using cfy::test::run;
using cfy::test::run_void;
using cfy::test::run_well;
using Strings = std::vector<std::string>;

namespace {

/// db, app -> db, two webs -> app and db.
FakeWorkflowHost make_host() {
  FakeWorkflowHost host;
  host.add_node("db", {"cloudify.nodes.Root", "my.Db"}, 1);
  host.add_node("app", {"cloudify.nodes.Root", "my.App"}, 1, {"db"});
  host.add_node("web", {"cloudify.nodes.Root", "my.App", "my.Web"}, 2, {"app", "db"});
  return host;
}

constexpr const char* kConfigure = "cloudify.interfaces.lifecycle.configure";

}  // namespace

TEST_CASE("a workflow knows its execution, and its result comes back", "[plugin]") {
  auto host = make_host();
  host.given = {{"word", "hello"}};
  const auto result = run(host, [](cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
    return json{ctx.execution_id(),    ctx.workflow_id(), ctx.blueprint().id(),
                ctx.deployment().id(), ctx.dry_run(),     parameters["word"]};
  });
  REQUIRE(result);
  CHECK(*result ==
        json{"execution-1", "my_workflow", "the-blueprint", "the-deployment", false, "hello"});
}

TEST_CASE("nodes and instances show the deployment in blueprint order", "[plugin]") {
  auto host = make_host();
  run_well(host, [](cfy::WorkflowContext& ctx) {
    Strings ids;
    for (const cfy::NodeInstance& instance : ctx.node_instances())
      ids.push_back(instance.id());
    CHECK(ids == Strings{"db_1", "app_1", "web_1", "web_2"});

    const auto web = ctx.get_node("web");
    REQUIRE(web);
    CHECK(web->type() == "my.Web");
    CHECK(web->type_hierarchy() == Strings{"cloudify.nodes.Root", "my.App", "my.Web"});
    CHECK((web->is_of_type("my.App") && !web->is_of_type("my.Db")));
    CHECK((web->has_operation(kConfigure) && web->has_operation("configure")));
    CHECK_FALSE(web->has_operation("cloudify.interfaces.lifecycle.start"));
    CHECK(web->properties()["port"] == 80);
    CHECK(web->number_of_instances() == 2);
    CHECK(web->instances().size() == 2);
    CHECK_FALSE(web->host_id());
    CHECK_FALSE(ctx.get_node("none"));
  });
}

TEST_CASE("relationships lead from instance to instance", "[plugin]") {
  auto host = make_host();
  run_well(host, [](cfy::WorkflowContext& ctx) {
    const auto web = ctx.get_node_instance("web_2");
    REQUIRE(web);
    CHECK(web->node_id() == "web");
    CHECK(web->index() == 2);
    CHECK(web->state() == "uninitialized");
    CHECK(web->runtime_properties()["port"] == 80);
    REQUIRE(web->relationships().size() == 2);
    const cfy::RelationshipInstance to_db = web->relationships()[1];
    CHECK(to_db.target_id() == "db_1");
    CHECK(to_db.source_id() == "web_2");
    CHECK(to_db.target_node_instance() == *ctx.get_node_instance("db_1"));
    CHECK(to_db.type() == "cloudify.relationships.connected_to");
    CHECK(to_db.is_derived_from("cloudify.relationships.depends_on"));
    CHECK(to_db.relationship().properties()["port"] == 80);
    CHECK(web->node().get_relationship("db")->target_node().id() == "db");
    CHECK_FALSE(web->node().get_relationship("web"));
  });
}

TEST_CASE("contained instances are found, at any depth", "[plugin]") {
  FakeWorkflowHost host;
  const std::string contained = "cloudify.relationships.contained_in";
  host.add_node("host", {"cloudify.nodes.Root"}, 1);
  host.add_node("server", {"cloudify.nodes.Root"}, 1, {"host"}, contained);
  host.add_node("module", {"cloudify.nodes.Root"}, 2, {"server"}, contained);
  host.add_node("other", {"cloudify.nodes.Root"}, 1, {"host"});
  run_well(host, [](cfy::WorkflowContext& ctx) {
    const auto ids = [](const std::vector<cfy::NodeInstance>& instances) {
      Strings found;
      for (const cfy::NodeInstance& instance : instances)
        found.push_back(instance.id());
      return found;
    };
    const auto outermost = *ctx.get_node_instance("host_1");
    CHECK(ids(outermost.contained_instances()) == Strings{"server_1"});
    CHECK(ids(outermost.get_contained_subgraph()) ==
          Strings{"host_1", "server_1", "module_1", "module_2"});
    CHECK(ids(ctx.get_node_instance("other_1")->get_contained_subgraph()) == Strings{"other_1"});
  });
}

TEST_CASE("operations carry their kwargs and options", "[plugin]") {
  auto host = make_host();
  run_well(host, [](cfy::WorkflowContext& ctx) {
    const auto graph = ctx.graph_mode();
    const auto app = *ctx.get_node_instance("app_1");
    graph.add_task(app.execute_operation(kConfigure, {.kwargs = {{"a", {1, 2}}},
                                                      .send_task_events = false,
                                                      .total_retries = -1,
                                                      .retry_interval = 0.5}));
    graph.add_task(app.relationships()[0].execute_target_operation("establish"));
    graph.execute();
  });
  const auto& configure = host.task("app_1." + std::string(kConfigure));
  CHECK(configure.kwargs == json{{"a", {1, 2}}});
  CHECK_FALSE(configure.options.send_task_events);
  CHECK(configure.options.total_retries == -1);
  CHECK(configure.options.retry_interval_s == 0.5);
  const auto& establish = host.task("app_1->db_1 establish@target");
  CHECK(establish.kwargs == json::object());
  CHECK(establish.options.send_task_events);
  CHECK_FALSE(establish.options.total_retries);
  CHECK_FALSE(establish.options.retry_interval_s);
}

TEST_CASE("what the host refuses is thrown, and reaches the user", "[plugin]") {
  auto host = make_host();
  const auto result = run_void(host, [](cfy::WorkflowContext& ctx) {
    static_cast<void>(ctx.graph_mode());
    const auto app = *ctx.get_node_instance("app_1");
    CHECK_NOTHROW(app.execute_operation(
        "x", {.kwargs = {{"given_twice", 1}}, .allow_kwargs_override = true}));
    CHECK_THROWS_AS(app.execute_operation("x", {.kwargs = json::array()}), cfy::NonRecoverable);
    app.execute_operation("x", {.kwargs = {{"given_twice", 1}}});
  });
  REQUIRE_FALSE(result);
  CHECK(result.error().kind() == ErrorKind::failed);
  CHECK(result.error().message() == "input 'given_twice' is given twice");
}

TEST_CASE("a sequence chains tasks, lists and forkjoins", "[plugin]") {
  auto host = make_host();
  run_well(host, [](cfy::WorkflowContext& ctx) {
    const auto graph = ctx.graph_mode();
    const auto event = [&](const char* text) { return ctx.send_event(text, "e"); };
    const std::vector<cfy::Task> list = {event("c"), event("d")};
    graph.sequence()
        .add(event("a"), cfy::forkjoin(event("b1"), event("b2")), list)
        .add(cfy::forkjoin(std::vector<cfy::Task>()), event("f"));
    graph.execute();
  });
  CHECK(host.dependencies() == std::set<std::string>{"e - b1 after e - a", "e - b2 after e - a",
                                                     "e - c after e - b1", "e - c after e - b2",
                                                     "e - d after e - c", "e - f after e - d"});
}

TEST_CASE("a subgraph is a task with members", "[plugin]") {
  auto host = make_host();
  run_well(host, [](cfy::WorkflowContext& ctx) {
    const auto graph = ctx.graph_mode();
    const cfy::Subgraph outer = graph.subgraph("outer");
    const cfy::Subgraph inner = outer.subgraph("inner");
    inner.sequence().add(ctx.send_event("one", "e"), ctx.send_event("two", "e"));
    const cfy::Task last = ctx.send_event("last", "e");
    graph.add_task(last);
    graph.add_dependency(last, outer);
    graph.execute();
  });
  CHECK(host.dependencies() ==
        std::set<std::string>{"e - two after e - one", "e - last after subgraph outer"});
  const auto member_of = [&](const char* label) {
    return host.tasks.at(static_cast<std::size_t>(host.task(label).subgraph.value())).label;
  };
  CHECK(member_of("subgraph inner") == "subgraph outer");
  CHECK(member_of("e - two") == "subgraph inner");
}

TEST_CASE("tasks and dependencies can be taken out again", "[plugin]") {
  auto host = make_host();
  run_well(host, [](cfy::WorkflowContext& ctx) {
    const auto graph = ctx.graph_mode();
    const cfy::Task a = ctx.send_event("a", "e"), b = ctx.send_event("b", "e");
    for (const cfy::Task& task : {a, b})
      graph.add_task(task);
    graph.add_dependency(a, b);
    graph.remove_dependency(a, b);
    graph.remove_task(b);
    CHECK(a.name() == "e - a");
    CHECK((a != b && a < b));
    graph.execute();
  });
  CHECK(host.ran == Strings{"e - a"});
}

TEST_CASE("a local task runs a lambda and gives its result", "[plugin]") {
  auto host = make_host();
  run_well(host, [](cfy::WorkflowContext& ctx) {
    const auto graph = ctx.graph_mode();
    const auto db = *ctx.get_node_instance("db_1");
    const cfy::Task add =
        ctx.local_task([a = 1, b = 2] { return a + b; }, {.name = "add", .node_instance = db});
    const cfy::Task quiet = ctx.local_task([db] { db.logger().info("in local"); });
    const cfy::Task fails = ctx.local_task([]() -> json { throw cfy::NonRecoverable("no"); });
    fails.on_failure([] { return cfy::HandlerResult::ignore(); });
    graph.sequence().add(add, quiet, fails);
    CHECK_THROWS_WITH(add.result(), "the task has not ended");
    graph.execute();
    CHECK(add.has_succeeded());
    CHECK(add.result() == 3);
    CHECK(quiet.result() == nullptr);
    CHECK(fails.error() == "no");
    CHECK_FALSE(fails.has_succeeded());
  });
  CHECK(host.ran == Strings{"local db_1 add", "local - local", "local - local"});
  CHECK(host.logs == Strings{"info db_1 in local"});
}

TEST_CASE("a local function says whether trying again would help", "[plugin]") {
  auto host = make_host();
  run_well(host, [](cfy::WorkflowContext& ctx) {
    static_cast<void>(ctx.graph_mode());
    ctx.local_task([] { throw cfy::NonRecoverable("final"); }, {.name = "final"});
    ctx.local_task([] { throw cfy::Recoverable("later", 2.5); }, {.name = "later"});
    ctx.local_task([] { throw cfy::Retry("again"); }, {.name = "again"});
    ctx.local_task([] { throw std::runtime_error("odd"); }, {.name = "odd"});
  });
  const auto ended = [&](const char* name) {
    return host.task("local - " + std::string(name)).function();
  };
  CHECK_FALSE(ended("final").is_recoverable);
  CHECK(ended("later").is_recoverable);
  CHECK(ended("later").retry_after_s == 2.5);
  CHECK(ended("again").wants_retry);
  CHECK(ended("odd").is_recoverable);
  CHECK(ended("odd").error().message() == "std::runtime_error: odd");
}

TEST_CASE("a local function may not touch the graph", "[plugin]") {
  auto host = make_host();
  std::string refused;
  run_well(host, [&refused](cfy::WorkflowContext& ctx) {
    const auto graph = ctx.graph_mode();
    graph.add_task(ctx.local_task([&ctx, &refused] {
      try {
        ctx.send_event("from a pool thread");
      } catch (const cfy::NonRecoverable& error) {
        refused = error.what();
      }
    }));
    graph.execute();
  });
  CHECK_THAT(refused, Contains("a local function may not change the graph"));
}

TEST_CASE("what the plugin hands over is released, run or not", "[plugin]") {
  const auto token = std::make_shared<int>(1);
  {
    auto host = make_host();
    run_well(host, [token](cfy::WorkflowContext& ctx) {
      const auto graph = ctx.graph_mode();
      const cfy::Task task = ctx.local_task([token] { return *token; });
      task.on_success([token](const cfy::Task&) { return cfy::HandlerResult::cont(); });
      graph.add_task(task);
      ctx.local_task([token] { return *token; });
      CHECK_THROWS_AS(ctx.local_task([token] { return 0; }, {.total_retries = -5}),
                      cfy::NonRecoverable);
    });
    CHECK(token.use_count() > 1);
  }
  CHECK(token.use_count() == 1);
}

TEST_CASE("handlers decide what the end of a task means", "[plugin]") {
  auto host = make_host();
  host.failing = {{"db_1.ignored", "broken"}};
  int polls = 0;
  run_well(host, [&polls](cfy::WorkflowContext& ctx) {
    const auto graph = ctx.graph_mode();
    const auto db = *ctx.get_node_instance("db_1");
    const cfy::Task ignored = db.execute_operation("ignored");
    ignored.on_failure([](const cfy::Task& task) {
      CHECK(task.error() == "broken");
      return cfy::HandlerResult::ignore();
    });
    const cfy::Task polled = db.execute_operation("polled");
    polled.on_success([&polls] {
      return ++polls < 3 ? cfy::HandlerResult::retry(true, 0.1) : cfy::HandlerResult::cont();
    });
    graph.sequence().add(ignored, polled);
    graph.execute();
  });
  CHECK(polls == 3);
  CHECK(host.ran == Strings{"db_1.ignored", "db_1.polled", "db_1.polled", "db_1.polled"});
}

TEST_CASE("a workflow knows that it is resumed, and marks what is for that run alone", "[plugin]") {
  auto host = make_host();
  host.is_resumed = true;
  run_well(host, [](cfy::WorkflowContext& ctx) {
    static_cast<void>(ctx.graph_mode());
    const cfy::Task undo = ctx.nop_task();
    if (ctx.resume()) undo.for_this_run();
    const cfy::Task again = ctx.nop_task();
    ctx.nop_task().undoes(again);
  });
  CHECK(host.tasks[0].is_for_this_run);
  CHECK_FALSE(host.tasks[1].is_for_this_run);
  CHECK(host.tasks[2].undone == cfy::plugin::TaskId{1});
}

TEST_CASE("a handler's answer crosses whole", "[plugin]") {
  auto host = make_host();
  run_well(host, [](cfy::WorkflowContext& ctx) {
    static_cast<void>(ctx.graph_mode());
    const cfy::Task task = ctx.nop_task();
    task.on_success([] { return cfy::HandlerResult::retry(true, 0.5); });
    task.on_failure([](const cfy::Task&) -> cfy::HandlerResult { throw std::out_of_range("x"); });
  });
  const auto answer = host.tasks[0].on_success({}, {true, 7, {}});
  REQUIRE(answer);
  CHECK(answer->action == cfy::plugin::HandlerAction::retry);
  CHECK(answer->ignore_total_retries);
  CHECK(answer->retry_after_s == 0.5);
  CHECK(host.tasks[0].on_failure({}, {}).error().message() == "std::out_of_range: x");
}

TEST_CASE("a handler may name the subgraph that takes over", "[plugin]") {
  auto host = make_host();
  run_well(host, [](cfy::WorkflowContext& ctx) {
    const cfy::TaskGraph graph = ctx.graph_mode();
    graph.subgraph("first").on_failure(
        [graph] { return cfy::HandlerResult::retry_by(graph.subgraph("second")); });
  });
  const auto answer = host.task("subgraph first").on_failure({}, {false, nullptr, "no"});
  REQUIRE(answer);
  CHECK(answer->action == cfy::plugin::HandlerAction::retry);
  CHECK(answer->retried_task == cfy::plugin::TaskId{1});
}

TEST_CASE("what an instance is now is seen and changed at once", "[plugin]") {
  auto host = make_host();
  run_well(host, [](cfy::WorkflowContext& ctx) {
    const cfy::NodeInstance app = *ctx.get_node_instance("app_1");
    const cfy::TaskGraph graph = ctx.graph_mode();
    graph.add_task(app.set_state("started"));
    graph.execute();
    CHECK(app.state() == "uninitialized");
    CHECK(app.current_state() == "started");
    CHECK(app.system_properties() == json::object());
    app.set_system_properties({{"status", "well"}});
    CHECK(app.system_properties() == json{{"status", "well"}});
    CHECK_THROWS_WITH(app.set_system_properties(7), Contains("must be a dict"));
    CHECK_FALSE(app.host());
    app.send_event_now("look");
    ctx.send_event_now("there");
  });
  CHECK(host.told == Strings{"workflow_node_event app_1 look", "workflow_stage - there"});
}

TEST_CASE("a relationship knows its mapped operations", "[plugin]") {
  FakeWorkflowHost host;
  host.source_operations = {"i.link"};
  host.target_operations = {"i.accept"};
  host.add_node("db", {"t"}, 1);
  host.add_node("app", {"t"}, 1, {"db"});
  run_well(host, [](cfy::WorkflowContext& ctx) {
    const cfy::Relationship to_db = *ctx.get_node("app")->get_relationship("db");
    CHECK(to_db.has_source_operation("i.link"));
    CHECK_FALSE(to_db.has_source_operation("i.accept"));
    CHECK(to_db.has_target_operation("i.accept"));
  });
}

TEST_CASE("an operation may be left to its own number of retries", "[plugin]") {
  auto host = make_host();
  run_well(host, [](cfy::WorkflowContext& ctx) {
    static_cast<void>(ctx.graph_mode());
    const cfy::NodeInstance app = *ctx.get_node_instance("app_1");
    static_cast<void>(app.execute_operation(kConfigure, {.only_own_retries = true}));
    static_cast<void>(app.execute_operation("other", {.total_retries = 2}));
  });
  CHECK(host.tasks[0].options.only_own_retries);
  CHECK_FALSE(host.tasks[0].options.total_retries);
  CHECK_FALSE(host.tasks[1].options.only_own_retries);
  CHECK(host.tasks[1].options.total_retries == 2);
}

TEST_CASE("an event may carry more than its text", "[plugin]") {
  auto host = make_host();
  run_well(host, [](cfy::WorkflowContext& ctx) {
    static_cast<void>(ctx.graph_mode());
    static_cast<void>(ctx.send_event("step", "workflow_stage", {{"percent", 40}}));
    const cfy::NodeInstance app = *ctx.get_node_instance("app_1");
    static_cast<void>(app.send_event("step", "workflow_node_event", {{"percent", 60}}));
    CHECK_THROWS_AS(ctx.send_event("step", "workflow_stage", "forty"), cfy::NonRecoverable);
  });
  REQUIRE(host.tasks.size() == 2);
  CHECK(host.tasks[0].label.ends_with(" step {\"percent\":40}"));
  CHECK(host.tasks[1].label == "workflow_node_event app_1 step {\"percent\":60}");
}

TEST_CASE("a function is called without an operation", "[plugin]") {
  auto host = make_host();
  run_well(host, [](cfy::WorkflowContext& ctx) {
    static_cast<void>(ctx.graph_mode());
    static_cast<void>(ctx.execute_task("known.mod.f", {.kwargs = {{"a", 1}}, .total_retries = 3}));
    static_cast<void>(
        ctx.execute_task("known.mod.f", {.node_instance = ctx.get_node_instance("app_1"),
                                         .timeout = 2.5,
                                         .timeout_recoverable = true}));
    CHECK_THROWS_AS(ctx.execute_task("unknown.mod.f"), cfy::NonRecoverable);
  });
  REQUIRE(host.tasks.size() == 2);
  CHECK(host.tasks[0].label.ends_with(" known.mod.f"));
  CHECK(host.tasks[0].kwargs == json{{"a", 1}});
  CHECK(host.tasks[0].options.total_retries == 3);
  CHECK(host.tasks[1].label == "app_1 known.mod.f within 2.5 s recoverable");
}

TEST_CASE("a failed graph is thrown as WorkflowFailed, with its tasks", "[plugin]") {
  auto host = make_host();
  host.failing = {{"db_1.configure", "disk full"}};
  const auto result = run_void(host, [](cfy::WorkflowContext& ctx) {
    const auto graph = ctx.graph_mode();
    graph.add_task(ctx.get_node_instance("db_1")->execute_operation("configure"));
    CHECK_THROWS_AS(graph.execute(), cfy::WorkflowFailed);
    throw cfy::WorkflowFailed("and told on");
  });
  REQUIRE_FALSE(result);
  CHECK(result.error().kind() == ErrorKind::failed);
  CHECK(result.error().message() == "and told on");
}

TEST_CASE("a cancelled execution can be cleaned up after and ends as cancelled", "[plugin]") {
  auto host = make_host();
  host.is_cancelled = true;
  bool cleaned = false;
  const auto result = run_void(host, [&](cfy::WorkflowContext& ctx) {
    CHECK(ctx.has_cancel_request());
    try {
      ctx.graph_mode().execute();
    } catch (const cfy::ExecutionCancelled&) {
      cleaned = true;
      throw;
    }
  });
  REQUIRE_FALSE(result);
  CHECK(result.error().kind() == ErrorKind::cancelled);
  CHECK(cleaned);
}

TEST_CASE("returning 'execution_cancelled' ends as cancelled, too", "[plugin]") {
  auto host = make_host();
  const auto result = run(host, [](auto&, auto&) { return json("execution_cancelled"); });
  REQUIRE_FALSE(result);
  CHECK(result.error().kind() == ErrorKind::cancelled);
}

TEST_CASE("any exception of a workflow becomes its error, with its type", "[plugin]") {
  auto host = make_host();
  const auto result =
      run_void(host, [](cfy::WorkflowContext&) { static_cast<void>(std::vector<int>().at(0)); });
  REQUIRE_FALSE(result);
  CHECK(result.error().kind() == ErrorKind::failed);
  CHECK_THAT(result.error().message(), Catch::StartsWith("std::out_of_range: "));
  const auto odd = run_void(host, [](cfy::WorkflowContext&) { throw 42; });
  REQUIRE_FALSE(odd);
  CHECK_THAT(odd.error().message(), Contains("not a std::exception"));
}

TEST_CASE("wrong task handles are refused", "[plugin]") {
  auto host = make_host();
  run_well(host, [](cfy::WorkflowContext& ctx) {
    const auto graph = ctx.graph_mode();
    const cfy::Task task = ctx.nop_task();
    CHECK_THROWS_WITH(graph.add_dependency(task, cfy::Task()), "there is no such task");
    CHECK_THROWS_WITH(cfy::Task().name(), "an empty cfy::Task was used");
  });
}

namespace {

/// A function in the manner of C, which passes what the C++ face would not.
cfy_status pass_nonsense(void*, const cfy_workflow_host* host, cfy_workflow* call, cfy_reply*) {
  using cfy::plugin::borrow;
  using cfy::plugin::view;
  const cfy_str name = borrow("x");
  cfy_task made = CFY_NONE;
  CHECK(host->size == sizeof(cfy_workflow_host));
  CHECK(host->node(call, 99) == nullptr);
  CHECK(host->instance(call, CFY_NONE) == nullptr);
  CHECK(host->relationship(call, 0, 9) == nullptr);
  CHECK(host->relationship_instance(call, 0, 9) == nullptr);
  CHECK(view(host->node_properties(call, 99)).empty());
  CHECK(view(host->relationship_properties(call, 0, 9)).empty());
  CHECK(view(host->runtime_properties(call, 99)).empty());
  CHECK(host->operation_task(call, 99, name, {}, 0, nullptr, &made) == CFY_INVALID);
  CHECK(view(host->last_error(call)) == "there is no node instance number 99");
  CHECK(host->operation_task(call, 0, name, borrow("{not json"), 0, nullptr, &made) == CFY_INVALID);
  CHECK_THAT(std::string(view(host->last_error(call))), Contains("is not JSON"));
  CHECK(host->relationship_task(call, 1, 0, 5, name, {}, 0, nullptr, &made) == CFY_INVALID);
  CHECK(host->relationship_task(call, 1, 7, 0, name, {}, 0, nullptr, &made) == CFY_INVALID);
  CHECK(view(host->last_error(call)) == "node instance 'app_1' has no relationship number 7");
  CHECK(host->event_task(call, 0, 3, name, name, {}, &made) == CFY_INVALID);
  CHECK(host->event_task(call, 0, CFY_NONE, name, name, borrow("[1]"), &made) == CFY_INVALID);
  CHECK(view(host->last_error(call)) == "the context of an event must be a JSON object");
  CHECK(host->state_task(call, CFY_NONE, name, &made) == CFY_INVALID);
  CHECK(made == CFY_NONE);
  host->log(call, 99, name, name);
  cfy_task_list tasks{};
  CHECK(host->graph_tasks(call, CFY_NONE, 7, &tasks) == CFY_INVALID);
  CHECK(view(host->last_error(call)) == "tasks have no order 7");
  CHECK(view(host->task_json(call, 99)).empty());
  CHECK(host->set_runtime_properties(call, 99, borrow("{}")) == CFY_INVALID);
  CHECK(host->set_runtime_properties(call, 0, borrow("{")) == CFY_INVALID);
  // A smaller struct of an older plugin is filled as far as it goes.
  CHECK(host->nop_task(call, &made) == CFY_OK);
  CHECK(host->graph_add_task(call, CFY_NONE, made) == CFY_OK);
  CHECK(host->graph_execute(call) == CFY_OK);
  cfy_task_outcome outcome{8, 0, {}, borrow("untouched")};
  CHECK(host->task_outcome(call, made, &outcome) == CFY_OK);
  CHECK(outcome.succeeded == 1);
  CHECK(view(outcome.error) == "untouched");
  return CFY_FAILED;
}

}  // namespace

TEST_CASE("the C table refuses what does not exist", "[plugin]") {
  auto host = make_host();
  cfy::plugin::Entry entry;
  entry.workflow = pass_nonsense;
  const auto result = cfy::plugin::run_workflow(entry, host);
  REQUIRE_FALSE(result);
  CHECK(result.error().message() == "the function returned status 1 without saying why");
}

TEST_CASE("texts that are not UTF-8 do no harm", "[plugin]") {
  auto host = make_host();
  const auto result = run(host, [](cfy::WorkflowContext& ctx, const cfy::Parameters&) -> json {
    ctx.logger().error("bad \xff byte");
    return "also \xfe bad";
  });
  CHECK(result);
  CHECK(host.logs == Strings{"error - bad \\xff byte"});
}

TEST_CASE("without graph mode a task starts at once and gives its result", "[plugin]") {
  FakeWorkflowHost host = make_host();
  run_well(host, [&](cfy::WorkflowContext& ctx) {
    ctx.send_event("first part");
    const auto task = ctx.local_task([] { return 42; }, {.name = "count"});
    CHECK(host.ran == Strings{"workflow_stage - first part", "local - count"});
    CHECK(task.get() == 42);
    const auto instance = ctx.get_node_instance("app_1");
    CHECK(instance->execute_operation(kConfigure).get() == nullptr);
    CHECK(instance->set_state("prepared").get() == nullptr);
  });
}

TEST_CASE("get() throws the error of a task, and answers a cancel", "[plugin]") {
  FakeWorkflowHost host = make_host();
  host.failing["app_1.configure"] = "disk full";
  run_well(host, [&](cfy::WorkflowContext& ctx) {
    const auto instance = *ctx.get_node_instance("app_1");
    CHECK_THROWS_WITH(instance.execute_operation("configure").get(), Contains("disk full"));
    CHECK_THROWS_AS(instance.execute_operation("configure").get(), cfy::WorkflowFailed);
    const auto event = ctx.send_event("told");
    host.is_cancelled = true;
    CHECK_THROWS_AS(event.get(), cfy::ExecutionCancelled);
    ctx.cleanup([&] { CHECK_NOTHROW(event.get()); });
    CHECK_THROWS_AS(event.get(), cfy::ExecutionCancelled);
  });
}

TEST_CASE("a cleanup scope ends with its block, also by an exception", "[plugin]") {
  FakeWorkflowHost host = make_host();
  run_well(host, [&](cfy::WorkflowContext& ctx) {
    const auto throwing = [&] {
      const cfy::CleanupScope scope(ctx);
      CHECK(host.is_cleaning_up);
      throw cfy::Recoverable("x");
    };
    CHECK_THROWS_AS(throwing(), cfy::Recoverable);
    CHECK_FALSE(host.is_cleaning_up);
  });
}

TEST_CASE("graph mode after a task was started is refused", "[plugin]") {
  FakeWorkflowHost host = make_host();
  run_well(host, [&](cfy::WorkflowContext& ctx) {
    ctx.send_event("first part");
    CHECK_THROWS_WITH(ctx.graph_mode(), Contains("before anything that makes a task"));
  });
}

TEST_CASE("standard tasks take no handlers, and tasks of a graph no get() before the end",
          "[plugin]") {
  FakeWorkflowHost host = make_host();
  run_well(host, [&](cfy::WorkflowContext& ctx) {
    const auto task = ctx.send_event("x");
    CHECK_THROWS_WITH(task.on_failure([] { return cfy::HandlerResult::ignore(); }),
                      Contains("has started already"));
  });
  FakeWorkflowHost other = make_host();
  run_well(other, [&](cfy::WorkflowContext& ctx) {
    const auto graph = ctx.graph_mode();
    const auto task = ctx.local_task([] { return "done"; });
    graph.add_task(task);
    CHECK_THROWS_AS(task.get(), cfy::NonRecoverable);
    graph.execute();
    CHECK(task.get() == "done");
  });
}
