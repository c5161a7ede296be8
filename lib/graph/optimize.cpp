#include "graph/optimize.hpp"

#include <algorithm>
#include <vector>

#include "base/check.hpp"

namespace cfy::graph {
namespace {

/// How many dependencies may come in the place of one task.
constexpr std::size_t kMostTies = 1000;

class Optimizer {
 public:
  Optimizer(TaskStates& states, const std::function<bool(TaskId)>& has_work)
      : states_(states), graph_(states.graph()), has_work_(has_work) {}

  void run() {
    std::vector<TaskId> tasks;
    for (std::uint32_t i = 0; i < graph_.order_size(); ++i)
      if (const TaskId task = graph_.at(i); task != kNoTask) tasks.push_back(task);
    for (const TaskId task : tasks)
      if (!graph_.is_subgraph(task)) drop_with_emptied(task);
    for (const TaskId task : tasks)
      if (graph_.contains(task) && graph_.is_subgraph(task)) drop_with_emptied(task);
  }

 private:
  /// What a task waits for, and what waits for it, each once.
  struct Ties {
    std::vector<TaskId> before, after;
  };

  /// The task, then the subgraphs around it that become empty by that.
  void drop_with_emptied(TaskId task) {
    while (task != kNoTask && is_needless(task)) {
      const Ties ties = ties_of(task);
      if (is_tied_outside(task, ties) || ties_too_many(ties)) return;
      const TaskId container = graph_.subgraph(task);
      drop(task, ties);
      task = container;
    }
  }

  bool is_needless(TaskId task) const {
    if (states_.state(task) != TaskState::pending || has_work_(task)) return false;
    return !graph_.is_subgraph(task) || graph_.members(task).empty();
  }

  Ties ties_of(TaskId task) const {
    Ties ties{graph_.dependencies(task), {}};
    graph_.for_each_dependent(task, [&](TaskId dependent) { ties.after.push_back(dependent); });
    std::sort(ties.after.begin(), ties.after.end());
    ties.after.erase(std::unique(ties.after.begin(), ties.after.end()), ties.after.end());
    return ties;
  }

  bool is_tied_outside(TaskId task, const Ties& ties) const {
    const TaskId container = graph_.subgraph(task);
    if (container == kNoTask) return false;
    const auto is_outside = [&](TaskId other) {
      for (TaskId o = graph_.subgraph(other); o != kNoTask; o = graph_.subgraph(o))
        if (o == container) return false;
      return true;
    };
    return std::any_of(ties.before.begin(), ties.before.end(), is_outside) ||
           std::any_of(ties.after.begin(), ties.after.end(), is_outside);
  }

  static bool ties_too_many(const Ties& ties) {
    const std::size_t before = ties.before.size(), after = ties.after.size();
    return before * after > std::max(kMostTies, before + after);
  }

  void drop(TaskId task, const Ties& ties) {
    for (const TaskId dependent : ties.after) {
      if (states_.state(dependent) != TaskState::pending) continue;  // skipped, for another reason
      for (const TaskId dependency : ties.before) {
        const auto tied = states_.add_dependency(dependent, dependency);
        CFY_ASSERT(tied.ok());
      }
    }
    const auto removed = states_.remove_task(task);
    CFY_ASSERT(removed.ok());
  }

  TaskStates& states_;
  const TaskGraph& graph_;
  const std::function<bool(TaskId)>& has_work_;
};

}  // namespace

void optimize(TaskStates& states, const std::function<bool(TaskId)>& has_work) {
  Optimizer(states, has_work).run();
}

}  // namespace cfy::graph
