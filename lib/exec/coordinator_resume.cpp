// A resumed run builds its graph again. Here each task of it is found among those that an earlier
// run stored, and what has ended there comes to the same end without running.
#include <utility>

#include "exec/coordinator.hpp"

namespace cfy::exec {

void Coordinator::take_in_new_tasks() {
  const bool is_first = std::exchange(is_first_turn_, false);
  std::vector<TaskId> added;
  TaskId first_new = graph::kNoTask;
  bool begins_batch = false;
  look_for_new_tasks();
  for (const auto [task, is_found] : std::exchange(new_tasks_, {})) {
    if (!states_.graph().contains(task)) continue;  // removed since somebody asked for it
    const bool is_for_this_run = table_.is_for_this_run(task);
    begins_batch = begins_batch || (is_first && !is_for_this_run);
    if (is_found) continue;
    added.push_back(task);
    const TaskKind kind = table_.kind(task);
    const bool is_work = kind == TaskKind::operation || kind == TaskKind::local;
    if (is_work && !is_for_this_run && first_new == graph::kNoTask) first_new = task;
  }
  if (begins_batch) ++batches_;
  if (begins_batch && parts_.replay != nullptr && !parts_.accepts_other_graph)
    if (auto difference = compare_batch(first_new)) {
      execute_result_ = *std::move(difference);
      changed_.notify_all();
      return;  // and nothing of this graph is stored
    }
  const std::uint32_t batch = batches_ == 0 ? 0 : batches_ - 1;
  for (const TaskId task : added)
    log_.add({task, batch, !is_first});
}

void Coordinator::look_for_new_tasks() {
  for (const TaskId task : log_.take_new_tasks()) {
    // What a workflow does after a cancel is no part of what a resumed run goes on with.
    if (cleanup_from_) table_.set_for_this_run(task);
    const bool is_looked_for =
        parts_.replay != nullptr && (!table_.is_for_this_run(task) || table_.is_undo(task));
    new_tasks_.push_back({task, is_looked_for && find_again(task)});
  }
}

TaskState Coordinator::known_state(TaskId task) {
  const TaskState state = states_.state(task);
  if (parts_.replay == nullptr || state != TaskState::pending) return state;
  look_for_new_tasks();
  const StoredTask* stored = table_.find_stored(task);
  return stored != nullptr && stored->has_answer() ? stored->state : state;
}

bool Coordinator::find_again(TaskId task) {
  std::optional<std::uint32_t> subgraph;
  if (const TaskId outer = states_.graph().subgraph(task); outer != graph::kNoTask) {
    const StoredTask* stored_outer = table_.find_stored(outer);
    if (stored_outer == nullptr) return false;
    subgraph = stored_outer->number;
  }
  const StoredTask* stored = parts_.replay->take(subgraph, events_.key(task));
  if (stored == nullptr) return false;
  table_.restore(task, stored);
  if (stored->has_answer()) states_.set_lane(task, kInlineLane);
  return true;
}

std::optional<base::Error> Coordinator::compare_batch(TaskId first_new) const {
  const std::uint32_t batch = batches_ - 1;
  if (!parts_.replay->has_batch(batch)) return std::nullopt;  // it never came so far
  constexpr const char* kAdvice =
      "the workflow makes another graph than before; --force goes on all the same: tasks that are "
      "new run, tasks that are missing do not";
  if (first_new != graph::kNoTask)
    return base::make_error(base::ErrorKind::invalid, "cannot resume: '{}' is new ({})",
                            events_.key(first_new), kAdvice);
  if (const StoredTask* missing = parts_.replay->find_missing(batch))
    return base::make_error(base::ErrorKind::invalid,
                            "cannot resume: '{}' was not done and is missing ({})", missing->key,
                            kAdvice);
  return std::nullopt;
}

void Coordinator::restore_end(TaskId task, const StoredTask& stored) {
  if (stored.state == TaskState::skipped) {
    const TaskId outer = states_.graph().subgraph(task);
    const TaskId failed = states_.first_failed(outer);
    states_.skip_task(task, failed == graph::kNoTask ? outer : failed);
    return;
  }
  states_.set(task, TaskState::started);
  // A handler is asked again although its verdict stands: what it adds to the graph, or keeps in
  // the workflow's memory, is as much a part of the run as the graph itself.
  if (find_handler(task, stored.outcome.succeeded) == nullptr || !may_start()) {
    judge_by_default(task);
    return;
  }
  states_.set(task, TaskState::responded);
  to_judge_.push_back(task);
}

bool Coordinator::keeps_verdict(TaskId task) const {
  const StoredTask* stored = table_.find_stored(task);
  return stored != nullptr && table_.is_replaying(task) && graph::is_final(stored->state);
}

void Coordinator::judge_as_before(TaskId task, const StoredTask& stored) {
  if (stored.state == TaskState::failed)
    fail(task);
  else
    states_.set(task, stored.state);
}

}  // namespace cfy::exec
