// TaskStates: how far each task of a TaskGraph has come, what is ready, and the sums that displays
// and summaries read. Knows no thread, no clock, no retries' due times and no handlers.
// lib/exec/README.md draws the states.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"
#include "graph/ready_set.hpp"
#include "graph/task_graph.hpp"
#include "graph/task_state.hpp"

namespace cfy::graph {

/// Told of each transition when state and counters are true, before what follows from it for other
/// tasks. Must not change the graph.
class StateObserver {
 public:
  virtual ~StateObserver() = default;
  virtual void on_state(TaskId task, TaskState from, TaskState to) = 0;
};

/// Owned, with its graph, by whoever runs the workflow; no function is safe to call while another
/// runs.
///
/// Rules: a task is ready when all it waits for let it start and the subgraph it is a member of has
/// started. A task that failed (and that nobody ignored) skips all that waits for it, directly or
/// not. A subgraph starts like a task; when its last member is done, or its first one failed, it is
/// handed out by pop_answered_subgraph(), and its owner settles it with set().
class TaskStates {
 public:
  static constexpr std::uint8_t kLanes = 3;

  explicit TaskStates(TaskGraph& graph, StateObserver* observer = nullptr);

  const TaskGraph& graph() const { return graph_; }

  // Changes of the graph, at any time. They fail with kind invalid and change nothing. `Unknown` is
  // an id that is not of this graph, or was not added to it.

  /// A task that is there already stays where it is; one of the graph itself may still go into a
  /// subgraph.
  /// @param subgraph  kNoTask for the graph itself; may have started, but not ended
  /// Errors: unknown; already in another subgraph; a subgraph in itself.
  base::Result<void> add_task(TaskId task, TaskId subgraph = kNoTask);
  /// Takes the task, its edges and (of a subgraph) its members out. What waited for it waits no
  /// more. Errors: unknown; it or a member runs at the moment.
  base::Result<void> remove_task(TaskId task);
  /// Make `task` wait until `after` has ended. A pair that exists, or a task with itself, changes
  /// nothing. Rings are found by find_ring(). When `after` has failed, `task` is skipped at once.
  /// Errors: unknown; `task` has started, so that waiting would come too late. Amortised O(1).
  base::Result<void> add_dependency(TaskId task, TaskId after);
  /// Errors: unknown.
  base::Result<void> remove_dependency(TaskId task, TaskId after);
  /// What waits for `from` waits for `to` instead, so that a failed subgraph can be replaced. Both
  /// must be in the graph, `to` not ended.
  void move_dependents(TaskId from, TaskId to);

  /// The only writer of states. A transition that the table does not have is a bug.
  void set(TaskId task, TaskState to);
  /// Members of a failed subgraph that have not started never will, but for those that `spares`
  /// picks out.
  void skip_waiting_members(TaskId subgraph, const std::function<bool(TaskId)>& spares = {});

  /// It never starts, nor does what waits for it, as if `because` had failed. It must be pending.
  void skip_task(TaskId task, TaskId because) { skip({task}, because); }
  /// Let it wait in another queue. It must be in the graph.
  void set_lane(TaskId task, std::uint8_t lane);

  TaskState state(TaskId task) const {
    return index_of(task) < entries_.size() ? entries_[index_of(task)].state : TaskState::pending;
  }
  /// Of a skipped task: the one whose failure is the reason. Else kNoTask.
  TaskId skipped_because(TaskId task) const;
  /// Of a subgraph: its first member that failed (of a failed subgraph in it, that one's). Or
  /// kNoTask.
  TaskId first_failed(TaskId subgraph) const;

  bool is_ready(TaskId task) const {
    return ready_[graph_.lane(task)].contains(graph_.order(task));
  }
  bool has_ready(std::uint8_t lane) const { return !ready_[lane].is_empty(); }
  /// The first in the graph's order; it stays ready until set() makes it something else.
  TaskId first_ready(std::uint8_t lane) const { return graph_.at(ready_[lane].first()); }
  /// A started subgraph that waits for set(): succeeded if first_failed() is kNoTask, else failed
  /// or ignored.
  std::optional<TaskId> pop_answered_subgraph();

  /// Tasks in the graph, subgraphs included.
  std::size_t total() const { return total_; }
  std::size_t count(TaskState state) const { return counts_[static_cast<std::size_t>(state)]; }
  /// Started or responded, without subgraphs: those merely contain what runs.
  std::size_t running() const { return running_; }

 private:
  base::Result<void> add_again(TaskId task, TaskId container);
  struct Entry {
    TaskState state = TaskState::pending;
    // Pending: how many tasks it still waits for, its subgraph included. Skipped: because of whom.
    std::uint32_t waiting_for = 0;
  };
  struct Subgraph {
    std::uint32_t open_members = 0;
    TaskId first_failed = kNoTask;
  };

  Entry& at(TaskId task) { return entries_[index_of(task)]; }
  Subgraph& subgraph(TaskId task) { return subgraphs_[index_of(task)]; }
  base::Result<void> check_known(TaskId task) const;
  bool runs(TaskId task) const;
  void update_ready(TaskId task);
  void wait_more(TaskId task, std::uint32_t count);
  void wait_less(TaskId task, std::uint32_t count);
  void change(TaskId task, TaskState to);
  void after_start(TaskId subgraph);
  void after_end(TaskId task);
  void tell_subgraph_of(TaskId member);
  TaskId reason(TaskId failed) const;
  void skip(std::vector<TaskId> tasks, TaskId because);

  static constexpr std::uint32_t kMarked = 0xFFFFFFFF;

  TaskGraph& graph_;
  StateObserver* observer_;
  std::vector<Entry> entries_;  // of tasks that were ever added
  std::unordered_map<std::uint32_t, Subgraph> subgraphs_;
  std::array<ReadySet, kLanes> ready_;  // numbers are places in the graph's order
  std::deque<TaskId> answered_subgraphs_;
  std::array<std::size_t, kTaskStateCount> counts_{};
  std::size_t total_ = 0;
  std::size_t running_ = 0;
};

}  // namespace cfy::graph
