// The turn and what the other threads see of it. Starting is in coordinator_start.cpp, finishing in
// coordinator_finish.cpp.
#include "exec/coordinator.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <new>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "graph/ring.hpp"

namespace cfy::exec {
namespace {

/// Tasks that one turn may start before it looks at its mail again, so that a cancel never waits
/// for a great graph.
constexpr std::size_t kTurnBudget = 4096;

/// How long a function that was told "cancelled" may take to come home before it counts as left
/// behind. Most return from execute() and end within microseconds.
constexpr std::chrono::milliseconds kFarewell{30};

base::Error cancelled() {
  return {base::ErrorKind::cancelled, "the execution was cancelled"};
}

template <typename T>
void append(std::vector<T>& to, std::vector<T> from) {
  if (to.empty())
    to = std::move(from);
  else
    std::move(from.begin(), from.end(), std::back_inserter(to));
}

}  // namespace

Coordinator::Coordinator(CoordinatorParts parts)
    : parts_(std::move(parts)),
      table_(*parts_.table),
      events_(*parts_.events),
      log_(*parts_.graph, table_, events_, parts_.recorder),
      states_(*parts_.graph, &log_),
      local_window_(std::max<std::size_t>(parts_.options.local_threads, 1)),
      pool_(parts_.options.local_threads, mailbox_) {
  log_.watch(states_);
}

// ---- any thread

void Coordinator::request_cancel(CancelDegree degree) {
  CancelDegree before = cancel_degree_.load();
  while (before < degree && !cancel_degree_.compare_exchange_weak(before, degree)) {
  }
  mailbox_.nudge();
}

void Coordinator::on_operation_result(TaskId task, std::uint32_t attempt,
                                      dispatch::OperationResult result) {
  mailbox_.post(OperationDone{task, attempt, std::move(result)});
}

void Coordinator::on_operation_begun(TaskId task, std::uint32_t attempt,
                                     const dispatch::BegunCall& begun) {
  mailbox_.post(OperationBegun{task, attempt, begun});
}

void Coordinator::on_property_request(const std::string& task_id, dispatch::PropertyRequest request,
                                      dispatch::PropertyReply reply) {
  mailbox_.post(PropertyMail{task_id, std::move(request), std::move(reply)});
}

void Coordinator::on_instances_request(dispatch::InstancesRequest request,
                                       dispatch::InstancesReply reply) {
  mailbox_.post(InstancesMail{std::move(request), std::move(reply)});
}

// ---- the workflow's thread

base::Result<void> Coordinator::execute() {
  std::unique_lock guard = lock();
  if (is_executing_)
    return base::Error(base::ErrorKind::invalid,
                       "the graph is being executed already; a handler adds tasks to it instead");
  if (is_standard_)
    return base::Error(base::ErrorKind::invalid,
                       "tasks were started before the graph: a workflow either starts its tasks "
                       "one by one, or adds them to the graph and executes that");
  if (is_cancelled()) return cancelled();
  if (record_error_) return *record_error_;
  if (const auto ring = graph::find_ring(states_); !ring.empty()) return ring_error();
  execute_result_.reset();
  first_failure_ = failures_.size();
  is_executing_ = is_first_turn_ = was_executed_ = true;
  mailbox_.nudge();
  while (true) {
    changed_.wait(guard, [this] { return execute_result_ || is_ended_ || graph_is_lent(); });
    if (execute_result_ || is_ended_) break;
    const HandlerCall call = *handler_call_;
    guard.unlock();
    auto answer = call.handler(plugin::TaskId{graph::index_of(call.task)}, call.outcome);
    guard.lock();
    handler_answer_ = std::move(answer);
    mailbox_.nudge();
  }
  if (graph_is_lent()) {
    // A cancel overtook the handler: it is not asked any more, the graph goes back.
    to_judge_.push_front(handler_call_->task);
    handler_call_.reset();
    mailbox_.nudge();
  }
  is_executing_ = false;
  give_up_at_ms_.reset();
  return execute_result_ ? *std::exchange(execute_result_, std::nullopt) : cancelled();
}

base::Result<void> Coordinator::start_task(TaskId task) {
  std::unique_lock guard = lock();
  if (is_executing_ || was_executed_)
    return base::Error(base::ErrorKind::invalid,
                       "the graph was executed before: tasks are added to it now");
  if (states_.state(task) != TaskState::pending || states_.graph().contains(task))
    return base::Error(base::ErrorKind::invalid, "the task is in the graph, or has run, already");
  if (cancel_degree() >= CancelDegree::force || is_ended_) return cancelled();
  if (record_error_) return *record_error_;
  if (auto added = states_.add_task(task); !added) return added;
  is_standard_ = true;
  unfetched_.push_back(task);
  const std::uint64_t turn = turns_;
  mailbox_.nudge();
  changed_.wait(guard, [&] { return turns_ > turn || is_ended_ || record_error_; });
  if (record_error_) return *record_error_;
  return is_ended_ ? base::Result<void>(cancelled()) : base::Result<void>();
}

base::Result<void> Coordinator::wait_for_task(TaskId task, bool retry_on_failure) {
  std::unique_lock guard = lock();
  if (!states_.graph().is_known(task) || !states_.graph().contains(task))
    return base::Error(base::ErrorKind::invalid, "the task was not started");
  if (!is_standard_)
    return base::Error(base::ErrorKind::invalid,
                       "tasks of a graph run in its execute(); nothing waits for one of them");
  // A cancel is answered before a result, also one that came before this call.
  if (is_cancelled()) return cancelled();
  std::erase(unfetched_, task);
  if (!retry_on_failure) give_up_retries(task);
  changed_.wait(guard, [&] {
    return graph::is_final(states_.state(task)) || is_cancelled() || is_ended_ || record_error_;
  });
  if (record_error_) return *record_error_;
  if (is_cancelled() || !graph::is_final(states_.state(task))) return cancelled();
  if (states_.state(task) == TaskState::failed) return error_of(task);
  return {};
}

base::Result<void> Coordinator::wait_for_started() {
  std::unique_lock guard = lock();
  const auto has_ended = [this](TaskId task) { return graph::is_final(states_.state(task)); };
  if (unfetched_.empty()) return {};
  if (is_cancelled()) return cancelled();
  changed_.wait(guard, [&] {
    return is_cancelled() || is_ended_ || record_error_ ||
           std::all_of(unfetched_.begin(), unfetched_.end(), has_ended);
  });
  if (record_error_) return *record_error_;
  if (is_cancelled() || !std::all_of(unfetched_.begin(), unfetched_.end(), has_ended))
    return cancelled();
  std::string text;
  for (const TaskId task : std::exchange(unfetched_, {}))
    if (states_.state(task) == TaskState::failed)
      text += (text.empty() ? "" : "; ") + describe_failure(task);
  if (text.empty()) return {};
  return base::Error(base::ErrorKind::failed, std::move(text));
}

void Coordinator::begin_cleanup() {
  const auto guard = lock();
  if (cleanup_from_) return;
  // What the cancel kept from starting is not part of the cleanup.
  const graph::TaskGraph& graph = states_.graph();
  for (std::uint32_t i = 0; !is_standard_ && is_cancelled() && i < graph.order_size(); ++i) {
    const TaskId task = graph.at(i);
    if (task == graph::kNoTask) continue;
    const TaskState state = states_.state(task);
    if (state == TaskState::pending || state == TaskState::rescheduled)
      (void)states_.remove_task(task);  // fails for a subgraph with a running member: it stays
  }
  cleanup_from_ = static_cast<std::uint32_t>(graph.order_size());
}

void Coordinator::end_cleanup() {
  const auto guard = lock();
  cleanup_from_.reset();
}

const std::string& Coordinator::current_state(plugin::InstanceId instance) const {
  const auto found = changed_states_.find(static_cast<std::uint32_t>(instance));
  if (found != changed_states_.end()) return found->second;
  return parts_.snapshots->current().record(instance).state;
}

std::optional<std::int64_t> Coordinator::due_ms(TaskId task) const {
  const auto found = due_ms_.find(graph::index_of(task));
  return found == due_ms_.end() ? std::nullopt : std::optional(found->second);
}

dispatch::PropertyAnswer Coordinator::store_now(const dispatch::PropertyRequest& request) {
  const auto guard = lock();
  if (parts_.recorder == nullptr || record_error_) return unanswerable();
  return parts_.recorder->store_now(parts_.events->execution_id(), request);
}

const json* Coordinator::find_changed_system_properties(plugin::InstanceId instance) const {
  const auto found = changed_system_properties_.find(static_cast<std::uint32_t>(instance));
  return found == changed_system_properties_.end() ? nullptr : &found->second;
}

void Coordinator::set_system_properties(plugin::InstanceId instance, json properties) {
  if (parts_.options.is_dry_run) return;
  const auto guard = lock();
  changed_system_properties_[static_cast<std::uint32_t>(instance)] = properties;
  log_.add_system_properties(instance, std::move(properties));
  mailbox_.nudge();
}

void Coordinator::workflow_returned() {
  const auto guard = lock();
  has_returned_ = true;
  changed_.notify_all();
  mailbox_.nudge();
}

// ---- the owner's thread

void Coordinator::wait_until_over() {
  std::unique_lock guard = lock();
  changed_.wait(guard, [this] { return is_over(); });
  if (is_ended_) changed_.wait_for(guard, kFarewell, [this] { return has_returned_; });
  left_something_ = !has_returned_ || local_running_ > 0;
}

void Coordinator::stop() {
  stopping_ = true;
  mailbox_.nudge();
}

// ---- the coordinator's thread

void Coordinator::run() {
  while (!stopping_) {
    std::unique_lock guard = lock();
    const auto wait = wait_ms();
    guard.unlock();
    try {
      turn(mailbox_.take(wait));
    } catch (const std::bad_alloc&) {
      return break_off({base::ErrorKind::state, "there is not enough memory"});
    }
  }
}

// A turn that was cut off left nothing on disk; a resumed run does it again.
void Coordinator::break_off(base::Error error) {
  const auto guard = lock();
  parts_.runner->stop(dispatch::StopMode::detach);
  record_error_ = std::move(error);
  is_ended_ = true;
  changed_.notify_all();
}

void Coordinator::turn(Mail mail) {
  const auto guard = lock();
  answer_property_requests(std::move(mail.properties));
  answer_instances_requests(std::move(mail.instances));
  append(backlog_.local, std::move(mail.local));
  append(backlog_.operations, std::move(mail.operations));
  append(backlog_.begun, std::move(mail.begun));
  apply_cancel();
  if (!graph_is_lent()) {
    turn_budget_ = kTurnBudget;
    if (handler_answer_) take_handler_answer();
    take_answers(std::exchange(backlog_, Mail{}));
    if (!may_start()) {
      take_back_unstarted();
      judge_unasked();
    }
    take_in_new_tasks();
    wake_rescheduled();
    start_ready();
    // After an error there is no more of the run to be told: the rows that it needs may be missing.
    if (auto written = log_.commit(); !written && !record_error_) {
      record_error_ = std::move(written).error().context("recording the state of the execution");
      take_back_started();
    }
    hand_over_started();
    ask_next_handler();
  }
  check_execute_end();
  ++turns_;
  if (is_standard_ || is_over()) changed_.notify_all();
}

// First in a turn, while no change waits to be committed: an answer must not be ahead of the disk.
void Coordinator::answer_property_requests(std::vector<PropertyMail> requests) {
  for (const PropertyMail& one : requests) {
    const bool can_store = parts_.recorder != nullptr && !record_error_;
    one.reply(can_store ? parts_.recorder->store_now(one.task_id, one.request) : unanswerable());
  }
}

void Coordinator::answer_instances_requests(std::vector<InstancesMail> requests) {
  for (const InstancesMail& one : requests)
    one.reply(parts_.recorder != nullptr && !record_error_
                  ? parts_.recorder->node_instances(one.request.node_id)
                  : unknown_instances());
}

void Coordinator::apply_cancel() {
  const CancelDegree degree = cancel_degree();
  if (degree > applied_degree_) {
    if (applied_degree_ == CancelDegree::none) parts_.runner->announce_cancel();
    applied_degree_ = degree;
    if (degree == CancelDegree::force) {
      parts_.runner->stop(dispatch::StopMode::detach);
      is_ended_ = true;
    } else if (degree == CancelDegree::kill) {
      parts_.runner->stop(dispatch::StopMode::kill);
      kill_over_at_ms_ = parts_.clock->monotonic_ms() + kKillGraceMs;
    }
    changed_.notify_all();
  }
  // What does not die in time, or may go on after wait_after_fail, is left behind.
  const bool kill_is_over = kill_over_at_ms_ && parts_.clock->monotonic_ms() >= *kill_over_at_ms_;
  const bool is_given_up = gave_up_ && has_returned_ && states_.running() > 0;
  if (is_ended_ || !(kill_is_over || is_given_up)) return;
  if (is_given_up) parts_.runner->stop(dispatch::StopMode::detach);
  is_ended_ = true;
  changed_.notify_all();
}

bool Coordinator::is_cancelled() const {
  const CancelDegree degree = cancel_degree();
  return degree >= CancelDegree::force || (degree == CancelDegree::graceful && !cleanup_from_);
}

bool Coordinator::may_start() const {
  if (is_ended_ || record_error_) return false;
  // Standard mode: a workflow that does not look at a graceful cancel goes on.
  if (is_standard_) return !has_returned_ && cancel_degree() < CancelDegree::force;
  return is_executing_ && !execute_result_ && !is_cancelled();
}

bool Coordinator::is_before_cleanup(TaskId task) const {
  return cleanup_from_ && states_.graph().order(task) < *cleanup_from_;
}

bool Coordinator::has_startable() const {
  if (!may_start() || graph_is_lent()) return false;
  return states_.has_ready(kInlineLane) ||
         (states_.has_ready(kPoolLane) && local_running_ < local_window_) ||
         (states_.has_ready(kRunnerLane) && operations_running_ < parts_.runner->capacity());
}

bool Coordinator::is_over() const {
  if (is_ended_) return true;
  return has_returned_ && states_.running() == 0 && backlog_.is_empty() && to_judge_.empty() &&
         !handler_call_ && log_.is_written();
}

std::optional<std::int64_t> Coordinator::wait_ms() const {
  if (has_startable() || handler_answer_) return 0;
  std::optional<std::int64_t> due;
  const auto consider = [&due](std::int64_t at_ms) { due = due ? std::min(*due, at_ms) : at_ms; };
  if (may_start() && !is_cancelled() && !graph_is_lent()) {
    if (!rescheduled_.empty()) consider(rescheduled_.begin()->first);
    if (give_up_at_ms_) consider(*give_up_at_ms_);
  }
  if (kill_over_at_ms_ && !is_ended_) consider(*kill_over_at_ms_);
  if (!due) return std::nullopt;
  return std::max<std::int64_t>(*due - parts_.clock->monotonic_ms(), 0);
}

void Coordinator::check_execute_end() {
  if (!is_executing_ || execute_result_) return;
  if (is_cancelled()) {
    execute_result_ = cancelled();
  } else if (record_error_) {
    execute_result_ = *record_error_;
  } else if (graph_is_lent() || handler_answer_) {
    return;
  } else if (give_up_at_ms_ && parts_.clock->monotonic_ms() >= *give_up_at_ms_) {
    gave_up_ = states_.running() > 0;
    execute_result_ = failure();
  } else if (states_.running() > 0 || !rescheduled_.empty() || has_any_ready()) {
    if (give_up_at_ms_ && !has_told_waiting_) tell_whom_it_waits_for();
    return;
  } else if (add_unforgiven_skips(); failures_.size() > first_failure_) {
    execute_result_ = failure();
  } else if (states_.count(TaskState::pending) > 0) {
    execute_result_ = ring_error();
  } else {
    execute_result_.emplace();
  }
  changed_.notify_all();
}

void Coordinator::tell_whom_it_waits_for() {
  // Asked in each turn until there is somebody: only then the graph is walked through.
  if (operations_running_ == 0 && local_running_ == 0 && rescheduled_.empty()) return;
  const std::string work = running_work();
  if (work.empty()) return;
  has_told_waiting_ = true;
  events_.log({}, "warning",
              fmt::format("a task has failed; waiting for what still runs, at most {} s: {}",
                          format_seconds(parts_.options.wait_after_fail_s), work));
}

// Operations and local functions, by their labels.
std::string Coordinator::running_work() const {
  constexpr std::size_t kShown = 5;
  const graph::TaskGraph& graph = states_.graph();
  std::vector<std::string> labels;
  std::size_t count = 0;
  for (std::uint32_t i = 0; i < graph.order_size(); ++i) {
    const TaskId task = graph.at(i);
    if (task == graph::kNoTask) continue;
    const TaskState state = states_.state(task);
    const TaskKind kind = table_.kind(task);
    if ((kind != TaskKind::operation && kind != TaskKind::local) ||
        (state != TaskState::started && state != TaskState::rescheduled))
      continue;
    if (++count <= kShown) labels.push_back(events_.label(task));
  }
  std::string text = base::join(labels, ", ");
  if (count > kShown) text += fmt::format(" and {} more", count - kShown);
  return text;
}

bool Coordinator::has_any_ready() const {
  return states_.has_ready(kInlineLane) || states_.has_ready(kPoolLane) ||
         states_.has_ready(kRunnerLane);
}

base::Error Coordinator::ring_error() const {
  const auto ring = graph::find_ring(states_);
  if (ring.empty())
    return base::make_error(base::ErrorKind::invalid, "{} tasks can never start",
                            states_.count(TaskState::pending));
  const auto name = [this](TaskId task) { return events_.label(task); };
  return base::make_error(base::ErrorKind::invalid,
                          "the task graph has a ring, each task waits for the next: {}",
                          graph::spell_ring(ring, name));
}

std::string Coordinator::describe_failure(TaskId task) const {
  const bool is_subgraph = table_.kind(task) == TaskKind::subgraph;
  const auto label = events_.label(task);
  return fmt::format("{} failed '{}'{} -> {}", is_subgraph ? "Subgraph" : "Task", table_.name(task),
                     label == table_.name(task) ? "" : fmt::format(" of {}", label),
                     table_.outcome(task).error);
}

base::Error Coordinator::error_of(TaskId task) const {
  return {base::ErrorKind::failed, describe_failure(task)};
}

base::Error Coordinator::failure() const {
  std::string text;
  for (std::size_t i = first_failure_; i < failures_.size(); ++i)
    text += (text.empty() ? "" : "; ") + describe_failure(failures_[i]);
  if (const std::size_t count = failures_.size() - first_failure_; count > 1)
    text = fmt::format("{} operation errors: {}", count, text);
  if (gave_up_)
    text +=
        fmt::format("; gave up waiting for {} running task(s) after {} s: {}", states_.running(),
                    format_seconds(parts_.options.wait_after_fail_s), running_work());
  return {base::ErrorKind::failed, std::move(text)};
}

}  // namespace cfy::exec
