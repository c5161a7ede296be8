// TurnLog: collects what a turn of the coordinator changed and has it written down as a whole.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "exec/interfaces.hpp"
#include "exec/task_events.hpp"
#include "exec/task_table.hpp"
#include "graph/task_states.hpp"

namespace cfy::exec {

/// Does nothing, at no cost, without a recorder.
class TurnLog final : public graph::StateObserver, private TaskCatalog {
 public:
  TurnLog(const graph::TaskGraph& graph, const TaskTable& table, const TaskEvents& events,
          Recorder* recorder);
  /// The states are made after their observer.
  void watch(const graph::TaskStates& states) { states_ = &states; }

  void on_state(TaskId task, TaskState from, TaskState to) override;
  void add_instance_state(plugin::InstanceId instance, std::string state);
  void add_system_properties(plugin::InstanceId instance, json properties);
  void add_begun(TaskId task, const dispatch::BegunCall& call);
  /// Keeps it until the commit, so that its deltas are written with the new state.
  void keep_result(TaskId task, dispatch::OperationResult result);

  /// Tasks that were added to the graph since the last call, in the graph's order.
  std::vector<TaskId> take_new_tasks();
  /// It has no row yet; it gets one with the next commit.
  void add(AddedTask task) { record_.added.push_back(task); }

  /// Everything since the last commit.
  base::Result<void> commit();
  /// Nothing waits for a commit.
  bool is_written() const { return record_.is_empty(); }

 private:
  TaskDescription describe(TaskId task) const override;
  std::string task_id(TaskId task) const override { return events_.task_id(task); }
  std::uint32_t number(TaskId task) const override { return table_.number(task); }
  TaskKind kind(TaskId task) const override { return table_.kind(task); }
  TaskId undo_of(TaskId task) const override { return table_.undo_of(task); }

  const graph::TaskGraph& graph_;
  const TaskTable& table_;
  const TaskEvents& events_;
  Recorder* recorder_;
  const graph::TaskStates* states_ = nullptr;
  std::uint32_t known_order_ = 0;  // tasks from this place on have not been told yet
  TurnRecord record_;
  std::unordered_map<std::uint32_t, dispatch::OperationResult> results_;
};

}  // namespace cfy::exec
