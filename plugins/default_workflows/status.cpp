// check_status and check_drift.
#include "status.hpp"

#include <chrono>
#include <cstdio>
#include <ctime>
#include <map>

#include "workflows.hpp"

namespace workflows {
namespace {

constexpr std::string_view kCheckDrift = "cloudify.interfaces.lifecycle.check_drift";
constexpr std::string_view kCheckRelationshipDrift =
    "cloudify.interfaces.relationship_lifecycle.check_drift";
// Retries are for those who say so in the operation; what a check finds is not an accident.
const cfy::OperationOptions kOnce{.only_own_retries = true};

using Subgraphs = std::map<cfy::NodeInstance, cfy::Subgraph>;

/// Targets of relationships first, also through instances that are not checked.
void put_in_order(const cfy::WorkflowContext& ctx, const cfy::TaskGraph& graph,
                  Subgraphs& subgraphs) {
  for (const cfy::NodeInstance& instance : ctx.node_instances())
    if (!subgraphs.contains(instance)) subgraphs.emplace(instance, graph.subgraph(instance.id()));
  for (const auto& [instance, made] : subgraphs)
    for (const cfy::RelationshipInstance& relationship : instance.relationships())
      graph.add_dependency(made, subgraphs.at(relationship.target_node_instance()));
}

/// Call `keep` with what is to be said of `task`, however it ends.
template <typename Keep>
void keep_report(const cfy::Task& task, const Keep& keep) {
  task.on_success([keep](const cfy::Task& ended) {
    keep(report_on(ended));
    return cfy::HandlerResult::cont();
  });
  task.on_failure([keep](const cfy::Task& ended) {
    keep(report_on(ended));
    return cfy::HandlerResult::retry();  // while the operation's own retries last
  });
}

void set_property(const cfy::NodeInstance& instance, const char* name, const cfy::json& value) {
  cfy::json properties = instance.system_properties();
  properties[name] = value;
  instance.set_system_properties(properties);
}

/// Of the relationships of an instance: by id of the target.
void set_relationship_property(const cfy::RelationshipInstance& relationship, const char* name,
                               const cfy::json& value) {
  const cfy::NodeInstance instance = relationship.node_instance();
  cfy::json properties = instance.system_properties();
  properties[name][relationship.target_id()] = value;
  instance.set_system_properties(properties);
}

void add_drift_checks(const cfy::NodeInstance& instance, const cfy::Subgraph& subgraph) {
  if (instance.node().has_operation(kCheckDrift)) {
    const cfy::Task task = instance.execute_operation(kCheckDrift, kOnce);
    keep_report(task, [instance](const cfy::json& report) {
      set_property(instance, "configuration_drift", report);
    });
    subgraph.add_task(task);
  }
  for (const cfy::RelationshipInstance& one : instance.relationships()) {
    if (one.relationship().has_source_operation(kCheckRelationshipDrift)) {
      const cfy::Task task = one.execute_source_operation(kCheckRelationshipDrift, kOnce);
      keep_report(task, [one](const cfy::json& report) {
        set_relationship_property(one, "source_relationships_configuration_drift", report);
      });
      subgraph.add_task(task);
    }
    if (one.relationship().has_target_operation(kCheckRelationshipDrift)) {
      const cfy::Task task = one.execute_target_operation(kCheckRelationshipDrift, kOnce);
      keep_report(task, [one](const cfy::json& report) {
        set_relationship_property(one, "target_relationships_configuration_drift", report);
      });
      subgraph.add_task(task);
    }
  }
}

}  // namespace

std::string timestamp() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  const auto seconds = static_cast<std::time_t>(us / 1000000);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char date[32], whole[48];
  std::strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(whole, sizeof(whole), "%s.%06d", date, static_cast<int>(us % 1000000));
  return whole;
}

cfy::json report_on(const cfy::Task& task) {
  const bool is_ok = task.has_succeeded();
  return {{"ok", is_ok},
          {"timestamp", timestamp()},
          {"task", task.name()},
          {"result", is_ok ? task.result() : cfy::json(task.error())}};
}

void run_status_checks(const cfy::WorkflowContext& ctx, const Instances& instances, bool is_ordered,
                       bool ignore_failure) {
  const cfy::TaskGraph graph = ctx.graph_mode();
  Subgraphs subgraphs;
  for (const cfy::NodeInstance& instance : instances) {
    if (!instance.node().has_operation(kCheckStatus)) continue;
    const cfy::Subgraph subgraph = graph.subgraph("check_status_" + instance.id());
    const cfy::Task task = instance.execute_operation(kCheckStatus, kOnce);
    const cfy::json before = instance.system_properties().value("status", cfy::json());
    keep_report(task, [instance, before](const cfy::json& report) {
      set_property(instance, "status", report);
      set_property(instance, "previous_status", before);
    });
    subgraph.add_task(task);
    if (ignore_failure) subgraph.on_failure([] { return cfy::HandlerResult::ignore(); });
    subgraphs.emplace(instance, subgraph);
  }
  if (is_ordered) put_in_order(ctx, graph, subgraphs);
  graph.execute();
}

void check_status(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  run_status_checks(ctx, select(ctx, parameters).chosen,
                    parameters.get("run_by_dependency_order", false), false);
}

void check_drift(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const cfy::TaskGraph graph = ctx.graph_mode();
  Subgraphs subgraphs;
  for (const cfy::NodeInstance& instance : select(ctx, parameters).chosen) {
    const cfy::Subgraph subgraph = graph.subgraph("check_drift_" + instance.id());
    add_drift_checks(instance, subgraph);
    subgraphs.emplace(instance, subgraph);
  }
  if (parameters.get("run_by_dependency_order", true)) put_in_order(ctx, graph, subgraphs);
  graph.execute();
}

}  // namespace workflows
