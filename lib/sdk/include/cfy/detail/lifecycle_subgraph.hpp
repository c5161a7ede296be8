// The lifecycle of one instance as a subgraph: install, uninstall, reinstall, roll back. Knows
// nothing of other instances; cfy/lifecycle.hpp puts them together.
#pragma once

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cfy/detail/lifecycle_parts.hpp>
#include <cfy/workflow.hpp>

namespace cfy::detail {

struct InstanceSubgraph {
  Subgraph subgraph;
  /// What comes right after each of its lifecycle operations: what waits for such an operation
  /// waits for that.
  std::map<std::string, std::vector<Task>, std::less<>> after = {};
  std::map<std::string, Task, std::less<>> operations = {};
  /// Comes before the subgraph, once all that this waits for is done.
  std::optional<Subgraph> first = {};
};

/// "What fails is told of and passed over."
inline void ignore_failure_of(const Task& task, const NodeInstance& instance) {
  task.on_failure([instance](const Task& failed) {
    instance.send_event_now("Ignoring task " + failed.name() + " failure");
    return HandlerResult::ignore();
  });
}

/// The operation on both sides of a relationship; of a side where it is not mapped, nothing.
inline std::vector<Task> relationship_tasks(const RelationshipInstance& relationship,
                                            std::string_view operation) {
  std::vector<Task> tasks;
  if (relationship.relationship().has_source_operation(operation))
    tasks.push_back(relationship.execute_source_operation(operation));
  if (relationship.relationship().has_target_operation(operation))
    tasks.push_back(relationship.execute_target_operation(operation));
  return tasks;
}

/// Which parts of a lifecycle an instance has operations for.
class InstanceOperations {
 public:
  explicit InstanceOperations(const NodeInstance& instance)
      : instance_(instance), node_(instance.node()) {}

  bool has(std::string_view operation) const { return node_.has_operation(operation); }
  bool is_host() const { return node_.is_of_type("cloudify.nodes.Compute"); }
  bool has_work(const LifecyclePart& part) const {
    const auto is_mapped = [this](const LifecyclePart& one) { return has(one.operation); };
    switch (part.kind) {
      case LifecyclePart::Kind::operation:
        return has(part.operation);
      case LifecyclePart::Kind::relationships:
      case LifecyclePart::Kind::reversed_relationships:
        return has_relationship_work(part.operation);
      case LifecyclePart::Kind::host_start:
        return is_host() && std::ranges::any_of(host_start(), is_mapped);
      case LifecyclePart::Kind::host_stop:
        return is_host() && std::ranges::any_of(host_stop(), is_mapped);
    }
    return false;
  }

  std::vector<LifecyclePart> host_start() const {
    std::vector<LifecyclePart> parts = {{.operation = kGetState}};
    const std::string agent = agent_method();
    if (agent != "none") parts.push_back(kCreateAgent);
    if (agent == "plugin" || agent == "init_script") parts.push_back(kStartAgent);
    parts.push_back({.operation = "cloudify.interfaces.monitoring_agent.install"});
    parts.push_back({.operation = "cloudify.interfaces.monitoring_agent.start"});
    return parts;
  }
  std::vector<LifecyclePart> host_stop() const {
    std::vector<LifecyclePart> parts = {
        {.operation = "cloudify.interfaces.monitoring_agent.stop"},
        {.operation = "cloudify.interfaces.monitoring_agent.uninstall"}};
    const std::string agent = agent_method();
    if (agent == "none") return parts;
    const bool is_by_script = agent == "plugin" || agent == "init_script" || agent == "provided";
    parts.push_back(is_by_script ? kStopScriptedAgent : kStopAgent);
    parts.push_back(kDeleteAgent);
    return parts;
  }

 private:
  /// A node may have relationships that this instance does not have: the target has no instance, or
  /// an update takes them away. The node is asked first, as it has fewer.
  bool has_relationship_work(std::string_view operation) const {
    const auto is_mapped = [operation](const Relationship& one) {
      return one.has_source_operation(operation) || one.has_target_operation(operation);
    };
    return std::ranges::any_of(node_.relationships(), is_mapped) &&
           std::ranges::any_of(instance_.relationships(), [&](const RelationshipInstance& one) {
             return is_mapped(one.relationship());
           });
  }
  /// How its agent is installed: "none" when none is wanted. The older property install_agent,
  /// where it says something, comes first.
  std::string agent_method() const {
    const json& properties = node_.properties();
    const auto older = properties.find("install_agent");
    if (older != properties.end() && older->is_boolean())
      return older->get<bool>() ? "remote" : "none";
    const auto config = properties.find("agent_config");
    if (config == properties.end() || !config->is_object()) return {};
    const auto method = config->find("install_method");
    return method != config->end() && method->is_string() ? method->get<std::string>() : "";
  }

  NodeInstance instance_;
  Node node_;
};

/// Puts the parts of a lifecycle, one after the other, into the subgraph of an instance.
class LifecycleSteps {
 public:
  LifecycleSteps(const WorkflowContext& ctx, const NodeInstance& instance, const Subgraph& subgraph)
      : ctx_(ctx),
        instance_(instance),
        operations_(instance),
        made_{subgraph},
        sequence_(subgraph.sequence()) {}

  /// From here on operations that fail are passed over.
  void ignore_failures() { ignores_failures_ = true; }

  void add(const LifecyclePart& part) {
    if (!operations_.has_work(part)) {
      add_event(part.nothing);
      return;
    }
    add_state_and_event(part.state_before, part.before);
    switch (part.kind) {
      case LifecyclePart::Kind::operation:
        add_operation(part.operation);
        break;
      case LifecyclePart::Kind::relationships:
        add_relationships(part.operation, false);
        break;
      case LifecyclePart::Kind::reversed_relationships:
        add_relationships(part.operation, true);
        break;
      case LifecyclePart::Kind::host_start:
        add_mapped(operations_.host_start());
        break;
      case LifecyclePart::Kind::host_stop:
        add_mapped(operations_.host_stop());
        break;
    }
    add_state_and_event(part.state_after, part.after);
  }

  void add_event(std::string_view text) { add_state_and_event({}, text); }
  /// Side by side; an empty text is left out.
  void add_state_and_event(std::string_view state, std::string_view text) {
    std::vector<Task> tasks;
    if (!state.empty()) tasks.push_back(instance_.set_state(state));
    if (!text.empty()) tasks.push_back(instance_.send_event(text));
    add_step(std::move(tasks));
  }

  const InstanceOperations& operations() const { return operations_; }
  InstanceSubgraph finish() && { return std::move(made_); }

 private:
  void add_step(std::vector<Task> tasks) {
    if (tasks.empty()) return;
    if (!last_operation_.empty()) made_.after[std::exchange(last_operation_, {})] = tasks;
    sequence_.add(forkjoin(std::move(tasks)));
  }

  void add_mapped(const std::vector<LifecyclePart>& parts) {
    for (const LifecyclePart& part : parts)
      if (operations_.has_work(part)) add(part);
  }

  void add_operation(std::string_view name) {
    const Task task = instance_.execute_operation(name);
    if (ignores_failures_) ignore_failure_of(task, instance_);
    if (name == kGetState && !ctx_.dry_run()) poll(task);
    add_step({task});
    made_.operations.insert_or_assign(std::string(name), task);
    made_.after[std::string(name)] = {task};  // until something comes after it
    last_operation_ = name;
  }

  /// Run it again until its result is something. Waiting is no failure, so it counts no retries.
  static void poll(const Task& task) {
    task.on_success([](const Task& asked) {
      const json answer = asked.result();
      const bool is_nothing = answer.is_null() || answer == false || answer == 0 || answer == "" ||
                              (answer.is_structured() && answer.empty());
      return is_nothing ? HandlerResult::retry(true) : HandlerResult::cont();
    });
  }

  /// The operations of one relationship side by side, and those of relationships to one node;
  /// target nodes one after the other, in the order of the template.
  void add_relationships(std::string_view operation, bool is_reversed) {
    std::vector<std::pair<Node, std::vector<Task>>> groups;
    for (const RelationshipInstance& one : instance_.relationships()) {
      const Node target = one.relationship().target_node();
      if (groups.empty() || groups.back().first != target)
        groups.emplace_back(target, std::vector<Task>{});
      for (const Task& task : relationship_tasks(one, operation)) {
        if (ignores_failures_) ignore_failure_of(task, instance_);
        groups.back().second.push_back(task);
      }
    }
    if (is_reversed) std::ranges::reverse(groups);
    for (auto& [target, tasks] : groups)
      add_step(std::move(tasks));
  }

  const WorkflowContext& ctx_;
  NodeInstance instance_;
  InstanceOperations operations_;
  InstanceSubgraph made_;
  TaskSequence sequence_;
  std::string last_operation_;
  bool ignores_failures_ = false;
};

/// @param state  the one that the installation goes on from
inline InstanceSubgraph make_install_subgraph(const WorkflowContext& ctx,
                                              const NodeInstance& instance,
                                              const TaskContainer& graph, std::string_view state) {
  LifecycleSteps steps(ctx, instance, graph.subgraph("install_" + instance.id()));
  const int progress = install_progress(state);
  const auto has_work = [&](const LifecyclePart& part) {
    return progress < part.done_at && steps.operations().has_work(part);
  };
  // A host goes through all its states, as it is waited for even where nothing says how.
  const bool is_host_to_start = steps.operations().is_host() && state != "started";
  if (!is_host_to_start && std::ranges::none_of(kInstallParts, has_work)) {
    steps.add_state_and_event("started", "Node instance started (nothing to do)");
    return std::move(steps).finish();
  }
  steps.add_state_and_event("initializing", {});
  for (const LifecyclePart& part : kInstallParts) {
    if (has_work(part))
      steps.add(part);
    else
      steps.add_event(part.nothing);
  }
  steps.add_state_and_event("started", "Node instance started");
  return std::move(steps).finish();
}

/// @param state  the one that the removal goes on from
inline InstanceSubgraph make_uninstall_subgraph(const WorkflowContext& ctx,
                                                const NodeInstance& instance,
                                                const TaskContainer& graph, std::string_view state,
                                                bool ignore_failure) {
  LifecycleSteps steps(ctx, instance, graph.subgraph("uninstall_" + instance.id()));
  if (ignore_failure) steps.ignore_failures();
  const bool is_deleted = state == "deleted", was_never = state == "uninitialized";
  const bool was_stopped = state == "stopped" || state == "deleting" || is_deleted;
  if (was_stopped || was_never || state == "configured") {
    steps.add_event(kDeletionValidation.nothing);
    steps.add_event("Stop: instance already " + std::string(state));
    if (!was_stopped) steps.add_state_and_event("stopped", {});
  } else {
    steps.add_state_and_event("stopping", "Stopping node instance");
    steps.add(kDeletionValidation);
    for (const LifecyclePart& part : kStopParts)
      steps.add(part);
    steps.add_state_and_event("stopped", {});
  }
  if (is_deleted || was_never)
    steps.add_event("Delete: instance already " + std::string(state));
  else
    for (const LifecyclePart& part : kDeleteParts)
      steps.add(part);
  if (!is_deleted) steps.add_state_and_event("deleted", "Deleted node instance");
  return std::move(steps).finish();
}

/// From the middle of a step back to before it: from creating or configuring to uninitialized, from
/// starting to configured.
inline InstanceSubgraph make_rollback_subgraph(const WorkflowContext& ctx,
                                               const NodeInstance& instance,
                                               const TaskContainer& graph, std::string_view state,
                                               bool ignore_failure) {
  LifecycleSteps steps(ctx, instance, graph.subgraph("rollback_" + instance.id()));
  if (ignore_failure) steps.ignore_failures();
  const std::string nothing = ": nothing to do, instance state is " + std::string(state);
  if (state == "starting") {
    steps.add_state_and_event("stopping", "Stopping node instance");
    steps.add(kDeletionValidation);
    for (const LifecyclePart& part : kStopParts)
      steps.add(part);
    steps.add_event("Rollback Delete" + nothing);
    steps.add_state_and_event("configured", "Rollbacked node instance");
  } else {
    steps.add_event(kDeletionValidation.nothing);
    steps.add_event("Rollback Stop" + nothing);
    for (const LifecyclePart& part : kDeleteParts)
      steps.add(part);
    steps.add_state_and_event("uninitialized", "Rollbacked node instance");
  }
  return std::move(steps).finish();
}

/// Of a resumed run: the subgraph that undoes what the installation is about to do again, or
/// nothing when it goes on where it was. What fails of it is passed over.
inline std::optional<Subgraph> make_undo_subgraph(const WorkflowContext& ctx,
                                                  const NodeInstance& instance,
                                                  const TaskContainer& graph,
                                                  const InstanceSubgraph& installation) {
  const std::string state = instance.current_state();
  const auto undo = std::ranges::find(kUndoParts, state, &UndoParts::state);
  if (undo == kUndoParts.end()) return std::nullopt;
  const auto again = installation.operations.find(undo->operation);
  if (again == installation.operations.end() || again->second.get_state() != "pending")
    return std::nullopt;
  std::vector<LifecyclePart> parts;
  std::ranges::copy_if(undo->parts, std::back_inserter(parts), [&](const LifecyclePart& part) {
    return InstanceOperations(instance).has_work(part);
  });
  if (parts.empty()) return std::nullopt;
  const Subgraph subgraph = graph.subgraph("resume_cleanup_" + instance.id());
  subgraph.undoes(again->second);
  LifecycleSteps steps(ctx, instance, subgraph);
  steps.ignore_failures();
  steps.add_event("Rolling back prior to resuming install");
  for (const LifecyclePart& part : parts)
    steps.add(part);
  steps.add_event("Finished rolling back, now resuming install");
  return subgraph;
}

inline Subgraph make_reinstall_subgraph(const WorkflowContext& ctx, const NodeInstance& instance,
                                        const TaskContainer& graph);

/// A failed installation is tried again from its beginning, as often as subgraph_retries allows.
inline void reinstall_on_failure(const WorkflowContext& ctx, const NodeInstance& instance,
                                 const TaskContainer& graph, const Task& subgraph) {
  subgraph.on_failure([&ctx, instance, graph] {
    return HandlerResult::retry_by(make_reinstall_subgraph(ctx, instance, graph));
  });
}

/// The same for a removal: it goes on from `state`, too.
inline void uninstall_on_failure(const WorkflowContext& ctx, const NodeInstance& instance,
                                 const TaskContainer& graph, const Task& subgraph,
                                 const std::string& state) {
  subgraph.on_failure([&ctx, instance, graph, state] {
    const auto again = make_uninstall_subgraph(ctx, instance, graph, state, false);
    uninstall_on_failure(ctx, instance, graph, again.subgraph, state);
    return HandlerResult::retry_by(again.subgraph);
  });
}

inline Subgraph make_reinstall_subgraph(const WorkflowContext& ctx, const NodeInstance& instance,
                                        const TaskContainer& graph) {
  Subgraph both = graph.subgraph("reinstall_" + instance.id());
  // The whole of it, wherever the installation stopped: what a failed step has done is not known.
  const auto removal = make_uninstall_subgraph(ctx, instance, both, "started", false);
  const auto installation = make_install_subgraph(ctx, instance, both, "deleted");
  both.sequence().add(
      instance.send_event("Node lifecycle failed. Attempting to re-run node lifecycle"),
      removal.subgraph, installation.subgraph);
  reinstall_on_failure(ctx, instance, graph, both);
  return both;
}

}  // namespace cfy::detail
