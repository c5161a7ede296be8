#include "exec/turn_log.hpp"

#include <utility>

namespace cfy::exec {

TurnLog::TurnLog(const graph::TaskGraph& graph, const TaskTable& table, const TaskEvents& events,
                 Recorder* recorder)
    : graph_(graph), table_(table), events_(events), recorder_(recorder) {}

void TurnLog::on_state(TaskId task, TaskState /*from*/, TaskState to) {
  if (recorder_ == nullptr) return;
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

void TurnLog::keep_result(TaskId task, dispatch::OperationResult result) {
  if (recorder_ != nullptr) results_.insert_or_assign(graph::index_of(task), std::move(result));
}

void TurnLog::add_new_tasks() {
  for (; known_order_ < graph_.order_size(); ++known_order_)
    if (const TaskId task = graph_.at(known_order_); task != graph::kNoTask)
      record_.added.push_back(task);
}

base::Result<void> TurnLog::commit() {
  if (recorder_ == nullptr) return {};
  add_new_tasks();
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

std::string TurnLog::task_id(TaskId task) const {
  return events_.task_id(task);
}

TaskDescription TurnLog::describe(TaskId task) const {
  TaskDescription description;
  description.id = events_.task_id(task);
  description.name = table_.name(task);
  description.label = events_.label(task);
  description.kind = table_.kind(task);
  description.subgraph = graph_.subgraph(task);
  description.dependencies = graph_.dependencies(task);
  if (description.kind == TaskKind::operation) description.operation = &table_.operation(task);
  return description;
}

}  // namespace cfy::exec
