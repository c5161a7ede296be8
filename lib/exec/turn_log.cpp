#include "exec/turn_log.hpp"

#include <utility>

namespace cfy::exec {

TurnLog::TurnLog(const graph::TaskGraph& graph, const TaskTable& table, const TaskEvents& events,
                 Recorder* recorder)
    : graph_(graph), table_(table), events_(events), recorder_(recorder) {}

void TurnLog::on_state(TaskId task, TaskState /*from*/, TaskState to) {
  if (recorder_ == nullptr || table_.is_replaying(task)) return;
  TaskChange change;
  change.task = task;
  change.state = to;
  change.attempt = table_.attempt(task);
  if (to == TaskState::skipped) change.because = states_->skipped_because(task);
  record_.changes.push_back(change);
}

void TurnLog::add_instance_state(plugin::InstanceId instance, std::string state) {
  if (recorder_ != nullptr) record_.instance_states.push_back({instance, std::move(state)});
}

void TurnLog::add_system_properties(plugin::InstanceId instance, json properties) {
  if (recorder_ != nullptr) record_.system_properties.push_back({instance, std::move(properties)});
}

void TurnLog::add_begun(TaskId task, const dispatch::BegunCall& call) {
  if (recorder_ != nullptr) record_.begun.push_back({task, call});
}

void TurnLog::keep_result(TaskId task, dispatch::OperationResult result) {
  if (recorder_ != nullptr) results_.insert_or_assign(graph::index_of(task), std::move(result));
}

std::vector<TaskId> TurnLog::take_new_tasks() {
  std::vector<TaskId> added;
  if (recorder_ == nullptr) return added;
  for (; known_order_ < graph_.order_size(); ++known_order_)
    if (const TaskId task = graph_.at(known_order_); task != graph::kNoTask) added.push_back(task);
  return added;
}

base::Result<void> TurnLog::commit() {
  if (recorder_ == nullptr) return {};
  if (record_.is_empty()) return {};
  for (TaskChange& change : record_.changes) {
    const bool has_answer =
        change.state >= TaskState::responded && change.state != TaskState::skipped;
    if (!has_answer) continue;
    change.outcome = &table_.outcome(change.task);
    if (const auto result = results_.find(graph::index_of(change.task)); result != results_.end())
      change.result = &result->second;
  }
  auto done = recorder_->commit(record_, *this);
  record_ = TurnRecord{};
  results_.clear();
  return done;
}

TaskDescription TurnLog::describe(TaskId task) const {
  TaskDescription description;
  description.id = events_.task_id(task);
  description.name = table_.name(task);
  description.label = events_.label(task);
  description.kind = table_.kind(task);
  description.number = table_.number(task);
  description.key = events_.key(task);
  if (const TaskId outer = graph_.subgraph(task); outer != graph::kNoTask)
    description.subgraph = table_.number(outer);
  for (const TaskId after : graph_.dependencies(task))
    description.dependencies.push_back(table_.number(after));
  description.sends_events = table_.sends_events(task);
  description.is_for_this_run = table_.is_for_this_run(task);
  description.is_undo = table_.is_undo(task);
  if (description.kind == TaskKind::operation) description.operation = &table_.operation(task);
  return description;
}

}  // namespace cfy::exec
