// Session: one call of a workflow function, as the C++ face keeps it: the host's table, and the
// JSON values parsed so far. Node, Task and the others are small handles that point to it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include <cfy/detail/boundary.hpp>

namespace cfy::detail {

/// Lives as long as the workflow call and the callbacks made in it. The functions that only read
/// are safe from any thread.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(const cfy_workflow_host* host, cfy_workflow* call) : host_(host), call_(call) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Call a function of the host that gives back a value: ask<&cfy_workflow_host::node>(id).
  template <auto Function, typename... Args>
  auto ask(Args... args) const {
    return (host_->*Function)(call_, args...);
  }
  /// The same for one that may refuse; a refusal is thrown.
  template <auto Function, typename... Args>
  void demand(Args... args) const {
    const cfy_status status = ask<Function>(args...);
    if (status == CFY_OK) return;
    const std::string why = text(ask<&cfy_workflow_host::last_error>());
    if (status == CFY_CANCELLED) throw ExecutionCancelled(why);
    if (status == CFY_FAILED) throw WorkflowFailed(why);
    throw NonRecoverable(why);
  }
  /// The same for one that makes a task. In standard mode the task starts at once.
  template <auto Function, typename... Args>
  cfy_task make(Args... args) {
    cfy_task made = CFY_NONE;
    demand<Function>(args..., &made);
    if (graph_mode_) return made;
    has_started_tasks_ = true;
    demand<&cfy_workflow_host::task_start>(made);
    return made;
  }

  void enter_graph_mode() {
    if (has_started_tasks_)
      throw NonRecoverable(
          "graph mode after a task was started: call ctx.graph_mode() before anything that makes "
          "a task");
    graph_mode_ = true;
  }
  bool is_in_graph_mode() const { return graph_mode_; }

  const cfy_execution_view& execution() const { return *ask<&cfy_workflow_host::execution>(); }

  /// The number of the node, or of the instance, with that id, or CFY_NONE. The first call makes
  /// an index.
  cfy_node find_node(std::string_view id) const {
    const std::lock_guard lock(mutex_);
    return find<&cfy_workflow_host::node>(node_ids_, execution().node_count, id);
  }
  cfy_instance find_instance(std::string_view id) const {
    const std::lock_guard lock(mutex_);
    return find<&cfy_workflow_host::instance>(instance_ids_, execution().instance_count, id);
  }

  /// The host shows another state of the deployment now.
  void forget() {
    const std::lock_guard lock(mutex_);
    ++generation_;
    contained_.clear();
    instance_ids_.clear();
  }

  /// The instances directly contained in `container`. The first call looks at all relationships.
  const std::vector<cfy_instance>& contained_in(cfy_instance container) const {
    const std::lock_guard lock(mutex_);
    if (contained_.empty()) find_contained();
    return contained_[container];
  }

  /// The object that `Function` gives as text for these ids, parsed once. The reference stays.
  template <auto Function, typename... Ids>
  const json& object(std::uint32_t kind, Ids... ids) const {
    const std::lock_guard lock(mutex_);
    const Key key = make_key(kind + generation_ * kKindsOfGeneration, ids...);
    const auto known = objects_.find(key);
    if (known != objects_.end()) return known->second;
    return objects_.emplace(key, parse(ask<Function>(ids...))).first->second;
  }

 private:
  using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;
  static Key make_key(std::uint32_t kind, std::uint32_t id = 0, std::uint32_t index = 0) {
    return {kind, id, index};
  }
  // What is read of instances anew after refresh() must not replace what was handed out.
  static constexpr std::uint32_t kKindsOfGeneration = 16;

  using Index = std::unordered_map<std::string_view, std::uint32_t>;
  template <auto View>
  std::uint32_t find(Index& index, std::uint32_t count, std::string_view id) const {
    if (index.empty())
      for (std::uint32_t number = 0; number < count; ++number)
        index.emplace(view(ask<View>(number)->id), number);
    const auto found = index.find(id);
    return found == index.end() ? CFY_NONE : found->second;
  }

  void find_contained() const {
    contained_.resize(execution().instance_count);
    for (cfy_instance id = 0; id < contained_.size(); ++id) {
      const cfy_instance_view& instance = *ask<&cfy_workflow_host::instance>(id);
      if (instance.is_gone != 0) continue;
      for (std::uint32_t n = 0; n < instance.current_relationship_count; ++n) {
        const std::uint32_t i = instance.current_relationships[n];
        const auto& to = *ask<&cfy_workflow_host::relationship_instance>(id, i);
        const auto& of = *ask<&cfy_workflow_host::relationship>(instance.node, to.relationship);
        if (contains(of.type_hierarchy, "cloudify.relationships.contained_in"))
          contained_[to.target].push_back(id);
      }
    }
  }

  const cfy_workflow_host* host_;
  cfy_workflow* call_;
  bool graph_mode_ = false;
  bool has_started_tasks_ = false;
  mutable std::mutex mutex_;  // of what follows
  mutable std::map<Key, json> objects_;
  mutable std::vector<std::vector<cfy_instance>> contained_;
  mutable Index node_ids_, instance_ids_;  // the ids are the host's
  std::uint32_t generation_ = 0;           // grows with each change of the deployment
};

}  // namespace cfy::detail
