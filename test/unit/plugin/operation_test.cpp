// The C++ face of operations through the C table, against a host in memory.
#include <functional>
#include <map>
#include <set>

#include <catch2/catch.hpp>
#include <cfy/plugin.hpp>

#include "plugin/loader.hpp"
#include "plugin/run.hpp"
#include "support/temp_dir.hpp"

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
  void log_piece(std::string_view level, std::string_view logger, std::string_view lead,
                 std::string_view text, bool goes_on) override {
    log(level, logger, std::string(lead) + std::string(text) + (goes_on ? " ..." : ""));
  }
  void send_event(std::string_view text) override { events.emplace_back(text); }
  cfy::base::Result<void> set_runtime_properties(SubjectRole role, json properties) override {
    if (refuses) return cfy::base::Error(cfy::base::ErrorKind::conflict, "changed meanwhile");
    saved[role] = std::move(properties);
    ++saves;
    return {};
  }
  cfy::base::Result<plugin::StoredProperties> update(SubjectRole, json properties) override {
    if (refuses) return cfy::base::Error(cfy::base::ErrorKind::failed, "the disk is full");
    if (conflicts > 0) {
      --conflicts;
      return plugin::StoredProperties{true, "'size' was changed by another operation", latest};
    }
    ++updates;
    latest = properties;
    return plugin::StoredProperties{false, "", std::move(properties)};
  }
  cfy::base::Result<plugin::StoredProperties> refresh(SubjectRole) override {
    return plugin::StoredProperties{false, "", latest};
  }
  cfy::base::Result<json> node_instances(SubjectRole role) override {
    if (refuses) return cfy::base::Error(cfy::base::ErrorKind::failed, "it has gone");
    return role == SubjectRole::self ? instances : json::array();
  }
  cfy::base::Result<std::string> render(std::string_view name, std::string_view text,
                                        json variables) override {
    if (variables.contains("ctx"))
      return cfy::base::Error(cfy::base::ErrorKind::invalid, "'ctx' cannot be passed");
    return fmt::format("{}:{}:{}", name, text, variables.dump());
  }
  void set_result(json value) override { result = std::move(value); }
  bool has_cancel_request() const override { return is_cancelled; }

  std::vector<std::string> logs, events;
  std::map<SubjectRole, json> saved;
  json result;
  json latest = {{"size", 7}};
  json instances = json::array();
  int saves = 0, updates = 0, conflicts = 0;
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
  made["self"]["instance"]["relationships"][0]["target"]["instance"].update(
      {{"host_ip", "10.0.0.9"},
       {"scaling_groups", json::array({{{"name", "g"}, {"id", "g_1"}}})},
       {"system_properties", {{"configuration_drift", {{"port", 81}}}}}});
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

plugin::OperationOutcome run_entry(FakeOperationHost& host, const cfy_entry& raw,
                                   const Body& body) {
  plugin::Entry entry;
  entry.kind = plugin::EntryKind::operation;
  entry.operation = raw.operation;
  entry.data = raw.data;
  current = &body;
  return plugin::run_operation(entry, host);
}
plugin::OperationOutcome run(FakeOperationHost& host, const Body& body) {
  return run_entry(host, cfy::operation<call_current>("module.current"), body);
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
    const cfy::RelatedInstance related = relationship.target().instance();
    CHECK(related.runtime_properties()["ip"] == "10.0.0.1");
    CHECK(related.node().properties()["port"] == 80);
    CHECK(related.state() == "starting");
    CHECK(related.index() == 1);
    CHECK(related.host_ip() == "10.0.0.9");
    CHECK(related.scaling_groups() == json::array({{{"name", "g"}, {"id", "g_1"}}}));
    CHECK(related.drift() == json{{"port", 81}});
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
    ctx.log_piece("info", "<out> ", "th", true);
    ctx.log_piece("info", "<out> ", "ree", false);
    ctx.send_event("three");
    return json{{"answer", 42}};
  });
  CHECK(outcome.status == OperationStatus::ok);
  CHECK(host.logs == std::vector<std::string>{"info ctx one", "debug ctx two",
                                              "info ctx <out> th ...", "info ctx <out> ree"});
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
    CHECK(host.latest == json{{"size", 2}});
  });
  CHECK(host.updates == 1);
  CHECK(host.saves == 0);
}

TEST_CASE("a conflict of an update is the operation's to solve", "[plugin]") {
  FakeOperationHost host(node_request());
  host.conflicts = 2;
  json seen;
  auto outcome = run_void(host, [&](cfy::OperationContext& ctx) {
    ctx.instance().runtime_properties()["mine"] = 1;
    ctx.instance().update([&](json& mine, const json& latest) {
      seen.push_back(latest);
      mine["size"] = latest["size"];
    });
    CHECK(ctx.instance().runtime_properties() == json{{"mine", 1}, {"size", 7}});
  });
  CHECK(outcome.status == OperationStatus::ok);
  CHECK(seen == json::array({{{"size", 7}}, {{"size", 7}}}));
  CHECK(host.latest == json{{"mine", 1}, {"size", 7}});
}

TEST_CASE("a conflict that nobody solves may be tried again", "[plugin]") {
  FakeOperationHost host(node_request());
  host.conflicts = 1;
  const auto outcome = run_void(host, [](cfy::OperationContext& ctx) {
    ctx.instance().runtime_properties()["size"] = 2;
    ctx.instance().update();
  });
  CHECK(outcome.status == OperationStatus::recoverable);
  CHECK(outcome.error_type == "StorageConflictError");
  CHECK(outcome.message == "'size' was changed by another operation");
  host.conflicts = 1000;
  const auto endless = run_void(
      host, [](cfy::OperationContext& ctx) { ctx.instance().update([](json&, const json&) {}); });
  CHECK(endless.error_type == "StorageConflictError");
}

TEST_CASE("refresh reads what is stored, and drops changes only by force", "[plugin]") {
  FakeOperationHost host(node_request());
  auto outcome = run_void(host, [](cfy::OperationContext& ctx) {
    ctx.instance().refresh();
    CHECK(ctx.instance().runtime_properties() == json{{"size", 7}});
    ctx.instance().runtime_properties()["size"] = 8;
    ctx.instance().refresh(true);
    CHECK(ctx.instance().runtime_properties() == json{{"size", 7}});
    ctx.instance().runtime_properties()["size"] = 8;
    ctx.instance().refresh();
  });
  CHECK(outcome.status == OperationStatus::failed);
  CHECK(outcome.message ==
        "the runtime properties of 'web_1' have changes that are not saved: call update() before "
        "refresh(), or refresh(true) to drop them");
}

TEST_CASE("resources are read, copied and rendered", "[plugin]") {
  cfy::test::TempDir dir;
  dir.write("conf/a.txt", "port {{ p }}");
  json of_dir = node_request();
  of_dir["resources_root"] = dir.path().string();
  of_dir["workdir"] = (dir.path() / "work/plugins/mine").string();
  of_dir["plugin_path"] = "/opt/mine/plugin.so";
  FakeOperationHost host(of_dir);
  const std::string copy = (dir.path() / "copies/deep/a.txt").string();
  auto outcome = run_void(host, [&](cfy::OperationContext& ctx) {
    CHECK(ctx.get_resource("conf/a.txt") == "port {{ p }}");
    CHECK(ctx.get_resource("ns--conf/a.txt") == "port {{ p }}");
    CHECK(ctx.download_resource("conf/a.txt", copy) == copy);
    CHECK(ctx.get_resource(copy) == "port {{ p }}");
    CHECK(ctx.get_resource_and_render("conf/a.txt", {{"p", 1}}) ==
          "conf/a.txt:port {{ p }}:{\"p\":1}");
    CHECK(ctx.download_resource_and_render("conf/a.txt", copy) == copy);
    CHECK(ctx.get_resource(copy) == "conf/a.txt:port {{ p }}:{}");
    const std::string folder = ctx.download_directory("conf", (dir.path() / "folder").string());
    CHECK(ctx.get_resource(folder + "/a.txt") == "port {{ p }}");
    CHECK(std::filesystem::is_directory(ctx.plugin().workdir()));
    CHECK(ctx.plugin().prefix() == "/opt/mine");
    ctx.get_resource("no/such");
  });
  CHECK(outcome.status == OperationStatus::failed);
  CHECK_THAT(outcome.message, Contains("resource 'no/such' is not there (looked in "));
  outcome = run_void(host, [&](cfy::OperationContext& ctx) {
    ctx.get_resource_and_render("conf/a.txt", {{"ctx", 1}});
  });
  CHECK(outcome.message == "'ctx' cannot be passed");
}

TEST_CASE("copies that nobody gave a place are of the deployment, under their own name",
          "[plugin]") {
  cfy::test::TempDir dir;
  dir.write("conf/a.txt", "port");
  json of_dir = node_request();
  of_dir["resources_root"] = dir.path().string();
  of_dir["workdir"] = GENERATE(true, false) ? (dir.path() / "work").string() : std::string();
  const std::filesystem::path parent = of_dir["workdir"] == ""
                                           ? std::filesystem::temp_directory_path()
                                           : dir.path() / "work/.downloads";
  FakeOperationHost host(of_dir);
  std::vector<std::filesystem::path> copies;
  const auto outcome = run_void(host, [&](cfy::OperationContext& ctx) {
    for (const char* name : {"conf/a.txt", "ns--conf/a.txt"}) {
      copies.emplace_back(ctx.download_resource(name));
      copies.emplace_back(ctx.download_resource_and_render(name));
    }
    for (const char* name : {"conf", "conf/", "conf/."}) {
      const std::filesystem::path folder = ctx.download_directory(name);
      CHECK(folder.filename() == "conf");
      copies.push_back(folder / "a.txt");
    }
  });
  CHECK(outcome.status == OperationStatus::ok);
  for (const auto& copy : copies) {
    CHECK(copy.filename() == "a.txt");
    CHECK_THAT(copy.string(), Catch::StartsWith(parent.string() + "/cfy-resource-"));
    CHECK(std::filesystem::is_regular_file(copy));
  }
  CHECK(std::set(copies.begin(), copies.end()).size() == 7);
  for (const auto& copy : copies)
    std::filesystem::remove_all(parent / *copy.lexically_relative(parent).begin());
}

TEST_CASE("capabilities are looked up over all relationships", "[plugin]") {
  json related = node_request();
  json one{{"target", subject("db", {{"ip", "10.0.0.1"}, {"only", 1}})}};
  json two{{"target", subject("cache", {{"ip", "10.0.0.2"}})}};
  related["self"]["instance"]["relationships"] = {one, two};
  FakeOperationHost host(related);
  auto outcome = run_void(host, [](cfy::OperationContext& ctx) {
    CHECK(ctx.capabilities().get_all()["db_1"]["only"] == 1);
    CHECK(ctx.capabilities()["only"] == 1);
    CHECK(ctx.capabilities().contains("only"));
    ctx.capabilities()["ip"];
  });
  CHECK(outcome.message == "several instances have the runtime property 'ip': cache_1, db_1");
  outcome = run_void(host, [](cfy::OperationContext& ctx) { ctx.capabilities()["none"]; });
  CHECK_THAT(outcome.message, Contains("the runtime property 'none'"));
}

TEST_CASE("capabilities in a relationship are of the end that the operation runs for", "[plugin]") {
  json request = relationship_request();
  request["source"]["instance"]["relationships"] = json::array({{{"target", subject("db")}}});
  FakeOperationHost source(request);
  CHECK(run_void(source, [](cfy::OperationContext& ctx) {
          CHECK(ctx.capabilities()["size"] == 1);
        }).status == OperationStatus::ok);
  request["context"]["operation"]["relationship"] = "target";
  FakeOperationHost target(request);
  CHECK(run_void(target, [](cfy::OperationContext& ctx) {
          CHECK(ctx.capabilities().get_all().empty());
        }).status == OperationStatus::ok);
}

TEST_CASE("what a manager would answer is what Cloudify answers without one", "[plugin]") {
  CHECK(cfy::OperationContext::get_config() == json::array());
  CHECK(cfy::OperationContext::get_managers()[0]["private_ip"] == "127.0.0.1");
  CHECK(cfy::OperationContext::get_brokers()[0]["networks"]["default"] == "127.0.0.1");
}

TEST_CASE("the instances of the node are asked for", "[plugin]") {
  FakeOperationHost host(node_request());
  host.instances = {{{"id", "web_1"}, {"index", 1}, {"state", "started"}}};
  CHECK(run_void(host, [&](cfy::OperationContext& ctx) {
          CHECK(ctx.instance().node_instances() == host.instances);
        }).status == OperationStatus::ok);
  host.refuses = true;
  const auto outcome =
      run_void(host, [](cfy::OperationContext& ctx) { ctx.instance().node_instances(); });
  CHECK(outcome.status == OperationStatus::recoverable);
  CHECK(outcome.message == "it has gone");
}

TEST_CASE("a serial operation waits for the instances before its own", "[plugin]") {
  struct Row {
    cfy::SerialOptions options;
    std::vector<std::string> states;  // of the instances 1, 2, ...; the operation is of number 3
    std::string waits;                // the message; empty: it runs
  };
  const std::vector<Row> table{
      {{}, {"started", "started", "creating"}, ""},
      {{}, {"started", "starting", "creating"}, "waiting for web_2 (starting)"},
      {{}, {"starting", "", "creating"}, "waiting for web_1 (starting), web_2 ()"},
      {{}, {"started", "started", "creating", "uninitialized"}, ""},
      {{.states = {"started", "configured"}}, {"configured", "started", "creating"}, ""},
      {{.workflows = {"heal", "scale"}}, {"starting", "starting", "creating"}, ""},
      {{.threshold = 1}, {"starting", "starting", "creating"}, ""},
      {{.threshold = 1}, {"started", "starting", "creating"}, "waiting for web_2 (starting)"},
      {{.threshold = 2}, {"started", "starting", "creating"}, ""},
      {{.threshold = 2},
       {"started", "starting", "creating", "started"},
       "waiting for web_2 (starting)"},
  };
  for (const Row& row : table) {
    INFO(json(row.states) << " threshold " << row.options.threshold);
    json request = node_request();
    request["self"]["instance"]["index"] = 3;
    FakeOperationHost host(request);
    for (const std::string& state : row.states) {
      const std::size_t index = host.instances.size() + 1;
      host.instances.push_back(
          {{"id", "web_" + std::to_string(index)}, {"index", index}, {"state", state}});
    }
    bool has_run = false;
    const auto outcome =
        run_entry(host, cfy::serial_operation<call_current>("module.current", row.options),
                  [&](cfy::OperationContext&) -> json {
                    has_run = true;
                    return nullptr;
                  });
    CHECK(has_run == row.waits.empty());
    CHECK(outcome.message == (row.waits.empty() ? "" : "CloudifySerializationRetry: " + row.waits));
    CHECK(outcome.status ==
          (row.waits.empty() ? OperationStatus::ok : OperationStatus::recoverable));
    if (!row.waits.empty()) CHECK(outcome.error_type == "CloudifySerializationRetry");
  }
}

TEST_CASE("a serial operation is one of a node", "[plugin]") {
  FakeOperationHost host(relationship_request());
  const auto outcome = run_entry(host, cfy::serial_operation<call_current>("module.current"),
                                 [](cfy::OperationContext&) -> json { return nullptr; });
  CHECK(outcome.status == OperationStatus::failed);
  CHECK(outcome.message ==
        "a serial operation takes the instances of a node in turn, and this one is for a "
        "relationship-instance");
  constexpr cfy_entry kOther = cfy::operation<call_current>("module.other", cfy::resumable);
  const cfy_entry entry = cfy::serial_operation<call_current>("module.other", {}, cfy::resumable);
  CHECK(entry.kind == kOther.kind);
  CHECK(entry.flags == kOther.flags);
}

TEST_CASE("the host_ip of a host is its own, as it is now", "[plugin]") {
  json host_request = node_request();
  host_request["self"]["instance"]["host"] = host_request["self"];
  FakeOperationHost host(host_request);
  run_void(host, [](cfy::OperationContext& ctx) {
    ctx.instance().runtime_properties()["ip"] = "10.0.0.7";
    CHECK(ctx.instance().host_ip() == "10.0.0.7");
  });
}

TEST_CASE("errors that have to do with agents and processes end as they should", "[plugin]") {
  FakeOperationHost host(node_request());
  const auto retry = run_void(
      host, [](cfy::OperationContext&) { throw cfy::CloudifySerializationRetry("later"); });
  CHECK(retry.status == OperationStatus::recoverable);
  CHECK(retry.error_type == "CloudifySerializationRetry");
  const auto stop = run_void(host, [](cfy::OperationContext&) { throw cfy::StopAgent("enough"); });
  CHECK(stop.status == OperationStatus::failed);
  CHECK(stop.error_type == "StopAgent");
  const auto killed =
      run_void(host, [](cfy::OperationContext&) { throw cfy::ProcessKillCancelled("make died"); });
  CHECK(killed.status == OperationStatus::cancelled);
  CHECK(killed.message == "ProcessKillCancelled: make died");
}

TEST_CASE("an operation knows its execution, its task and the node of its instance", "[plugin]") {
  FakeOperationHost host(node_request());
  run_void(host, [](cfy::OperationContext& ctx) {
    CHECK(ctx.instance().node().id() == ctx.node().id());
    CHECK(ctx.get_execution()["id"] == "execution-1");
    CHECK(ctx.get_execution()["workflow_id"] == "install");
    CHECK(ctx.get_execution()["deployment_id"] == "the-deployment");
    CHECK(ctx.get_execution()["status"] == "started");
    CHECK(ctx.get_operation()["id"] == "task-1");
    CHECK(ctx.get_operation()["parameters"]["operation"] == ctx.operation().name());
  });
}

TEST_CASE("Cloudify's other errors keep their names", "[plugin]") {
  FakeOperationHost host(node_request());
  auto outcome = run_void(
      host, [](cfy::OperationContext&) { throw cfy::HttpException("http://x", 404, "not found"); });
  CHECK(outcome.status == OperationStatus::failed);
  CHECK(outcome.error_type == "HttpException");
  CHECK(outcome.message == "http://x answers 404: not found");
  outcome = run_void(host, [](cfy::OperationContext&) {
    throw cfy::CommandExecutionException("ls", "no such file", "", 2);
  });
  CHECK(outcome.status == OperationStatus::recoverable);
  CHECK(outcome.error_type == "CommandExecutionException");
  CHECK(outcome.message == "command 'ls' failed with exit code 2: no such file");
  outcome = run_void(host, [](cfy::OperationContext&) { throw cfy::TimeoutException("slow"); });
  CHECK(outcome.status == OperationStatus::recoverable);
  CHECK(outcome.error_type == "TimeoutException");
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
