// update: bring a deployment from its old definitions to new ones. What is gone is unlinked and
// uninstalled, what differs is updated by its own operations or else reinstalled, and what is new
// is installed and established.
#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include <cfy/lifecycle.hpp>

#include "drift.hpp"
#include "heal.hpp"
#include "order.hpp"
#include "selection.hpp"
#include "status.hpp"
#include "workflows.hpp"

namespace workflows {
namespace {

constexpr std::array<std::string_view, 6> kUpdateOperations = {
    "cloudify.interfaces.lifecycle.preupdate",    "cloudify.interfaces.lifecycle.update",
    "cloudify.interfaces.lifecycle.postupdate",   "cloudify.interfaces.lifecycle.update_config",
    "cloudify.interfaces.lifecycle.update_apply", "cloudify.interfaces.lifecycle.update_postapply"};
/// With one of these an instance can be updated in place.
constexpr std::array<std::string_view, 3> kUpdatesInPlace = {
    "cloudify.interfaces.lifecycle.update", "cloudify.interfaces.lifecycle.update_config",
    "cloudify.interfaces.lifecycle.update_apply"};
constexpr std::string_view kUpdateRelationship =
    "cloudify.interfaces.relationship_lifecycle.update";

struct UpdateWishes {
  explicit UpdateWishes(const cfy::Parameters& parameters)
      : skip_install(is_on(parameters, "skip_install", false)),
        skip_uninstall(is_on(parameters, "skip_uninstall", false)),
        skip_reinstall(is_on(parameters, "skip_reinstall", false)),
        skip_drift_check(is_on(parameters, "skip_drift_check", false)),
        skip_heal(is_on(parameters, "skip_heal", false)),
        force_reinstall(is_on(parameters, "force_reinstall", false)),
        ignore_failure(is_on(parameters, "ignore_failure", false)),
        install_first(is_on(parameters, "install_first", false)) {
    // The second is the older name.
    for (const char* name : {"reinstall_list", "node_instances_to_reinstall"})
      for (const std::string& id :
           parameters.get<std::optional<std::vector<std::string>>>(name).value_or(
               std::vector<std::string>()))
        reinstall_list.insert(id);
  }
  bool skip_install, skip_uninstall, skip_reinstall, skip_drift_check, skip_heal, force_reinstall,
      ignore_failure, install_first;
  std::set<std::string> reinstall_list;
};

/// The instances of a list, as the whole deployment has them: those that the list is about, and
/// those that are merely related.
struct Listed {
  Listed(const cfy::WorkflowContext& ctx, const cfy::ModifiedInstances& list) {
    for (const cfy::NodeInstance& one : list.node_instances())
      (one.modification() ? meant : related).push_back(ctx.get_node_instance(one.id()).value());
  }
  Instances meant, related;
};

void add_contained(InstanceSet& set, const cfy::NodeInstance& instance) {
  const Instances contained = instance.get_contained_subgraph();
  set.insert(contained.begin(), contained.end());
}

Instances in_order(const InstanceSet& set) {
  return {set.begin(), set.end()};
}

/// Relationships that the list shows, and no others of the same instances.
cfy::RelationshipFilter shown_in(const cfy::ModifiedInstances& list) {
  std::set<std::pair<std::string, std::string>> wanted;
  for (const cfy::NodeInstance& one : list.node_instances())
    if (one.modification())
      for (const cfy::RelationshipInstance& relationship : one.relationships())
        wanted.emplace(one.id() + " " + relationship.type(), relationship.target_id());
  return [wanted](const cfy::RelationshipInstance& one) {
    return wanted.contains({one.source_id() + " " + one.type(), one.target_id()});
  };
}

Instances all_of(const Listed& listed) {
  Instances all = listed.meant;
  all.insert(all.end(), listed.related.begin(), listed.related.end());
  return all;
}

/// One update while it runs.
class Updating {
 public:
  Updating(const cfy::WorkflowContext& ctx, const cfy::Parameters& parameters)
      : ctx_(ctx), wishes_(parameters), update_(ctx.deployment().update()) {}

  void run() {
    set_apart();
    if (wishes_.install_first) install();
    take_down();
    update_or_reinstall();
    if (!wishes_.install_first) install();
  }

 private:
  void set_apart() {
    for (const auto* list : {&update_.added(), &update_.removed()})
      for (const cfy::NodeInstance& one : Listed(ctx_, *list).meant)
        apart_.insert(one);
  }

  void take_down() {
    const Listed reduced(ctx_, update_.reduced()), removed(ctx_, update_.removed());
    if (!reduced.meant.empty() && !wishes_.skip_uninstall)
      cfy::unlink_relationships(ctx_, all_of(reduced), shown_in(update_.reduced()));
    if (!removed.meant.empty() && !wishes_.skip_uninstall)
      cfy::uninstall_node_instances(
          ctx_, removed.meant,
          {.related = removed.related, .ignore_failure = wishes_.ignore_failure});
    if (!reduced.meant.empty() || !removed.meant.empty()) update_.forget_removed();
  }

  void install() {
    if (wishes_.skip_install) return;
    const Listed added(ctx_, update_.added()), extended(ctx_, update_.extended());
    if (!added.meant.empty())
      cfy::install_node_instances(ctx_, added.meant, {.related = added.related});
    if (!extended.meant.empty())
      cfy::establish_relationships(ctx_, all_of(extended), shown_in(update_.extended()));
  }

  bool is_standing(const cfy::NodeInstance& instance) const {
    return !apart_.contains(instance) && instance.current_state() == "started";
  }

  void update_or_reinstall();
  void find_drift(const Instances& considered);
  void sort_out(const InstanceSet& drifted);
  void heal_first();
  void update_in_place();
  void reinstall();
  cfy::Subgraph make_update_subgraph(const cfy::NodeInstance& instance, InstanceSet& failed) const;
  std::vector<cfy::Task> update_tasks(const cfy::NodeInstance& instance) const;
  bool has_own_drift(const cfy::NodeInstance& instance) const {
    return changed_.contains(instance) || has_drift(instance);
  }

  const cfy::WorkflowContext& ctx_;
  const UpdateWishes wishes_;
  const cfy::Update update_;
  InstanceSet apart_;    // added or removed
  InstanceSet changed_;  // known to have changed, and without a check that knows better
  InstanceSet listed_;   // the user wants them reinstalled
  InstanceSet updating_, reinstalling_;
};

// Who has a check_drift of its own says itself whether it is to be updated.
void Updating::find_drift(const Instances& considered) {
  InstanceSet has_check, drifted;
  if (!wishes_.skip_drift_check) {
    run_drift_checks(ctx_, considered, true, true);
    for (const cfy::NodeInstance& instance : considered) {
      if (instance.node().has_operation(kCheckDrift)) has_check.insert(instance);
      const Drift drift = find_any_drift(instance);
      if (drift.is_unknown)
        add_contained(reinstalling_, instance);
      else if (drift.is_there)
        drifted.insert(instance);
    }
  }
  for (const cfy::NodeInstance& instance : update_.changed())
    if (is_standing(instance) && !has_check.contains(instance)) changed_.insert(instance);
  drifted.insert(changed_.begin(), changed_.end());
  sort_out(drifted);
}

void Updating::sort_out(const InstanceSet& drifted) {
  const auto can_be_updated = [&](const cfy::NodeInstance& instance) {
    return !has_own_drift(instance) ||
           std::any_of(kUpdatesInPlace.begin(), kUpdatesInPlace.end(),
                       [&](auto operation) { return instance.node().has_operation(operation); });
  };
  for (const cfy::NodeInstance& instance : drifted)
    if (!reinstalling_.contains(instance) && !can_be_updated(instance))
      add_contained(reinstalling_, instance);
  for (const cfy::NodeInstance& instance : drifted)
    if (!reinstalling_.contains(instance))
      (wishes_.force_reinstall ? reinstalling_ : updating_).insert(instance);
}

void Updating::heal_first() {
  run_status_checks(ctx_, in_order(updating_), false, true);
  const InstanceSet lost = heal_unhealthy(ctx_, in_order(updating_));
  for (const cfy::NodeInstance& instance : lost)
    updating_.erase(instance);
  reinstalling_.insert(lost.begin(), lost.end());
}

std::vector<cfy::Task> Updating::update_tasks(const cfy::NodeInstance& instance) const {
  std::vector<cfy::Task> tasks;
  if (has_own_drift(instance))
    for (const std::string_view operation : kUpdateOperations)
      if (instance.node().has_operation(operation))
        tasks.push_back(instance.execute_operation(operation));
  for (const cfy::RelationshipInstance& one : instance.relationships()) {
    if (has_source_drift_report(one) &&
        one.relationship().has_source_operation(kUpdateRelationship))
      tasks.push_back(one.execute_source_operation(kUpdateRelationship));
    if (has_target_drift_report(one) &&
        one.relationship().has_target_operation(kUpdateRelationship))
      tasks.push_back(one.execute_target_operation(kUpdateRelationship));
  }
  return tasks;
}

cfy::Subgraph Updating::make_update_subgraph(const cfy::NodeInstance& instance,
                                             InstanceSet& failed) const {
  const cfy::Subgraph made = ctx_.graph_mode().subgraph("update_" + instance.id());
  const std::vector<cfy::Task> tasks = update_tasks(instance);
  if (tasks.empty()) return made;
  cfy::TaskSequence sequence = made.sequence();
  sequence.add(instance.send_event("Updating node instance"));
  for (const cfy::Task& task : tasks)
    sequence.add(task);
  sequence.add(instance.send_event("Node instance updated"));
  made.on_success([instance] {
    note_no_drift(instance);
    return cfy::HandlerResult::cont();
  });
  made.on_failure([instance, &failed] {
    failed.insert(instance);
    return cfy::HandlerResult::ignore();
  });
  return made;
}

// Whose update fails is reinstalled.
void Updating::update_in_place() {
  InstanceSet failed;
  Subgraphs subgraphs;
  for (const cfy::NodeInstance& instance : updating_)
    subgraphs.emplace(instance, make_update_subgraph(instance, failed));
  put_in_order(ctx_, subgraphs);
  ctx_.graph_mode().execute();
  reinstalling_.insert(failed.begin(), failed.end());
}

void Updating::reinstall() {
  InstanceSet meant;
  for (const cfy::NodeInstance& instance : wishes_.skip_reinstall ? listed_ : reinstalling_)
    if (is_standing(instance)) meant.insert(instance);
  // What an earlier update took down has to come up again, whatever it was taken down for.
  if (!wishes_.skip_reinstall)
    for (const cfy::NodeInstance& instance : update_.interrupted())
      if (!apart_.contains(instance)) meant.insert(instance);
  if (meant.empty()) return;
  const Instances instances = in_order(meant);
  cfy::reinstall_node_instances(
      ctx_, instances,
      {.related = all_but(ctx_, instances), .ignore_failure = wishes_.ignore_failure});
  for (const cfy::NodeInstance& instance : meant)
    if (!wishes_.skip_drift_check) forget_drift(instance);
}

void Updating::update_or_reinstall() {
  for (const std::string& id : wishes_.reinstall_list)
    if (!ctx_.get_node_instance(id))
      ctx_.logger().warning("there is no node instance '" + id + "' to reinstall");
  Instances considered;
  for (const cfy::NodeInstance& instance : ctx_.node_instances()) {
    if (!is_standing(instance)) continue;
    if (wishes_.reinstall_list.contains(instance.id()))
      listed_.insert(instance);
    else
      considered.push_back(instance);
  }
  reinstalling_ = listed_;
  find_drift(considered);
  if (!updating_.empty() && !wishes_.skip_heal) heal_first();
  if (!updating_.empty()) update_in_place();
  reinstall();
  for (const cfy::NodeInstance& instance : changed_)
    forget_drift(instance);
}

}  // namespace

void update(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  Updating updating(ctx, parameters);
  if (!is_on(parameters, "preview", false)) updating.run();
}

}  // namespace workflows
