#include "exec/task_table.hpp"

#include <algorithm>
#include <utility>

namespace cfy::exec {

std::string_view name_of(TaskKind kind) {
  switch (kind) {
    case TaskKind::nop:
      return "nop";
    case TaskKind::operation:
      return "operation";
    case TaskKind::event:
      return "event";
    case TaskKind::local:
      return "local";
    case TaskKind::state:
      return "state";
    case TaskKind::subgraph:
      return "subgraph";
  }
  return "nop";
}

const std::string* TaskTable::intern(std::string_view name) {
  // Tasks are made in runs of one name, so the last one is asked first.
  if (last_name_ != nullptr && *last_name_ == name) return last_name_;
  auto found = names_.find(name);
  if (found == names_.end()) found = names_.emplace(std::string(name), char{}).first;
  return last_name_ = &found->first;
}

TaskId TaskTable::append(TaskId task, TaskKind kind, std::string_view name, std::size_t payload,
                         bool sends_events) {
  CFY_ASSERT(graph::index_of(task) == records_.size());
  Record record;
  record.name = intern(name);
  record.payload = static_cast<std::uint32_t>(payload);
  record.kind = kind;
  record.sends_events = sends_events;
  records_.push_back(record);
  return task;
}

TaskId TaskTable::make_nop(Lane lane) {
  return append(graph_.make_task(lane), TaskKind::nop, "nop", 0, false);
}

TaskId TaskTable::make_subgraph(std::string_view name, RetryPolicy policy) {
  subgraphs_.push_back({policy});
  return append(graph_.make_subgraph(kInlineLane), TaskKind::subgraph, name, subgraphs_.size() - 1,
                true);
}

TaskId TaskTable::make_operation(OperationTask operation, bool send_events, Lane lane) {
  operations_.push_back(std::move(operation));
  return append(graph_.make_task(lane), TaskKind::operation,
                operations_.back().operation->operation, operations_.size() - 1, send_events);
}

TaskId TaskTable::make_local(std::string_view name, LocalTask local, bool send_events, Lane lane) {
  locals_.push_back(std::move(local));
  return append(graph_.make_task(lane), TaskKind::local, name, locals_.size() - 1, send_events);
}

TaskId TaskTable::make_event(plugin::CustomEvent event) {
  events_.push_back(std::move(event));
  return append(graph_.make_task(kInlineLane), TaskKind::event, "send_event", events_.size() - 1,
                false);
}

TaskId TaskTable::make_state(StateTask state) {
  states_.push_back(std::move(state));
  return append(graph_.make_task(kInlineLane), TaskKind::state,
                states_.back().state.empty() ? "get_state" : "set_state", states_.size() - 1,
                false);
}

RetryPolicy TaskTable::policy(TaskId task) const {
  if (record(task).is_last_attempt) return {attempt(task), 0};
  switch (kind(task)) {
    case TaskKind::operation:
      return {operation(task).total_retries, operation(task).retry_interval_s};
    case TaskKind::local:
      return local(task).policy;
    case TaskKind::subgraph:
      return subgraphs_[payload(task)].policy;
    default:
      return {};
  }
}

bool TaskTable::has_retries(TaskId task) const {
  return kind(task) == TaskKind::operation || kind(task) == TaskKind::local ||
         kind(task) == TaskKind::subgraph;
}

void TaskTable::set_total_retries(TaskId task, std::int64_t total_retries) {
  CFY_ASSERT(has_retries(task));
  if (kind(task) == TaskKind::operation) {
    operations_[payload(task)].total_retries = total_retries;
  } else if (kind(task) == TaskKind::local) {
    locals_[payload(task)].policy.total_retries = total_retries;
  } else {
    subgraphs_[payload(task)].policy.total_retries = total_retries;
    subgraphs_[payload(task)].has_own_policy = true;
  }
}

void TaskTable::set_replacement(TaskId task, TaskId replacement) {
  const Subgraph& failed = subgraphs_[payload(task)];
  Subgraph& next = subgraphs_[payload(replacement)];
  next.retried_task = task;
  if (!failed.has_own_policy || next.has_own_policy) return;
  next.policy = failed.policy;
  next.has_own_policy = true;
}

TaskId TaskTable::retried_task(TaskId task) const {
  return kind(task) == TaskKind::subgraph ? subgraphs_[payload(task)].retried_task : graph::kNoTask;
}

void TaskTable::set_on_success(TaskId task, plugin::Handler handler) {
  record(task).has_handlers = true;
  handlers_[graph::index_of(task)].on_success = std::move(handler);
}

void TaskTable::set_on_failure(TaskId task, plugin::Handler handler) {
  record(task).has_handlers = true;
  handlers_[graph::index_of(task)].on_failure = std::move(handler);
}

const Handlers* TaskTable::find_handlers(TaskId task) const {
  return record(task).has_handlers ? &handlers_.at(graph::index_of(task)) : nullptr;
}

void TaskTable::restore(TaskId task, const StoredTask* stored) {
  stored_[graph::index_of(task)] = stored;
  record(task).has_stored = true;
  // A subgraph that takes the place of another may count on from that one.
  record(task).attempt = std::max(record(task).attempt, stored->attempt);
  record(task).is_replaying =
      stored->has_answer() || (stored->kind == TaskKind::subgraph && stored->was_done());
  if (stored->has_answer()) set_outcome(task, stored->outcome);
}

bool TaskTable::is_for_this_run(TaskId task) const {
  return is_or_is_in(task, for_this_run_);
}

bool TaskTable::is_undo(TaskId task) const {
  return is_or_is_in(task, undoes_);
}

bool TaskTable::is_or_is_in(TaskId task, const std::unordered_set<std::uint32_t>& set) const {
  if (set.empty()) return false;
  for (; task != graph::kNoTask; task = graph_.subgraph(task))
    if (set.contains(graph::index_of(task))) return true;
  return false;
}

void TaskTable::set_undoes(TaskId task, TaskId undone) {
  set_for_this_run(task);
  undoes_.insert(graph::index_of(task));
  undo_of_.insert_or_assign(graph::index_of(undone), task);
}

TaskId TaskTable::undo_of(TaskId task) const {
  const auto found = undo_of_.find(graph::index_of(task));
  return found == undo_of_.end() ? graph::kNoTask : found->second;
}

void TaskTable::set_outcome(TaskId task, plugin::TaskOutcome outcome) {
  const bool is_plain = outcome.succeeded && outcome.result.is_null();
  if (is_plain && !record(task).has_outcome) return;
  record(task).has_outcome = true;
  outcomes_[graph::index_of(task)] = std::move(outcome);
}

const plugin::TaskOutcome& TaskTable::outcome(TaskId task) const {
  static const plugin::TaskOutcome plain{true, nullptr, ""};
  return record(task).has_outcome ? outcomes_.at(graph::index_of(task)) : plain;
}

}  // namespace cfy::exec
