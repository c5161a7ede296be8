// From ready to started.
#include <utility>

#include "exec/coordinator.hpp"

namespace cfy::exec {

void Coordinator::wake_rescheduled() {
  if (!may_start() || is_cancelled()) return;
  const std::int64_t now = parts_.clock->monotonic_ms();
  while (!rescheduled_.empty() && rescheduled_.begin()->first <= now) {
    const TaskId task = rescheduled_.begin()->second;
    rescheduled_.erase(rescheduled_.begin());
    due_ms_.erase(graph::index_of(task));
    // It may have been removed, or skipped with its subgraph.
    if (!states_.graph().contains(task) || states_.state(task) != TaskState::rescheduled) continue;
    table_.set_attempt(task, table_.attempt(task) + 1);
    states_.set(task, TaskState::pending);
  }
}

void Coordinator::start_ready() {
  if (!may_start()) return;
  finish_subgraphs();
  for (; turn_budget_ > 0 && states_.has_ready(kInlineLane); --turn_budget_) {
    start_inline(states_.first_ready(kInlineLane));
    finish_subgraphs();
  }
  start_pool_tasks();
  start_operations();
}

void Coordinator::start_inline(TaskId task) {
  const TaskKind kind = table_.kind(task);
  const StoredTask* stored = table_.find_stored(task);
  if (stored != nullptr && stored->has_answer()) return restore_end(task, *stored);
  if (kind == TaskKind::nop && table_.find_handlers(task) == nullptr) {
    states_.set(task, TaskState::succeeded);
    return;
  }
  states_.set(task, TaskState::started);
  if (!table_.is_replaying(task)) events_.started(task);
  if (kind == TaskKind::subgraph) return;  // its members carry on
  Attempt attempt;
  if (kind == TaskKind::event) events_.custom(table_.event(task));
  if (kind == TaskKind::state) attempt.value = set_or_get_state(table_.state(task));
  attempt_ended(task, std::move(attempt));
}

json Coordinator::set_or_get_state(const StateTask& task) {
  if (task.state.empty()) return current_state(task.instance);
  if (parts_.options.is_dry_run) return nullptr;
  changed_states_[static_cast<std::uint32_t>(task.instance)] = task.state;
  log_.add_instance_state(task.instance, task.state);
  return nullptr;
}

void Coordinator::start_pool_tasks() {
  for (; turn_budget_ > 0 && states_.has_ready(kPoolLane) && local_running_ < local_window_;
       --turn_budget_, ++local_running_) {
    const TaskId task = states_.first_ready(kPoolLane);
    states_.set(task, TaskState::started);
    events_.started(task);
    local_starts_.push_back({task, &table_.local(task).function});
  }
}

void Coordinator::start_operations() {
  for (; states_.has_ready(kRunnerLane) && operations_running_ < parts_.runner->capacity();
       ++operations_running_) {
    const TaskId task = states_.first_ready(kRunnerLane);
    states_.set(task, TaskState::started);
    events_.started(task);
    operation_starts_.push_back(task);
  }
}

void Coordinator::hand_over_started() {
  pool_.submit(std::exchange(local_starts_, {}));
  for (const TaskId task : std::exchange(operation_starts_, {})) {
    const std::string id = events_.task_id(task);
    const StoredTask* stored = table_.find_stored(task);
    const bool was_cut_off = stored != nullptr && stored->stored_state == TaskState::started &&
                             stored->attempt == table_.attempt(task);
    parts_.runner->start({task, table_.attempt(task), id, &table_.operation(task), was_cut_off},
                         *this);
  }
}

void Coordinator::take_back_unstarted() {
  if (local_running_ == 0) return;
  for (const TaskId task : pool_.discard()) {
    states_.set(task, TaskState::pending);
    --local_running_;
  }
}

void Coordinator::take_back_started() {
  for (const LocalCall& call : std::exchange(local_starts_, {})) {
    states_.set(call.task, TaskState::pending);
    --local_running_;
  }
  for (const TaskId task : std::exchange(operation_starts_, {})) {
    states_.set(task, TaskState::pending);
    --operations_running_;
  }
}

}  // namespace cfy::exec
