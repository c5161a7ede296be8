// The lifecycles of cfy/lifecycle.hpp as graphs, against a host in memory.
#include <algorithm>

#include <catch2/catch.hpp>
#include <cfy/lifecycle.hpp>
#include <cfy/plugin.hpp>

#include "fake_workflow_host.hpp"
#include "plugin/run.hpp"

using cfy::json;
using cfy::test::FakeWorkflowHost;
using Strings = std::vector<std::string>;

namespace {

const std::string kLifecycle = "cloudify.interfaces.lifecycle.";
const std::string kEstablish = "cloudify.interfaces.relationship_lifecycle.establish";
const std::string kUnlink = "cloudify.interfaces.relationship_lifecycle.unlink";

using Body = std::function<void(const cfy::WorkflowContext&)>;
const Body* lifecycle_body = nullptr;
void call_lifecycle_body(cfy::WorkflowContext& ctx, const cfy::Parameters&) {
  (*lifecycle_body)(ctx);
}

void run_lifecycle(FakeWorkflowHost& host, const Body& body) {
  constexpr cfy_entry kRaw = cfy::workflow<call_lifecycle_body>("module.body");
  cfy::plugin::Entry entry;
  entry.workflow = kRaw.workflow;
  lifecycle_body = &body;
  const auto result = cfy::plugin::run_workflow(entry, host);
  INFO((result ? "" : result.error().message()));
  CHECK(result);
}

/// db, and app that is connected to it. create, start, stop and establish are mapped.
FakeWorkflowHost make_lifecycle_host(
    const std::string& relationship = "cloudify.relationships.connected_to") {
  FakeWorkflowHost host;
  host.operations = {kLifecycle + "create", kLifecycle + "start", kLifecycle + "stop"};
  host.source_operations = {kEstablish, kUnlink};
  host.add_node("db", {"t"}, 1);
  host.add_node("app", {"t"}, 1, {"db"}, relationship);
  return host;
}

/// What ran of an instance, in order, without the common beginnings.
Strings ran_of(const FakeWorkflowHost& host, const std::string& instance) {
  Strings found;
  for (std::string label : host.ran) {
    if (label.find(instance) == std::string::npos || label.starts_with("subgraph ")) continue;
    for (const std::string& start : {"workflow_node_event " + instance + " ",
                                     instance + "." + kLifecycle, "state " + instance + " "})
      if (label.starts_with(start)) label = label.substr(start.size());
    found.push_back(label);
  }
  return found;
}

void install_all(const cfy::WorkflowContext& ctx) {
  cfy::install_node_instances(ctx, ctx.node_instances());
}

}  // namespace

TEST_CASE("an instance is installed step by step, after what it relates to", "[plugin]") {
  auto host = make_lifecycle_host();
  run_lifecycle(host, install_all);
  CHECK(ran_of(host, "app_1") ==
        Strings{"initializing", "Validating node instance before creation: nothing to do",
                "Precreating node instance: nothing to do", "creating", "Creating node instance",
                "create", "created", "Node instance created",
                "Configuring node instance: nothing to do", "starting", "Starting node instance",
                "start", "Poststarting node instance: nothing to do", "Establishing relationships",
                "app_1->db_1 " + kEstablish + "@source", "Relationships established", "started",
                "Node instance started"});
  CHECK(host.dependencies().contains("subgraph install_app_1 after subgraph install_db_1"));
}

TEST_CASE("an installation goes on from the state of its instance", "[plugin]") {
  auto host = make_lifecycle_host();
  host.states = {{0, "started"}, {1, "configured"}};
  run_lifecycle(host, install_all);
  CHECK(ran_of(host, "db_1") == Strings{"started", "Node instance started (nothing to do)",
                                        "app_1->db_1 " + kEstablish + "@source"});
  const Strings app = ran_of(host, "app_1");
  CHECK(std::count(app.begin(), app.end(), "create") == 0);
  CHECK(std::count(app.begin(), app.end(), "start") == 1);
}

TEST_CASE("an instance is uninstalled before what it relates to", "[plugin]") {
  auto host = make_lifecycle_host();
  host.states = {{0, "started"}, {1, "started"}};
  run_lifecycle(host, [](const cfy::WorkflowContext& ctx) {
    cfy::uninstall_node_instances(ctx, ctx.node_instances());
  });
  CHECK(host.dependencies().contains("subgraph uninstall_db_1 after subgraph uninstall_app_1"));
  CHECK(ran_of(host, "app_1") ==
        Strings{"stopping", "Stopping node instance",
                "Validating node instance after deletion: nothing to do", "stop",
                "Stopped node instance", "stopped", "Unlinking relationships",
                "app_1->db_1 " + kUnlink + "@source", "Relationships unlinked",
                "Deleting node instance: nothing to do", "deleted", "Deleted node instance"});
}

TEST_CASE("a failure is passed over where that was asked for", "[plugin]") {
  auto host = make_lifecycle_host();
  host.states = {{0, "started"}};
  host.failing["db_1." + kLifecycle + "stop"] = "no";
  run_lifecycle(host, [](const cfy::WorkflowContext& ctx) {
    cfy::uninstall_node_instances(ctx, {*ctx.get_node_instance("db_1")}, {.ignore_failure = true});
  });
  CHECK(host.told ==
        Strings{"workflow_node_event db_1 Ignoring task db_1." + kLifecycle + "stop failure"});
  CHECK(host.states[0] == "deleted");
}

TEST_CASE("related instances have their relationships unlinked and established", "[plugin]") {
  auto host = make_lifecycle_host();
  host.states = {{0, "started"}, {1, "started"}};
  run_lifecycle(host, [](const cfy::WorkflowContext& ctx) {
    cfy::reinstall_node_instances(ctx, {*ctx.get_node_instance("db_1")},
                                  {.related = {*ctx.get_node_instance("app_1")}});
  });
  CHECK(ran_of(host, "app_1") ==
        Strings{"app_1->db_1 " + kUnlink + "@source", "app_1->db_1 " + kEstablish + "@source"});
  CHECK(host.dependencies().contains("subgraph uninstall_db_1 after subgraph stub_app_1"));
  CHECK(host.dependencies().contains("subgraph stub_app_1 after subgraph install_db_1"));
}

TEST_CASE("a source may wait for one operation of its target only", "[plugin]") {
  auto host = make_lifecycle_host("cloudify.relationships.depends_on_lifecycle_operation");
  host.properties = {{"operation", "create"}};
  run_lifecycle(host, install_all);
  const auto dependencies = host.dependencies();
  CHECK(dependencies.contains("subgraph install_app_1 after state db_1 created"));
  CHECK_FALSE(dependencies.contains("subgraph install_app_1 after subgraph install_db_1"));
}

TEST_CASE("a roll back goes to the state before the step", "[plugin]") {
  auto host = make_lifecycle_host();
  host.states = {{0, "creating"}, {1, "starting"}};
  run_lifecycle(host, [](const cfy::WorkflowContext& ctx) {
    cfy::rollback_node_instances(ctx, ctx.node_instances());
  });
  CHECK(host.states[0] == "uninitialized");
  CHECK(host.states[1] == "configured");
  const Strings app = ran_of(host, "app_1");
  CHECK(std::count(app.begin(), app.end(), "stop") == 1);
}

TEST_CASE("a host is asked for its state until it has started", "[plugin]") {
  FakeWorkflowHost host;
  const std::string get_state = "cloudify.interfaces.host.get_state";
  host.operations = {get_state};
  host.add_node("vm", {"cloudify.nodes.Compute"}, 1);
  host.results["vm_1." + get_state] = {false, nullptr, true};
  run_lifecycle(host, install_all);
  CHECK(std::count(host.ran.begin(), host.ran.end(), "vm_1." + get_state) == 3);
  CHECK(host.states[0] == "started");
}
