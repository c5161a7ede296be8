// check_drift, and what it found.
#include "drift.hpp"

#include <string>

#include "order.hpp"
#include "status.hpp"
#include "workflows.hpp"

namespace workflows {
namespace {

constexpr std::string_view kCheckRelationshipDrift =
    "cloudify.interfaces.relationship_lifecycle.check_drift";
constexpr const char* kOwn = "configuration_drift";
constexpr const char* kOfSource = "source_relationships_configuration_drift";
constexpr const char* kOfTarget = "target_relationships_configuration_drift";

void set_report(const cfy::NodeInstance& instance, const char* name, const std::string& key,
                const cfy::json& value) {
  cfy::json properties = instance.system_properties();
  properties[name][key] = value;
  instance.set_system_properties(properties);
}

/// Checks of the relationships come after that of the instance itself, where there is one, and
/// nothing waits for them.
void add_relationship_checks(const cfy::TaskGraph& graph, const cfy::NodeInstance& instance,
                             const cfy::Task& own, bool ignore_failure) {
  const auto add = [&](const cfy::Task& task) {
    graph.add_task(task);
    graph.add_dependency(task, own);
  };
  for (const cfy::RelationshipInstance& one : instance.relationships()) {
    if (one.relationship().has_source_operation(kCheckRelationshipDrift)) {
      const cfy::Task task = one.execute_source_operation(kCheckRelationshipDrift, check_once());
      keep_report(task, ignore_failure, [one](const cfy::json& report) {
        set_report(one.node_instance(), kOfSource, one.target_id(), report);
      });
      add(task);
    }
    if (one.relationship().has_target_operation(kCheckRelationshipDrift)) {
      const cfy::Task task = one.execute_target_operation(kCheckRelationshipDrift, check_once());
      keep_report(task, ignore_failure, [one](const cfy::json& report) {
        set_report(one.target_node_instance(), kOfTarget, one.source_id(), report);
      });
      add(task);
    }
  }
}

/// The instance's own check, or nothing, so that the order also holds through it.
cfy::Subgraph make_drift_check(const cfy::TaskGraph& graph, const cfy::NodeInstance& instance,
                               bool ignore_failure) {
  const cfy::Subgraph subgraph = graph.subgraph("check_drift_" + instance.id());
  if (!instance.node().has_operation(kCheckDrift)) return subgraph;
  const cfy::Task task = instance.execute_operation(kCheckDrift, check_once());
  keep_report(task, ignore_failure,
              [instance](const cfy::json& report) { set_property(instance, kOwn, report); });
  subgraph.add_task(task);
  return subgraph;
}

// As Python sees it: what an operation returns may be anything.
bool is_something(const cfy::json& value) {
  if (value.is_object() || value.is_array()) return !value.empty();
  return !value.is_null() && value != false && value != 0 && value != "";
}

void look_at(const cfy::json& report, Drift& drift) {
  if (!report.is_object()) return;
  drift.is_there = drift.is_there || is_something(report.value("result", cfy::json()));
  drift.is_unknown = drift.is_unknown || !is_something(report.value("ok", cfy::json()));
}

bool has_report(const cfy::NodeInstance& instance, const char* name, const std::string& key) {
  const cfy::json properties = instance.system_properties();
  const auto found = properties.find(name);
  return found != properties.end() && found->is_object() && found->contains(key);
}

}  // namespace

void run_drift_checks(const cfy::WorkflowContext& ctx, const Instances& instances, bool is_ordered,
                      bool ignore_failure) {
  const cfy::TaskGraph graph = ctx.graph_mode();
  Subgraphs subgraphs;
  for (const cfy::NodeInstance& instance : instances) {
    const cfy::Subgraph own = make_drift_check(graph, instance, ignore_failure);
    add_relationship_checks(graph, instance, own, ignore_failure);
    subgraphs.emplace(instance, own);
  }
  if (is_ordered) put_in_order(ctx, subgraphs);
  graph.execute();
}

Drift find_any_drift(const cfy::NodeInstance& instance) {
  Drift drift;
  const cfy::json properties = instance.system_properties();
  look_at(properties.value(kOwn, cfy::json()), drift);
  for (const char* name : {kOfSource, kOfTarget})
    for (const cfy::json& report : properties.value(name, cfy::json::object()))
      look_at(report, drift);
  return drift;
}

bool has_drift(const cfy::NodeInstance& instance) {
  Drift drift;
  look_at(instance.system_properties().value(kOwn, cfy::json()), drift);
  return drift.is_there;
}

bool has_source_drift_report(const cfy::RelationshipInstance& relationship) {
  return has_report(relationship.node_instance(), kOfSource, relationship.target_id());
}

bool has_target_drift_report(const cfy::RelationshipInstance& relationship) {
  return has_report(relationship.target_node_instance(), kOfTarget, relationship.source_id());
}

void note_no_drift(const cfy::NodeInstance& instance) {
  set_property(instance, kOwn, nullptr);
}

void forget_drift(const cfy::NodeInstance& instance) {
  const cfy::json before = instance.system_properties();
  cfy::json properties = before;
  for (const char* name : {kOwn, kOfSource, kOfTarget})
    properties.erase(name);
  if (properties != before) instance.set_system_properties(properties);
}

void check_drift(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  run_drift_checks(ctx, select(ctx, parameters).chosen,
                   is_on(parameters, "run_by_dependency_order", true),
                   is_on(parameters, "ignore_failure", false));
}

}  // namespace workflows
