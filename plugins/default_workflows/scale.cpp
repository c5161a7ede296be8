// scale: more or fewer instances of a node or scaling group, by a modification of the deployment.
#include <charconv>
#include <system_error>

#include <cfy/lifecycle.hpp>

#include "removal_hints.hpp"
#include "selection.hpp"
#include "workflows.hpp"

namespace workflows {
namespace {

struct Wanted {
  std::string entity;          ///< a node, or a scaling group
  std::int64_t instances = 0;  ///< of now, whatever a modification that was left has planned
};

// Blueprints with types from before there were scaling groups say node_id.
std::string name_entity(const cfy::Parameters& parameters) {
  const bool is_old =
      !parameters.contains("scalable_entity_name") && parameters.contains("node_id");
  return parameters.get<std::string>(is_old ? "node_id" : "scalable_entity_name");
}

// A number, or a text that is one.
std::int64_t read_delta(const cfy::Parameters& parameters) {
  if (!parameters.contains("delta")) return 1;
  if (!parameters["delta"].is_string()) return parameters.get<std::int64_t>("delta");
  const auto text = parameters.get<std::string>("delta");
  std::int64_t delta = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + (text.starts_with('+') ? 1 : 0), end, delta);
  if (read.ec != std::errc() || read.ptr != end)
    throw cfy::NonRecoverable("The delta parameter must be a number. Got: " + text);
  return delta;
}

Wanted find_entity(const cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const std::string name = name_entity(parameters);
  const cfy::json groups = ctx.deployment().scaling_groups();
  if (const auto group = groups.find(name); group != groups.end())
    return {name, group->at("properties").at("current_instances").get<std::int64_t>()};
  auto node = ctx.get_node(name);
  if (!node) throw cfy::NonRecoverable("No scalable entity named " + name + " was found");
  if (is_on(parameters, "scale_compute", false))
    if (const auto host = node->host_node()) node = host;
  return {node->id(), node->number_of_instances()};
}

/// The instances that the modification adds (removes), and those that are related to them.
Selection divide(const cfy::ModifiedInstances& modified) {
  Selection divided;
  for (const cfy::NodeInstance& instance : modified.node_instances())
    (instance.modification() ? divided.chosen : divided.others).push_back(instance);
  return divided;
}

/// A modification that an execution left behind blocks every other one. What it made goes with it.
void end_started(const cfy::WorkflowContext& ctx, bool ignore_failure) {
  for (const cfy::json& one : ctx.deployment().list_started_modifications()) {
    const auto id = one.at("id").get<std::string>();
    ctx.logger().warning("rolling back modification " + id + ", which was started before");
    Instances added;
    for (const cfy::json& instance : one.at("added"))
      if (const auto found = ctx.get_node_instance(instance.get<std::string>()))
        added.push_back(*found);
    if (!added.empty())
      cfy::uninstall_node_instances(
          ctx, added, {.related = all_but(ctx, added), .ignore_failure = ignore_failure});
    cfy::Modification(ctx.deployment(), id).rollback();
  }
}

}  // namespace

void scale(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const std::int64_t delta = read_delta(parameters);
  const bool ignore_failure = is_on(parameters, "ignore_failure", false);
  const RemovalHints hints = read_hints(parameters);
  if (delta == 0) {
    ctx.logger().info("delta parameter is 0, so no scaling will take place.");
    return;
  }
  if (delta > 0 && !hints.empty())
    throw cfy::NonRecoverable("Instances cannot be included or excluded when scaling up.");
  const Wanted now = find_entity(ctx, parameters);
  check_hints(ctx, hints, name_entity(parameters), delta,
              is_on(parameters, "scale_compute", false));
  if (now.instances + delta < 0)
    throw cfy::NonRecoverable("Provided delta: " + std::to_string(delta) +
                              " is illegal. Current number of instances of entity " + now.entity +
                              " is " + std::to_string(now.instances));

  // Before the modification, as it makes a graph and not tasks that start at once.
  static_cast<void>(ctx.graph_mode());
  if (is_on(parameters, "abort_started", false)) end_started(ctx, ignore_failure);
  const auto modification =
      ctx.deployment().start_modification({{now.entity,
                                            {.instances = now.instances + delta,
                                             .removed_ids_include_hint = hints.included,
                                             .removed_ids_exclude_hint = hints.excluded}}});
  const Selection concerned = divide(delta > 0 ? modification.added() : modification.removed());
  const cfy::LifecycleOptions options{.related = concerned.others,
                                      .ignore_failure = ignore_failure};
  try {
    if (delta > 0)
      cfy::install_node_instances(ctx, concerned.chosen, options);
    else
      cfy::uninstall_node_instances(ctx, concerned.chosen, options);
  } catch (const cfy::Error& error) {
    if (!is_on(parameters, "rollback_if_failed", true)) {
      ctx.logger().warning("scaling failed; modification " + modification.id() +
                           " stays started, as rollback_if_failed is false");
      throw;
    }
    ctx.logger().warning(std::string("scaling failed, rolling back: ") + error.what());
    const cfy::ModificationGuard guard(modification);
    if (delta > 0) {
      const cfy::CleanupScope scope(ctx);
      // After a cancel operations may still run; what they make is not there yet.
      ctx.graph_mode().execute();
      cfy::undo_installation(ctx, concerned.chosen, options);
    }
    throw;
  }
  modification.finish();
}

}  // namespace workflows
