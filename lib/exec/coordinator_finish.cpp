// From an answer to a final state, or to another try.
#include <algorithm>
#include <cmath>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "exec/coordinator.hpp"

namespace cfy::exec {
namespace {

using dispatch::Status;
using plugin::HandlerAction;

/// Greatest number of local tasks that are out at a time; more would only make a cancel slower.
constexpr std::size_t kMaxLocalWindow = 2048;

std::string with_delay(std::string message, std::optional<double> retry_after_s) {
  if (!retry_after_s || message.find("[retry_after=") != std::string::npos) return message;
  return fmt::format("{} [retry_after={}]", message, format_seconds(*retry_after_s));
}

}  // namespace

// ---- answers

void Coordinator::take_answers(Mail mail) {
  if (!mail.local.empty()) {
    // Quick tasks all come home between two turns: then more of them may go out together. Slow ones
    // do not: then only so many are out as really run.
    const std::size_t answered = mail.local.size();
    const std::size_t still_out = local_running_ - std::min(answered, local_running_);
    if (answered >= still_out)
      local_window_ = std::min(local_window_ * 2, kMaxLocalWindow);
    else
      local_window_ = std::max(local_window_ / 2, pool_.threads());
  }
  for (LocalDone& done : mail.local)
    finish_local(std::move(done));
  for (OperationDone& done : mail.operations)
    finish_operation(std::move(done));
  note_begun(mail.begun);
}

// After the answers: of most operations both come together, and then there is nothing to note.
void Coordinator::note_begun(const std::vector<OperationBegun>& begun) {
  for (const OperationBegun& one : begun)
    if (is_current(one.task, one.attempt)) log_.add_begun(one.task, one.call);
}

bool Coordinator::is_current(TaskId task, std::uint32_t attempt) const {
  return states_.state(task) == TaskState::started && table_.attempt(task) == attempt;
}

void Coordinator::finish_local(LocalDone done) {
  --local_running_;
  Attempt attempt;
  if (done.result.ok()) {
    attempt.value = std::move(done.result).value();
  } else {
    attempt.status = done.result.wants_retry      ? Status::retry
                     : done.result.is_recoverable ? Status::recoverable
                                                  : Status::failed;
    attempt.error = done.result.error().message();
    attempt.retry_after_s = done.result.retry_after_s;
  }
  attempt_ended(done.task, std::move(attempt));
}

void Coordinator::finish_operation(OperationDone done) {
  const TaskId task = done.task;
  if (!is_current(task, done.attempt)) return;
  --operations_running_;
  if (parts_.recorder != nullptr) parts_.recorder->settle(events_.task_id(task), done.result);
  Attempt attempt;
  attempt.status = done.result.status;
  attempt.value = done.result.value;
  attempt.error = done.result.error.message;
  attempt.causes = done.result.error.causes;
  attempt.retry_after_s = done.result.retry_after_s;
  if (!done.result.error.output.empty()) outputs_[graph::index_of(task)] = done.result.error.output;
  log_.keep_result(task, std::move(done.result));
  attempt_ended(task, std::move(attempt));
}

void Coordinator::finish_subgraphs() {
  while (const auto task = states_.pop_answered_subgraph()) {
    Attempt attempt;
    if (const TaskId failed = states_.first_failed(*task); failed != graph::kNoTask) {
      attempt.status = Status::failed;
      attempt.error = describe_failure(failed);
    }
    attempt_ended(*task, std::move(attempt));
  }
}

void Coordinator::attempt_ended(TaskId task, Attempt attempt) {
  const bool succeeded = attempt.status == Status::ok;
  // Of a subgraph that was through before, and comes to the same end, nothing is told again.
  const bool is_told =
      table_.is_replaying(task) &&
      succeeded == (table_.find_stored(task)->stored_state == TaskState::succeeded);
  if (!is_told) table_.end_replay(task);
  if (succeeded && attempt.value.is_null() && table_.find_handlers(task) == nullptr) {
    if (!is_told) events_.succeeded(task, nullptr);
    table_.set_outcome(task, {true, nullptr, ""});
    states_.set(task, TaskState::succeeded);
    return;
  }
  std::string error = succeeded ? "" : with_delay(std::move(attempt.error), attempt.retry_after_s);
  if (is_told)
    ;
  else if (succeeded)
    events_.succeeded(task, attempt.value);
  else if (attempt.status == Status::retry)
    events_.rescheduled(task, error);
  else
    events_.failed(task, error, attempt.causes);
  table_.set_outcome(task, {succeeded, std::move(attempt.value), std::move(error)});
  if (!succeeded)
    verdicts_[graph::index_of(task)] = {
        attempt.status == Status::recoverable || attempt.status == Status::retry,
        attempt.retry_after_s};
  // A retry that the operation asked for itself is not a failure: no handler judges it.
  if (attempt.status == Status::retry || find_handler(task, succeeded) == nullptr || !may_start() ||
      is_before_cleanup(task)) {
    judge_by_default(task);
    return;
  }
  states_.set(task, TaskState::responded);
  to_judge_.push_back(task);
}

// ---- handlers

const plugin::Handler* Coordinator::find_handler(TaskId task, bool succeeded) const {
  const Handlers* handlers = table_.find_handlers(task);
  if (handlers == nullptr) return nullptr;
  const plugin::Handler& handler = succeeded ? handlers->on_success : handlers->on_failure;
  return handler ? &handler : nullptr;
}

void Coordinator::judge_unasked() {
  for (const TaskId task : std::exchange(to_judge_, {}))
    if (states_.graph().contains(task)) judge_by_default(task);
}

void Coordinator::ask_next_handler() {
  if (!may_start()) return;  // the next turn judges without it
  while (!handler_call_ && !to_judge_.empty()) {
    const TaskId task = to_judge_.front();
    to_judge_.pop_front();
    if (!states_.graph().contains(task)) continue;
    const plugin::TaskOutcome& outcome = table_.outcome(task);
    handler_call_ = HandlerCall{task, *find_handler(task, outcome.succeeded), outcome};
    changed_.notify_all();
  }
}

void Coordinator::take_handler_answer() {
  const HandlerCall call = *std::exchange(handler_call_, std::nullopt);
  const auto answer = *std::exchange(handler_answer_, std::nullopt);
  if (!states_.graph().contains(call.task)) return;
  if (answer.ok() || keeps_verdict(call.task))
    judge(call.task, answer.ok() ? *answer : plugin::HandlerResult{});
  else
    fail_with(call.task, fmt::format("its handler {} did not answer: {}",
                                     call.outcome.succeeded ? "on_success" : "on_failure",
                                     answer.error().message()));
}

// ---- judgement

void Coordinator::judge_by_default(TaskId task) {
  plugin::HandlerResult verdict;
  const bool is_subgraph = table_.kind(task) == TaskKind::subgraph;
  if (!table_.outcome(task).succeeded)
    verdict.action =
        !is_subgraph && verdicts_[graph::index_of(task)].is_recoverable && !is_before_cleanup(task)
            ? HandlerAction::retry
            : HandlerAction::fail;
  judge(task, verdict);
}

void Coordinator::judge(TaskId task, const plugin::HandlerResult& verdict) {
  if (keeps_verdict(task)) return judge_as_before(task, *table_.find_stored(task));
  table_.end_replay(task);
  const bool succeeded = table_.outcome(task).succeeded;
  switch (verdict.action) {
    case HandlerAction::cont:
    case HandlerAction::ignore:
      states_.set(task, succeeded ? TaskState::succeeded : TaskState::ignored);
      break;
    case HandlerAction::fail:
      if (succeeded)
        fail_with(task, "its handler on_success asked for a failure");
      else
        fail(task);
      break;
    case HandlerAction::retry:
      if (table_.kind(task) == TaskKind::subgraph)
        replace_subgraph(task, verdict);
      else
        retry(task, verdict);
      break;
  }
  verdicts_.erase(graph::index_of(task));
}

void Coordinator::retry(TaskId task, const plugin::HandlerResult& verdict) {
  const RetryPolicy policy = table_.policy(task);
  if (!verdict.ignore_total_retries && !policy.allows(table_.attempt(task) + 1)) {
    if (table_.outcome(task).succeeded)
      fail_with(task,
                "its handler on_success asked for another try, but there are no retries left");
    else
      fail(task);
    return;
  }
  double delay_s = policy.retry_interval_s;
  if (const auto last = verdicts_.find(graph::index_of(task));
      last != verdicts_.end() && last->second.retry_after_s)
    delay_s = *last->second.retry_after_s;
  if (verdict.retry_after_s) delay_s = *verdict.retry_after_s;
  states_.set(task, TaskState::rescheduled);
  const std::int64_t due_ms = ms_from_now(delay_s);
  rescheduled_.emplace(due_ms, task);
  due_ms_[graph::index_of(task)] = due_ms;
}

void Coordinator::give_up_retries(TaskId task) {
  table_.give_up_retries(task);
  if (states_.state(task) == TaskState::rescheduled) fail(task);
}

void Coordinator::replace_subgraph(TaskId task, const plugin::HandlerResult& verdict) {
  const std::uint32_t next = table_.attempt(task) + 1;
  if (!verdict.ignore_total_retries && !table_.policy(task).allows(next)) {
    // The handler could not know; what it made to take its place must not run.
    if (verdict.retried_task)
      (void)states_.remove_task(TaskId{static_cast<std::uint32_t>(*verdict.retried_task)});
    return fail(task);
  }
  if (!verdict.retried_task)
    return fail_with(task,
                     "its handler asked for a retry, but a subgraph is tried again only by a "
                     "new one, and the handler gave none");
  const TaskId replacement{static_cast<std::uint32_t>(*verdict.retried_task)};
  const TaskId container = states_.graph().subgraph(task);
  if (!states_.graph().contains(replacement))
    if (const auto added = states_.add_task(replacement, container); !added)
      return fail_with(task, "its new subgraph cannot be added: " + added.error().message());
  if (states_.graph().subgraph(replacement) != container ||
      graph::is_final(states_.state(replacement)))
    return fail_with(task, "its new subgraph must stand in the same subgraph and not have ended");
  table_.set_attempt(replacement, next);
  table_.set_replacement(task, replacement);
  states_.move_dependents(task, replacement);
  // In a resumed run, what of it had been done before it was replaced is only on its way there.
  states_.skip_waiting_members(task, [this](TaskId member) {
    const StoredTask* stored = table_.find_stored(member);
    return stored != nullptr && table_.is_replaying(member) && stored->was_done();
  });
  states_.set(task, TaskState::ignored);
}

std::int64_t Coordinator::ms_from_now(double seconds) const {
  // What a plugin or a user may write is any number; so is "not a number".
  constexpr double kMostSeconds = 1e9;
  const double wanted = seconds > 0 ? std::min(seconds, kMostSeconds) : 0.0;
  return parts_.clock->monotonic_ms() + static_cast<std::int64_t>(std::ceil(wanted * 1000));
}

std::string_view Coordinator::last_output(TaskId task) const {
  const auto found = outputs_.find(graph::index_of(task));
  return found == outputs_.end() ? std::string_view() : found->second;
}

void Coordinator::fail_with(TaskId task, std::string error) {
  const plugin::TaskOutcome& before = table_.outcome(task);
  if (!before.error.empty()) error += fmt::format(" (the task itself: {})", before.error);
  events_.failed(task, error, nullptr);
  table_.set_outcome(task, {false, before.result, std::move(error)});
  fail(task);
}

void Coordinator::fail(TaskId task) {
  states_.set(task, TaskState::failed);
  if (is_before_cleanup(task)) return;  // the run is cancelled, and that is told
  const graph::TaskGraph& graph = states_.graph();
  for (TaskId outer = graph.subgraph(task); outer != graph::kNoTask; outer = graph.subgraph(outer))
    if (states_.state(outer) != TaskState::failed) return;  // it may still be forgiven there
  add_failures(task);
  if (is_executing_ && !give_up_at_ms_)
    give_up_at_ms_ = ms_from_now(parts_.options.wait_after_fail_s);
}

void Coordinator::add_failures(TaskId task) {
  const graph::TaskGraph& graph = states_.graph();
  // Of a subgraph its members are named, unless it failed by itself.
  if (!graph.is_subgraph(task) || states_.first_failed(task) == graph::kNoTask) {
    failures_.push_back(task);
    return;
  }
  for (const TaskId member : graph.members(task))
    if (states_.state(member) == TaskState::failed) add_failures(member);
}

void Coordinator::add_unforgiven_skips() {
  if (states_.count(TaskState::skipped) == 0) return;
  // A subgraph may forgive what fails in it. A task outside that waited for the failed member still
  // never ran, and a run that leaves it out has not succeeded.
  const graph::TaskGraph& graph = states_.graph();
  std::unordered_set<TaskId> known(failures_.begin(), failures_.end());
  for (std::uint32_t i = 0; i < graph.order_size(); ++i) {
    const TaskId task = graph.at(i);
    if (task == graph::kNoTask || states_.state(task) != TaskState::skipped) continue;
    bool is_forgiven = false;
    for (TaskId outer = graph.subgraph(task); outer != graph::kNoTask;
         outer = graph.subgraph(outer))
      is_forgiven = is_forgiven || states_.state(outer) == TaskState::ignored;
    if (is_forgiven) continue;
    const TaskId because = states_.skipped_because(task);
    if (known.insert(because).second) failures_.push_back(because);
  }
}

}  // namespace cfy::exec
