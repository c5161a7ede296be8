// scale: more or fewer instances of a node or scaling group, by a modification of the deployment.
#include <algorithm>

#include <cfy/lifecycle.hpp>

#include "selection.hpp"
#include "workflows.hpp"

namespace workflows {
namespace {

struct Wanted {
  std::string entity;  ///< a node, or a scaling group
  std::int64_t instances = 0;
};

std::vector<std::string> read_ids(const cfy::Parameters& parameters, std::string_view name) {
  const auto given = parameters.get<cfy::json>(name, nullptr);
  if (given.is_null()) return {};
  if (given.is_string()) return {given.get<std::string>()};
  return parameters.get<std::vector<std::string>>(name);
}

Wanted find_entity(const cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const auto name = parameters.get<std::string>("scalable_entity_name");
  const cfy::json groups = ctx.deployment().scaling_groups();
  if (const auto group = groups.find(name); group != groups.end())
    return {name, group->at("properties").at("planned_instances").get<std::int64_t>()};
  auto node = ctx.get_node(name);
  if (!node) throw cfy::NonRecoverable("No scalable entity named " + name + " was found");
  if (parameters.get("scale_compute", false))
    if (const auto host = node->host_node()) node = host;
  return {node->id(), node->planned_number_of_instances()};
}

void check_ids(const cfy::WorkflowContext& ctx, const std::vector<std::string>& included,
               const std::vector<std::string>& excluded) {
  std::string missing, both;
  const auto add = [](std::string& list, const std::string& id) {
    list += (list.empty() ? "" : ", ") + id;
  };
  for (const auto* ids : {&included, &excluded})
    for (const std::string& id : *ids)
      if (!ctx.get_node_instance(id)) add(missing, id);
  for (const std::string& id : included)
    if (std::find(excluded.begin(), excluded.end(), id) != excluded.end()) add(both, id);
  if (!missing.empty())
    throw cfy::NonRecoverable("The following instances were given, but did not exist: " + missing);
  if (!both.empty())
    throw cfy::NonRecoverable("The following instances were both excluded and included: " + both);
}

/// The instances that the modification adds (removes), and those that are related to them.
Selection divide(const cfy::ModifiedInstances& modified) {
  Selection divided;
  for (const cfy::NodeInstance& instance : modified.node_instances())
    (instance.modification() ? divided.chosen : divided.others).push_back(instance);
  return divided;
}

/// What an installation that failed has made: steps that are half done go back first.
void take_down(const cfy::WorkflowContext& ctx, const Instances& added,
               const cfy::LifecycleOptions& options) {
  cfy::rollback_node_instances(ctx, added, options);
  Instances installed;
  for (const cfy::NodeInstance& instance : added) {
    const std::string state = instance.current_state();
    if (state != "uninitialized" && state != "deleted") installed.push_back(instance);
  }
  if (!installed.empty()) cfy::uninstall_node_instances(ctx, installed, options);
}

/// A modification that an execution left behind blocks every other one.
void end_started(const cfy::WorkflowContext& ctx, bool abort_started) {
  if (!abort_started) return;
  for (const cfy::json& one : ctx.deployment().list_started_modifications()) {
    ctx.logger().warning("rolling back modification " + one.at("id").get<std::string>() +
                         ", which was started before");
    cfy::Modification(ctx.deployment(), one.at("id").get<std::string>()).rollback();
  }
}

}  // namespace

void scale(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const auto delta = parameters.get<std::int64_t>("delta", 1);
  const bool ignore_failure = parameters.get("ignore_failure", false);
  const auto included = read_ids(parameters, "include_instances");
  const auto excluded = read_ids(parameters, "exclude_instances");
  if (delta == 0) {
    ctx.logger().info("delta parameter is 0, so no scaling will take place.");
    return;
  }
  if (delta > 0 && (!included.empty() || !excluded.empty()))
    throw cfy::NonRecoverable("Instances cannot be included or excluded when scaling up.");
  check_ids(ctx, included, excluded);
  const Wanted now = find_entity(ctx, parameters);
  if (now.instances + delta < 0)
    throw cfy::NonRecoverable("Provided delta: " + std::to_string(delta) +
                              " is illegal. The current number of instances of " + now.entity +
                              " is " + std::to_string(now.instances));

  // Before the modification, as it makes a graph and not tasks that start at once.
  static_cast<void>(ctx.graph_mode());
  end_started(ctx, parameters.get("abort_started", false));
  const auto modification =
      ctx.deployment().start_modification({{now.entity,
                                            {.instances = now.instances + delta,
                                             .removed_ids_include_hint = included,
                                             .removed_ids_exclude_hint = excluded}}});
  const Selection concerned = divide(delta > 0 ? modification.added() : modification.removed());
  const cfy::LifecycleOptions options{.related = concerned.others,
                                      .ignore_failure = ignore_failure};
  try {
    if (delta > 0)
      cfy::install_node_instances(ctx, concerned.chosen, options);
    else
      cfy::uninstall_node_instances(ctx, concerned.chosen, options);
  } catch (const cfy::Error& error) {
    if (!parameters.get("rollback_if_failed", true)) {
      ctx.logger().warning("scaling failed; modification " + modification.id() +
                           " stays started, as rollback_if_failed is false");
      throw;
    }
    ctx.logger().warning(std::string("scaling failed, rolling back: ") + error.what());
    const cfy::ModificationGuard guard(modification);
    if (delta > 0) {
      const cfy::CleanupScope scope(ctx);
      take_down(ctx, concerned.chosen, options);
    }
    throw;
  }
  modification.finish();
}

}  // namespace workflows
