// The tutorial's plugin, loaded from its .so: which tasks each step makes and what waits for what.
#include <catch2/catch.hpp>

#include "fake_workflow_host.hpp"
#include "plugin/loader.hpp"
#include "plugin/run.hpp"

namespace plugin = cfy::plugin;
using cfy::test::FakeWorkflowHost;
using nlohmann::json;
using Labels = std::multiset<std::string>;

namespace {

constexpr const char* kModule = "my_workflow_module_name.";

FakeWorkflowHost make_host() {
  FakeWorkflowHost host;
  host.add_node("db", {"cloudify.nodes.Root"}, 1);
  host.add_node("app", {"cloudify.nodes.Root", "my.Worker"}, 1, {"db"});
  host.add_node("web", {"cloudify.nodes.Root", "my.Worker"}, 2, {"app"});
  host.given = {{"operation", "work"},
                {"type_name", "cloudify.nodes.Root"},
                {"operation_kwargs", {{"word", "x"}}},
                {"is_node_operation", true}};
  return host;
}

void run(FakeWorkflowHost& host, const std::string& workflow) {
  const auto loaded =
      plugin::load(std::string(CFY_BUILTIN_PLUGINS) + "/my_workflow_plugin_name.so");
  REQUIRE(loaded);
  const auto entry = (*loaded)->find_workflow(kModule + workflow);
  REQUIRE(entry);
  const auto result = plugin::run_workflow(**entry, host);
  INFO((result ? "" : result.error().message()));
  REQUIRE(result);
}

Labels ran(const FakeWorkflowHost& host) {
  return Labels(host.ran.begin(), host.ran.end());
}

std::string starting(const std::string& instance) {
  return "workflow_node_event " + instance + " Starting to run operation";
}
std::string done(const std::string& instance) {
  return "workflow_node_event " + instance + " Done running operation";
}

}  // namespace

TEST_CASE("step 1 configures every instance", "[plugin]") {
  auto host = make_host();
  run(host, "step_1");
  CHECK(ran(host) == Labels{"db_1.cloudify.interfaces.lifecycle.configure",
                            "app_1.cloudify.interfaces.lifecycle.configure",
                            "web_1.cloudify.interfaces.lifecycle.configure",
                            "web_2.cloudify.interfaces.lifecycle.configure"});
  CHECK(host.dependencies().empty());
}

TEST_CASE("step 2 runs the given operation on one type, with inputs", "[plugin]") {
  auto host = make_host();
  host.given["type_name"] = "my.Worker";
  run(host, "step_2");
  CHECK(ran(host) == Labels{"app_1.work", "web_1.work", "web_2.work"});
  CHECK(host.task("web_2.work").kwargs == json{{"word", "x"}});
  CHECK(host.dependencies().empty());
}

TEST_CASE("step 3 puts the operation between two events", "[plugin]") {
  auto host = make_host();
  host.given["type_name"] = "my.Worker";
  run(host, "step_3");
  std::set<std::string> expected;
  for (const std::string instance : {"app_1", "web_1", "web_2"}) {
    expected.insert(instance + ".work after " + starting(instance));
    expected.insert(done(instance) + " after " + instance + ".work");
  }
  CHECK(host.dependencies() == expected);
}

TEST_CASE("step 4 starts an instance after those it is related to", "[plugin]") {
  auto host = make_host();
  run(host, "step_4");
  const auto dependencies = host.dependencies();
  CHECK(dependencies.size() == 8 + 3);
  CHECK(dependencies.contains(starting("app_1") + " after " + done("db_1")));
  CHECK(dependencies.contains(starting("web_1") + " after " + done("app_1")));
  CHECK(dependencies.contains(starting("web_2") + " after " + done("app_1")));
}

TEST_CASE("step 4 leaves out dependencies on what it does not run", "[plugin]") {
  auto host = make_host();
  host.given["type_name"] = "my.Worker";
  run(host, "step_4");
  CHECK(host.dependencies().size() == 6 + 2);
}

TEST_CASE("step 5 is run_operation and does what step 4 does", "[plugin]") {
  auto step_4 = make_host(), step_5 = make_host();
  run(step_4, "step_4");
  run(step_5, "run_operation");
  CHECK(step_4.dependencies() == step_5.dependencies());
}

TEST_CASE("step 5 runs both sides of all relationships when told so", "[plugin]") {
  auto host = make_host();
  host.given["is_node_operation"] = false;
  run(host, "step_5");
  const auto dependencies = host.dependencies();
  CHECK(dependencies.contains(done("db_1") + " after " + starting("db_1")));
  CHECK(dependencies.contains("app_1->db_1 work@source after " + starting("app_1")));
  CHECK(dependencies.contains("app_1->db_1 work@target after " + starting("app_1")));
  CHECK(dependencies.contains(done("app_1") + " after app_1->db_1 work@target"));
  CHECK_FALSE(dependencies.contains("app_1->db_1 work@target after app_1->db_1 work@source"));
  CHECK(ran(host).count("web_2->app_1 work@source") == 1);
}
