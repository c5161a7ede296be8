// The C++ face of operations through the C table, against a host in memory.
#include <functional>
#include <map>

#include <catch2/catch.hpp>
#include <cfy/plugin.hpp>

#include "plugin/loader.hpp"
#include "plugin/run.hpp"

namespace plugin = cfy::plugin;
using Catch::Contains;
using cfy::json;
using plugin::OperationStatus;
using plugin::SubjectRole;

namespace {

class FakeOperationHost : public plugin::OperationHost {
 public:
  explicit FakeOperationHost(const json& request) : context_(request.dump()) {}

  const std::string& context_json() const override { return context_; }
  void log(std::string_view level, std::string_view logger, std::string_view text) override {
    logs.push_back(std::string(level) + " " + std::string(logger) + " " + std::string(text));
  }
  void send_event(std::string_view text) override { events.emplace_back(text); }
  cfy::base::Result<void> set_runtime_properties(SubjectRole role, json properties) override {
    if (refuses) return cfy::base::Error(cfy::base::ErrorKind::conflict, "changed meanwhile");
    saved[role] = std::move(properties);
    ++saves;
    return {};
  }
  void set_result(json value) override { result = std::move(value); }
  bool has_cancel_request() const override { return is_cancelled; }

  std::vector<std::string> logs, events;
  std::map<SubjectRole, json> saved;
  json result;
  int saves = 0;
  bool refuses = false, is_cancelled = false;

 private:
  std::string context_;
};

json subject(const std::string& name, const json& properties = {{"size", 1}}) {
  return {{"node",
           {{"id", name},
            {"name", name},
            {"type", "my.Type"},
            {"type_hierarchy", {"cloudify.nodes.Root", "my.Type"}},
            {"properties", {{"port", 80}}},
            {"number_of_instances", 2}}},
          {"instance",
           {{"id", name + "_1"},
            {"index", 1},
            {"state", "starting"},
            {"version", 3},
            {"runtime_properties", properties},
            {"relationships", json::array()}}}};
}

json request(int attempt = 0) {
  return {{"execution_id", "execution-1"},
          {"task_id", "task-1"},
          {"attempt", attempt},
          {"inputs", {{"word", "hello"}}},
          {"resources_root", "/blueprint"},
          {"workdir", "/work"},
          {"context",
           {{"workflow_id", "install"},
            {"blueprint", {{"id", "the-blueprint"}}},
            {"deployment", {{"id", "the-deployment"}}},
            {"workflow_parameters", {{"x", 1}}},
            {"plugin", {{"name", "mine"}}},
            {"operation",
             {{"name", "cloudify.interfaces.lifecycle.start"},
              {"retry_number", attempt},
              {"max_retries", 5},
              {"relationship", nullptr}}}}}};
}
json node_request(const json& properties = {{"size", 1}}) {
  json made = request();
  made["context_type"] = "node-instance";
  made["self"] = subject("web", properties);
  made["self"]["instance"]["relationships"] = {
      {{"type", "my.relationship"}, {"target", subject("db", {{"ip", "10.0.0.1"}})}}};
  made["source"] = made["target"] = nullptr;
  return made;
}
json relationship_request() {
  json made = request();
  made["context_type"] = "relationship-instance";
  made["self"] = nullptr;
  made["source"] = subject("web");
  made["target"] = subject("db");
  made["context"]["operation"]["relationship"] = "source";
  return made;
}

using Body = std::function<json(cfy::OperationContext&)>;
const Body* current = nullptr;
json call_current(cfy::OperationContext& ctx) {
  return (*current)(ctx);
}

plugin::OperationOutcome run(FakeOperationHost& host, const Body& body) {
  constexpr cfy_entry kRaw = cfy::operation<call_current>("module.current");
  plugin::Entry entry;
  entry.kind = plugin::EntryKind::operation;
  entry.operation = kRaw.operation;
  current = &body;
  return plugin::run_operation(entry, host);
}
template <typename Function>
plugin::OperationOutcome run_void(FakeOperationHost& host, Function function) {
  return run(host, [&](cfy::OperationContext& ctx) -> json {
    function(ctx);
    return nullptr;
  });
}

plugin::OperationOutcome run_fixture(FakeOperationHost& host, const std::string& name) {
  const auto loaded = plugin::load(std::string(CFY_TEST_PLUGINS) + "/misbehaves.so");
  REQUIRE(loaded);
  const auto entry = (*loaded)->find_operation("tasks." + name);
  REQUIRE(entry);
  return plugin::run_operation(**entry, host);
}

}  // namespace

TEST_CASE("an operation reads its node, instance, inputs and context", "[plugin]") {
  FakeOperationHost host(node_request());
  const auto outcome = run_void(host, [](cfy::OperationContext& ctx) {
    CHECK(ctx.type() == "node-instance");
    CHECK(ctx.node().id() == "web");
    CHECK(ctx.node().name() == "web");
    CHECK(ctx.node().type() == "my.Type");
    CHECK(ctx.node().is_of_type("cloudify.nodes.Root"));
    CHECK(ctx.node().properties()["port"] == 80);
    CHECK(ctx.node().number_of_instances() == 2);
    CHECK(ctx.instance().id() == "web_1");
    CHECK(ctx.instance().index() == 1);
    CHECK(ctx.instance().state() == "starting");
    CHECK(ctx.inputs().get<std::string>("word") == "hello");
    CHECK(ctx.operation().name() == "cloudify.interfaces.lifecycle.start");
    CHECK(ctx.operation().retry_number() == 0);
    CHECK(ctx.operation().max_retries() == 5);
    CHECK(ctx.operation().relationship().empty());
    CHECK(ctx.execution_id() == "execution-1");
    CHECK(ctx.task_id() == "task-1");
    CHECK(ctx.workflow_id() == "install");
    CHECK(ctx.workflow_parameters()["x"] == 1);
    CHECK(ctx.deployment()["id"] == "the-deployment");
    CHECK(ctx.blueprint()["id"] == "the-blueprint");
    CHECK(ctx.plugin()["name"] == "mine");
    CHECK(ctx.resources_root() == "/blueprint");
    CHECK(ctx.workdir() == "/work");
    CHECK_FALSE(ctx.has_cancel_request());
  });
  CHECK(outcome.status == OperationStatus::ok);
  CHECK(host.saved.empty());
  CHECK(host.result == nullptr);
}

TEST_CASE("an operation reads what its instance is related to", "[plugin]") {
  FakeOperationHost host(node_request());
  run_void(host, [](cfy::OperationContext& ctx) {
    REQUIRE(ctx.instance().relationships().size() == 1);
    const auto relationship = ctx.instance().relationships()[0];
    CHECK(relationship.type() == "my.relationship");
    CHECK(relationship.target().node().id() == "db");
    CHECK(relationship.target().instance().id() == "db_1");
    CHECK(relationship.target().instance().runtime_properties()["ip"] == "10.0.0.1");
  });
}

TEST_CASE("host_ip is that of the host's instance, else of its node", "[plugin]") {
  json of_instance = node_request();
  of_instance["self"]["instance"]["host"] = subject("host", {{"ip", "10.0.0.9"}});
  FakeOperationHost host(of_instance);
  run_void(host, [](cfy::OperationContext& ctx) { CHECK(ctx.instance().host_ip() == "10.0.0.9"); });
  json of_node = node_request();
  of_node["self"]["instance"]["host"] = subject("host");
  of_node["self"]["instance"]["host"]["node"]["properties"]["ip"] = "10.0.0.8";
  FakeOperationHost other(of_node);
  run_void(other,
           [](cfy::OperationContext& ctx) { CHECK(ctx.instance().host_ip() == "10.0.0.8"); });
  FakeOperationHost none(node_request());
  run_void(none, [](cfy::OperationContext& ctx) { CHECK(ctx.instance().host_ip().empty()); });
}

TEST_CASE("logs, events and the result reach the host", "[plugin]") {
  FakeOperationHost host(node_request());
  const auto outcome = run(host, [](cfy::OperationContext& ctx) {
    ctx.logger().info("one");
    ctx.logger().debug("two");
    ctx.send_event("three");
    return json{{"answer", 42}};
  });
  CHECK(outcome.status == OperationStatus::ok);
  CHECK(host.logs == std::vector<std::string>{"info ctx one", "debug ctx two"});
  CHECK(host.events == std::vector<std::string>{"three"});
  CHECK(host.result == json{{"answer", 42}});
}

TEST_CASE("changed runtime properties are saved, also deep ones", "[plugin]") {
  FakeOperationHost host(node_request({{"a", {{"b", {1, 2}}}}, {"gone", 1}}));
  run_void(host, [](cfy::OperationContext& ctx) {
    ctx.instance().runtime_properties()["a"]["b"][1] = 3;
    ctx.instance().runtime_properties().erase("gone");
  });
  CHECK(host.saved[SubjectRole::self] == json{{"a", {{"b", {1, 3}}}}});
}

TEST_CASE("unchanged runtime properties are not saved", "[plugin]") {
  FakeOperationHost host(node_request());
  run_void(host, [](cfy::OperationContext& ctx) {
    ctx.instance().runtime_properties()["size"] = 2;
    ctx.instance().runtime_properties()["size"] = 1;
  });
  CHECK(host.saves == 0);
}

TEST_CASE("runtime properties are saved although the operation fails", "[plugin]") {
  FakeOperationHost host(node_request());
  const auto outcome = run_void(host, [](cfy::OperationContext& ctx) {
    ctx.instance().runtime_properties()["size"] = 2;
    throw cfy::NonRecoverable("no");
  });
  CHECK(outcome.status == OperationStatus::failed);
  CHECK(outcome.message == "no");
  CHECK(host.saved[SubjectRole::self] == json{{"size", 2}});
}

TEST_CASE("update saves at once", "[plugin]") {
  FakeOperationHost host(node_request());
  run_void(host, [&](cfy::OperationContext& ctx) {
    ctx.instance().runtime_properties()["size"] = 2;
    ctx.instance().update();
    CHECK(host.saved[SubjectRole::self] == json{{"size", 2}});
  });
  CHECK(host.saves == 1);
}

TEST_CASE("what cannot be saved fails the operation", "[plugin]") {
  FakeOperationHost host(node_request());
  host.refuses = true;
  auto outcome = run_void(
      host, [](cfy::OperationContext& ctx) { ctx.instance().runtime_properties()["size"] = 2; });
  CHECK(outcome.status == OperationStatus::failed);
  CHECK(outcome.message == "changed meanwhile");
  outcome = run_void(host, [](cfy::OperationContext& ctx) {
    ctx.instance().runtime_properties() = json::array({1});
  });
  CHECK(outcome.message == "runtime properties must be a dict, got array");
}

TEST_CASE("a relationship operation sees both ends and may change them", "[plugin]") {
  FakeOperationHost host(relationship_request());
  run_void(host, [](cfy::OperationContext& ctx) {
    CHECK(ctx.operation().relationship() == "source");
    CHECK(ctx.source().node().id() == "web");
    CHECK(ctx.target().instance().id() == "db_1");
    ctx.source().instance().runtime_properties()["from"] = "source";
    ctx.target().instance().runtime_properties()["from"] = "target";
  });
  CHECK(host.saved[SubjectRole::source]["from"] == "source");
  CHECK(host.saved[SubjectRole::target]["from"] == "target");
}

TEST_CASE("what the kind of operation does not have is refused with what it has", "[plugin]") {
  FakeOperationHost of_relationship(relationship_request());
  auto outcome = run_void(of_relationship, [](cfy::OperationContext& ctx) { ctx.instance(); });
  CHECK(outcome.status == OperationStatus::failed);
  CHECK_THAT(outcome.message, Contains("ctx.instance() is for operations of a node") &&
                                  Contains("use ctx.source().instance()"));
  FakeOperationHost of_node(node_request());
  outcome = run_void(of_node, [](cfy::OperationContext& ctx) { ctx.target(); });
  CHECK_THAT(outcome.message, Contains("ctx.target() is for operations of a relationship") &&
                                  Contains("use ctx.node() and ctx.instance()"));
  FakeOperationHost of_deployment(request());
  outcome = run_void(of_deployment, [](cfy::OperationContext& ctx) { ctx.node(); });
  CHECK_THAT(outcome.message, Contains("this one is of a deployment"));
}

TEST_CASE("each way to fail has its status, type and delay", "[plugin]") {
  FakeOperationHost host(node_request());
  auto outcome = run_fixture(host, "gives_up");
  CHECK(outcome.status == OperationStatus::failed);
  CHECK(outcome.error_type == "NonRecoverableError");
  CHECK(host.saved[SubjectRole::self]["gave_up"] == true);
  outcome = run_fixture(host, "stumbles");
  CHECK(outcome.status == OperationStatus::recoverable);
  CHECK(outcome.error_type == "RecoverableError");
  CHECK(outcome.retry_after_s == 0.25);
  outcome = run_fixture(host, "throws");
  CHECK(outcome.status == OperationStatus::recoverable);
  CHECK(outcome.error_type == "std::out_of_range");
  CHECK_THAT(outcome.message, Catch::StartsWith("std::out_of_range: "));
  outcome = run_fixture(host, "throws_a_number");
  CHECK(outcome.status == OperationStatus::recoverable);
  CHECK_THAT(outcome.message, Contains("not a std::exception"));
  outcome = run_void(host, [](cfy::OperationContext&) { throw cfy::ExecutionCancelled(); });
  CHECK(outcome.status == OperationStatus::cancelled);
}

TEST_CASE("an operation can ask to be run again", "[plugin]") {
  FakeOperationHost host(node_request());
  auto outcome = run_fixture(host, "asks_again");
  CHECK(outcome.status == OperationStatus::retry);
  CHECK(outcome.error_type == "OperationRetry");
  CHECK(outcome.message == "not yet");
  CHECK(outcome.retry_after_s == 0.0);
  json second = node_request();
  second["attempt"] = 1;
  FakeOperationHost again(second);
  outcome = run_fixture(again, "asks_again");
  CHECK(outcome.status == OperationStatus::ok);
  CHECK(again.result == "second time");
  outcome = run_void(host, [](cfy::OperationContext&) { throw cfy::Retry("later"); });
  CHECK(outcome.status == OperationStatus::retry);
  CHECK_FALSE(outcome.retry_after_s);
}

TEST_CASE("a function that breaks the contract is a final failure", "[plugin]") {
  FakeOperationHost host(node_request());
  for (const auto& [name, text] : std::map<std::string, std::string>{
           {"unguarded", "let an exception out: nobody catches this"},
           {"odd_status", "returned 77, which is no status"},
           {"odd_result", "a result that is not JSON: {not json"}}) {
    const auto outcome = run_fixture(host, name);
    CHECK(outcome.status == OperationStatus::failed);
    CHECK(outcome.error_type == "PluginError");
    CHECK_THAT(outcome.message, Contains(text));
  }
}

TEST_CASE("a plugin's operation works through its .so", "[plugin]") {
  FakeOperationHost host(node_request());
  CHECK(run_fixture(host, "works").status == OperationStatus::ok);
  CHECK(host.result == "worked");
  CHECK(host.saved[SubjectRole::self]["worked"]["times"] == 1);
}
