// TaskGraph: which tasks there are, who waits for whom, who is a member of which subgraph. Does not
// know how far a task has come (TaskStates), what it does, or what it is called.
#pragma once

#include <cstdint>
#include <vector>

#include "graph/task_state.hpp"

namespace cfy::graph {

/// Tasks and who waits for whom. Plain data: no threads, no clock, no I/O.
///
/// A task is made first and then added, once, to the graph or to a subgraph; the order of adding is
/// the graph's order. Changes go through TaskStates, which knows what may still be changed; here
/// they are only carried out. Ids that are not of this graph are a mistake of the caller, but for
/// `contains`.
class TaskGraph {
 public:
  /// @param lane  which queue it waits in once it is ready; a subgraph is a task as well
  TaskId make_task(std::uint8_t lane);
  TaskId make_subgraph(std::uint8_t lane);

  /// How many were made.
  std::size_t size() const { return nodes_.size(); }
  bool is_known(TaskId task) const { return index_of(task) < nodes_.size(); }
  bool is_subgraph(TaskId task) const { return node(task).subgraph_data != kNone; }
  std::uint8_t lane(TaskId task) const { return node(task).lane; }
  void set_lane(TaskId task, std::uint8_t lane) { node(task).lane = lane; }
  /// It was added and not removed.
  bool contains(TaskId task) const { return is_known(task) && node(task).order != kNone; }
  /// Its place in the order of adding; it must be in the graph.
  std::uint32_t order(TaskId task) const { return node(task).order; }
  /// The task at a place in the order, kNoTask when it was removed.
  TaskId at(std::uint32_t order) const { return in_order_[order]; }
  std::size_t order_size() const { return in_order_.size(); }
  /// The subgraph it is a member of, or kNoTask.
  TaskId subgraph(TaskId task) const { return node(task).subgraph; }
  /// In no particular order.
  const std::vector<TaskId>& members(TaskId subgraph) const;

  /// Call `f(TaskId)` for each task that waits for `task`, as often as the pair was added.
  template <typename F>
  void for_each_dependent(TaskId task, F&& f) const {
    for (std::uint32_t e = node(task).first_dependent; e != kNone; e = edges_[e].next_dependent)
      if (edges_[e].task != kNoTask) f(edges_[e].task);
  }
  /// Call `f(TaskId)` for each task that `task` waits for, as often as the pair was added.
  template <typename F>
  void for_each_dependency(TaskId task, F&& f) const {
    for (std::uint32_t e = node(task).first_dependency; e != kNone; e = edges_[e].next_dependency)
      if (edges_[e].task != kNoTask) f(edges_[e].after);
  }
  /// What `task` waits for, in the order added, each once.
  std::vector<TaskId> dependencies(TaskId task) const;

  /// Amortised O(1). `subgraph`: kNoTask for the graph itself.
  void add(TaskId task, TaskId subgraph);
  /// Amortised O(1). Make a task of the graph itself a member of `subgraph`.
  void enter(TaskId task, TaskId subgraph);
  /// Takes it and its edges out; members of a subgraph stay. O(edges of the task). It may be added
  /// again.
  void remove(TaskId task);
  /// Amortised O(1); adding a pair twice is the same as once, but costs memory.
  void add_edge(TaskId task, TaskId after);
  /// @return how often the pair had been added. O(edges of `task`).
  std::size_t remove_edge(TaskId task, TaskId after);

 private:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  struct Node {
    TaskId subgraph = kNoTask;
    std::uint32_t order = kNone;
    std::uint32_t first_dependent = kNone;  // heads of lists through edges_
    std::uint32_t first_dependency = kNone;
    std::uint32_t member_index = kNone;   // in members() of its subgraph
    std::uint32_t subgraph_data = kNone;  // in members_; kNone: not a subgraph
    std::uint8_t lane = 0;
  };
  // In two lists at once: of those that wait for `after`, and of those `task` waits for. A removed
  // edge stays in both with `task` = kNoTask; looking for its neighbours would cost more.
  struct Edge {
    TaskId task, after;
    std::uint32_t next_dependent, next_dependency;
  };

  const Node& node(TaskId task) const { return nodes_[index_of(task)]; }
  Node& node(TaskId task) { return nodes_[index_of(task)]; }

  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  std::vector<TaskId> in_order_;
  std::vector<std::vector<TaskId>> members_;  // by subgraph_data
};

}  // namespace cfy::graph
