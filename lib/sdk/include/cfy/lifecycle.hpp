// The lifecycles of node instances, as the built-in workflows run them: for workflows of one's own
// that install or uninstall a part of a deployment.
//
//   const auto chosen = ctx.get_node_instance("web_x81k2a")->get_contained_subgraph();
//   cfy::reinstall_node_instances(ctx, chosen, {.related = the_others});
//
// Each instance is one subgraph of the operations of its lifecycle, in their order, with the states
// and events around them; operations that are not mapped are left out. Subgraphs wait for each
// other as the relationships say. Instances that are in neither list are not looked at: what they
// have to those that are is neither established nor unlinked.
//
// All functions make tasks in the graph of the execution (ctx.graph_mode()), run it together with
// what was in it already, return when it has ended, and throw what its execute() throws. They go on
// from the state that an instance has when they are called, and set it as they go. A failed
// lifecycle starts again from its beginning as often as the run's subgraph_retries allows.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cfy/detail/lifecycle_subgraph.hpp>

namespace cfy {

struct LifecycleOptions {
  /// Instances that stay as they are. What they have to instances that are worked on is established
  /// after those were installed, and unlinked before they are uninstalled.
  std::vector<NodeInstance> related = {};
  /// An operation that fails while something is taken down is told of and passed over.
  bool ignore_failure = false;
};

/// Which relationships of related instances are meant.
using RelationshipFilter = std::function<bool(const RelationshipInstance&)>;

namespace detail {

/// Subgraphs of instances and what waits for what among them.
class LifecycleGraph {
 public:
  using Maker = std::function<InstanceSubgraph(const NodeInstance&)>;

  LifecycleGraph(const WorkflowContext& ctx, const std::vector<NodeInstance>& instances,
                 const LifecycleOptions& options)
      : ctx_(ctx), graph_(ctx.graph_mode()), instances_(instances), options_(options) {}

  void make(const Maker& maker) {
    for (const NodeInstance& instance : instances_)
      subgraphs_.emplace(instance, maker(instance));
    for (const NodeInstance& instance : options_.related)
      if (!subgraphs_.contains(instance))
        stubs_.emplace(instance, InstanceSubgraph{graph_.subgraph("stub_" + instance.id())});
  }

  /// In a resumed run: before an operation runs again that may have come half way, what it did is
  /// undone. Facts section 10.
  void undo_half_done() {
    if (!ctx_.resume()) return;
    for (auto& [instance, made] : subgraphs_) {
      made.first = make_undo_subgraph(ctx_, instance, graph_, made);
      if (made.first) graph_.add_dependency(made.subgraph, *made.first);
    }
  }

  /// Targets of relationships first. @param is_meant  of related instances' relationships
  void run_upwards(const RelationshipFilter& is_meant) {
    run(false, "cloudify.interfaces.relationship_lifecycle.establish", is_meant);
  }
  /// Targets of relationships last.
  void run_downwards(const RelationshipFilter& is_meant) {
    run(true, "cloudify.interfaces.relationship_lifecycle.unlink", is_meant);
  }
  void run_upwards() { run_upwards(leads_to_instances()); }
  void run_downwards() { run_downwards(leads_to_instances()); }

 private:
  RelationshipFilter leads_to_instances() const {
    return [this](const RelationshipInstance& relationship) {
      return subgraphs_.contains(relationship.target_node_instance());
    };
  }

  void run(bool is_downwards, std::string_view operation, const RelationshipFilter& is_meant) {
    for (const auto& [instance, made] : subgraphs_)
      link(instance, made, is_downwards, [](const RelationshipInstance&) {});
    for (const auto& [instance, made] : stubs_) {
      TaskSequence sequence = made.subgraph.sequence();
      link(instance, made, is_downwards, [&](const RelationshipInstance& relationship) {
        if (!is_meant(relationship)) return;
        for (const Task& task : relationship_tasks(relationship, operation)) {
          if (is_downwards) ignore_failure_of(task, relationship.node_instance());
          sequence.add(task);
        }
      });
    }
    graph_.execute();
  }

  template <typename Visit>
  void link(const NodeInstance& instance, const InstanceSubgraph& made, bool is_downwards,
            const Visit& visit) {
    std::vector<RelationshipInstance> relationships = instance.relationships();
    if (is_downwards) std::ranges::reverse(relationships);
    for (const RelationshipInstance& relationship : relationships) {
      const InstanceSubgraph* target = find(relationship.target_node_instance());
      if (target == nullptr) continue;
      if (is_downwards)
        wait(*target, made, relationship);
      else
        wait(made, *target, relationship);
      visit(relationship);
    }
  }

  /// `later` waits for `earlier`, or only for one operation of it when the relationship says so. If
  /// that operation is not run, it waits for nothing.
  void wait(const InstanceSubgraph& later, const InstanceSubgraph& earlier,
            const RelationshipInstance& relationship) {
    const auto wait_for = [&](const Task& task) {
      graph_.add_dependency(later.subgraph, task);
      if (later.first) graph_.add_dependency(*later.first, task);
    };
    if (!relationship.is_derived_from("cloudify.relationships.depends_on_lifecycle_operation")) {
      wait_for(earlier.subgraph);
      return;
    }
    const json& properties = relationship.relationship().properties();
    const auto operation =
        "cloudify.interfaces.lifecycle." + properties.value("operation", std::string());
    if (const auto after = earlier.after.find(operation); after != earlier.after.end())
      for (const Task& task : after->second)
        wait_for(task);
  }

  const InstanceSubgraph* find(const NodeInstance& instance) const {
    if (const auto made = subgraphs_.find(instance); made != subgraphs_.end()) return &made->second;
    const auto stub = stubs_.find(instance);
    return stub == stubs_.end() ? nullptr : &stub->second;
  }

  const WorkflowContext& ctx_;
  TaskGraph graph_;
  const std::vector<NodeInstance>& instances_;
  const LifecycleOptions& options_;
  std::map<NodeInstance, InstanceSubgraph> subgraphs_, stubs_;
};

/// @param state_of  the state that the installation of an instance goes on from
template <typename StateOf>
void run_installation(const WorkflowContext& ctx, const std::vector<NodeInstance>& instances,
                      const LifecycleOptions& options, const StateOf& state_of) {
  LifecycleGraph lifecycles(ctx, instances, options);
  const TaskGraph graph = ctx.graph_mode();
  lifecycles.make([&](const NodeInstance& instance) {
    auto made = make_install_subgraph(ctx, instance, graph, state_of(instance));
    reinstall_on_failure(ctx, instance, graph, made.subgraph);
    return made;
  });
  lifecycles.undo_half_done();
  lifecycles.run_upwards();
}

/// An uninstallation that is tried again, unless its failures are passed over.
inline InstanceSubgraph make_removal(const WorkflowContext& ctx, const NodeInstance& instance,
                                     const TaskContainer& graph, const std::string& state,
                                     bool ignore_failure) {
  auto made = make_uninstall_subgraph(ctx, instance, graph, state, ignore_failure);
  if (!ignore_failure) uninstall_on_failure(ctx, instance, graph, made.subgraph, state);
  return made;
}

}  // namespace detail

/// Install instances, each after those that its relationships lead to. One that was installed
/// before, in part or whole, goes on from its state.
inline void install_node_instances(const WorkflowContext& ctx,
                                   const std::vector<NodeInstance>& instances,
                                   const LifecycleOptions& options = {}) {
  detail::run_installation(ctx, instances, options,
                           [](const NodeInstance& instance) { return instance.current_state(); });
}

/// Uninstall instances, each before those that its relationships lead to.
inline void uninstall_node_instances(const WorkflowContext& ctx,
                                     const std::vector<NodeInstance>& instances,
                                     const LifecycleOptions& options = {}) {
  detail::LifecycleGraph lifecycles(ctx, instances, options);
  const TaskGraph graph = ctx.graph_mode();
  lifecycles.make([&](const NodeInstance& instance) {
    return detail::make_removal(ctx, instance, graph, instance.current_state(),
                                options.ignore_failure);
  });
  lifecycles.run_downwards();
}

/// Uninstall instances and install them again.
inline void reinstall_node_instances(const WorkflowContext& ctx,
                                     const std::vector<NodeInstance>& instances,
                                     const LifecycleOptions& options = {}) {
  uninstall_node_instances(ctx, instances, options);
  // Not from its current state: a dry run has not changed that.
  detail::run_installation(ctx, instances, options, [](const NodeInstance&) { return "deleted"; });
}

/// Whether a step of an installation was begun in this state and not ended.
inline bool is_unresolved(std::string_view state) {
  return state == "creating" || state == "configuring" || state == "starting";
}

/// Take back what an installation left half done: instances that are creating or configuring become
/// uninitialized, those that are starting become configured. Others are left alone.
inline void rollback_node_instances(const WorkflowContext& ctx,
                                    const std::vector<NodeInstance>& instances,
                                    const LifecycleOptions& options = {}) {
  std::vector<NodeInstance> unresolved;
  for (const NodeInstance& instance : instances)
    if (is_unresolved(instance.current_state())) unresolved.push_back(instance);
  detail::LifecycleGraph lifecycles(ctx, unresolved, options);
  const TaskGraph graph = ctx.graph_mode();
  lifecycles.make([&](const NodeInstance& instance) {
    return detail::make_rollback_subgraph(ctx, instance, graph, instance.current_state(),
                                          options.ignore_failure);
  });
  lifecycles.run_downwards();
}

/// Take away what an installation that failed or was cancelled has made of the instances: those
/// that are creating or configuring become uninitialized, without a stop, all others that were
/// begun are uninstalled. It is one graph, so that the order holds and each relationship is
/// unlinked once.
inline void undo_installation(const WorkflowContext& ctx,
                              const std::vector<NodeInstance>& instances,
                              const LifecycleOptions& options = {}) {
  std::vector<NodeInstance> begun;
  for (const NodeInstance& instance : instances)
    if (const std::string state = instance.current_state();
        state != "uninitialized" && state != "deleted")
      begun.push_back(instance);
  detail::LifecycleGraph lifecycles(ctx, begun, options);
  const TaskGraph graph = ctx.graph_mode();
  lifecycles.make([&](const NodeInstance& instance) {
    const std::string state = instance.current_state();
    if (state == "creating" || state == "configuring")
      return detail::make_rollback_subgraph(ctx, instance, graph, state, options.ignore_failure);
    return detail::make_removal(ctx, instance, graph, state, options.ignore_failure);
  });
  lifecycles.run_downwards();
}

/// Establish those relationships of the instances that `is_meant` says, targets first.
inline void establish_relationships(const WorkflowContext& ctx,
                                    const std::vector<NodeInstance>& instances,
                                    const RelationshipFilter& is_meant) {
  const std::vector<NodeInstance> none;
  const LifecycleOptions options{.related = instances};
  detail::LifecycleGraph lifecycles(ctx, none, options);
  lifecycles.make({});
  lifecycles.run_upwards(is_meant);
}

/// Unlink them, targets last. One that fails is told of and passed over.
inline void unlink_relationships(const WorkflowContext& ctx,
                                 const std::vector<NodeInstance>& instances,
                                 const RelationshipFilter& is_meant) {
  const std::vector<NodeInstance> none;
  const LifecycleOptions options{.related = instances};
  detail::LifecycleGraph lifecycles(ctx, none, options);
  lifecycles.make({});
  lifecycles.run_downwards(is_meant);
}

}  // namespace cfy
