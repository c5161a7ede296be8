// heal: check the instances, heal those that are unhealthy by their own operations, and reinstall
// those that have none or whose healing failed.
#include "heal.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include <cfy/lifecycle.hpp>

#include "status.hpp"
#include "workflows.hpp"

namespace workflows {
namespace {

/// Who has this one can be healed; the others are only around it.
constexpr std::string_view kHeal = "cloudify.interfaces.lifecycle.heal";
constexpr std::array<std::string_view, 3> kHealOperations = {
    "cloudify.interfaces.lifecycle.preheal", kHeal, "cloudify.interfaces.lifecycle.postheal"};

/// The named instance with all that shares its host, or everything.
Instances find_targets(const cfy::WorkflowContext& ctx, const std::optional<std::string>& id) {
  if (!id) return ctx.node_instances();
  const auto failing = ctx.get_node_instance(*id);
  if (!failing) throw cfy::NonRecoverable("No node instance with id '" + *id + "' was found");
  return failing->host().value_or(*failing).get_contained_subgraph();
}

/// What the last check said. One that was never checked counts as healthy, unless it was asked for.
bool is_healthy(const cfy::NodeInstance& instance, bool is_asked_for) {
  const cfy::json properties = instance.system_properties();
  const auto status = properties.find("status");
  if (status == properties.end() || !status->is_object()) return !is_asked_for;
  return status->value("ok", false);
}

void note_healed(const cfy::NodeInstance& instance) {
  cfy::json properties = instance.system_properties();
  properties["status"] = {
      {"ok", true}, {"timestamp", timestamp()}, {"task", nullptr}, {"healed", true}};
  instance.set_system_properties(properties);
}

cfy::Subgraph make_heal_subgraph(const cfy::NodeInstance& instance, const cfy::TaskGraph& graph,
                                 InstanceSet& failed) {
  const cfy::Subgraph made = graph.subgraph("heal_" + instance.id());
  cfy::TaskSequence sequence = made.sequence();
  sequence.add(instance.send_event("Healing node instance"));
  for (const std::string_view operation : kHealOperations)
    if (instance.node().has_operation(operation))
      sequence.add(instance.execute_operation(operation));
  sequence.add(instance.send_event("Node instance healed"));
  made.on_success([instance] {
    note_healed(instance);
    return cfy::HandlerResult::cont();
  });
  made.on_failure([instance, &failed] {
    failed.insert(instance);
    return cfy::HandlerResult::ignore();
  });
  return made;
}

/// Heal, targets of relationships first. Gives those whose healing failed.
InstanceSet run_heal_operations(const cfy::WorkflowContext& ctx, const Instances& instances) {
  InstanceSet failed;
  const cfy::TaskGraph graph = ctx.graph_mode();
  Subgraphs subgraphs;
  for (const cfy::NodeInstance& instance : instances)
    subgraphs.emplace(instance, make_heal_subgraph(instance, graph, failed));
  put_in_order(ctx, subgraphs);
  graph.execute();
  return failed;
}

void reinstall_all(const cfy::WorkflowContext& ctx, const Instances& instances,
                   bool ignore_failure) {
  cfy::reinstall_node_instances(
      ctx, instances, {.related = all_but(ctx, instances), .ignore_failure = ignore_failure});
}

[[noreturn]] void refuse_reinstall(const Instances& instances) {
  constexpr std::size_t kMostNamed = 5;
  std::string names;
  for (std::size_t i = 0; i < instances.size() && i < kMostNamed; ++i)
    names += (i == 0 ? "" : ", ") + instances[i].id();
  if (instances.size() > kMostNamed)
    names += " and " + std::to_string(instances.size() - kMostNamed) + " more";
  throw cfy::NonRecoverable(
      "allow_reinstall is false, but these node instances are unhealthy and can only be "
      "reinstalled: " +
      names);
}

/// What is to be done about unhealthy instances.
struct Cure {
  Instances healing;
  InstanceSet beyond;  ///< they have no such operation, with what is in them
};

Cure find_cure(const Instances& targets, bool is_asked_for) {
  Cure cure;
  for (const cfy::NodeInstance& instance : targets) {
    if (is_healthy(instance, is_asked_for)) continue;
    if (instance.node().has_operation(kHeal)) {
      cure.healing.push_back(instance);
    } else {
      // What stands in it goes down with it.
      const Instances contained = instance.get_contained_subgraph();
      cure.beyond.insert(contained.begin(), contained.end());
    }
  }
  // What is reinstalled anyway is not healed before.
  std::erase_if(cure.healing, [&](const auto& instance) { return cure.beyond.contains(instance); });
  return cure;
}

InstanceSet apply(const cfy::WorkflowContext& ctx, Cure cure) {
  if (!cure.healing.empty()) cure.beyond.merge(run_heal_operations(ctx, cure.healing));
  return std::move(cure.beyond);
}

Instances listed(const InstanceSet& set) {
  return {set.begin(), set.end()};
}

}  // namespace

InstanceSet heal_unhealthy(const cfy::WorkflowContext& ctx, const Instances& targets) {
  return apply(ctx, find_cure(targets, false));
}

void heal(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  auto id = parameters.get<std::optional<std::string>>("node_instance_id");
  if (id && id->empty()) id.reset();
  const auto ignore_failure = is_on(parameters, "ignore_failure", true);
  const cfy::json diagnosis = parameters.all().value("diagnose_value", cfy::json("Not provided"));
  const std::string what = id ? "on " + *id : "for '" + ctx.deployment().id() + "' deployment";
  ctx.logger().info("Starting 'heal' workflow " + what + ", Diagnosis: " +
                    (diagnosis.is_string() ? diagnosis.get<std::string>() : diagnosis.dump()));
  const Instances targets = find_targets(ctx, id);
  if (is_on(parameters, "force_reinstall", false))
    return reinstall_all(ctx, targets, ignore_failure);
  if (is_on(parameters, "check_status", true)) run_status_checks(ctx, targets, false, true);

  const bool may_reinstall = is_on(parameters, "allow_reinstall", true);
  Cure cure = find_cure(targets, id.has_value());
  // Said before anything is touched.
  if (!cure.beyond.empty() && !may_reinstall) refuse_reinstall(listed(cure.beyond));
  const Instances lost = listed(apply(ctx, std::move(cure)));
  if (lost.empty()) return;
  if (!may_reinstall) refuse_reinstall(lost);
  reinstall_all(ctx, lost, ignore_failure);
}

}  // namespace workflows
