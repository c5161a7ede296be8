#include "support/fake_runner.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace cfy::test {
namespace {

constexpr std::chrono::seconds kDeadline{10};

dispatch::OperationResult problem(dispatch::Status status, std::string message,
                                  std::optional<double> retry_after_s) {
  dispatch::OperationResult result;
  result.status = status;
  result.error.message = std::move(message);
  result.retry_after_s = retry_after_s;
  return result;
}

}  // namespace

dispatch::OperationResult ok(nlohmann::json value) {
  dispatch::OperationResult result;
  result.value = std::move(value);
  return result;
}
dispatch::OperationResult recoverable(std::string message, std::optional<double> retry_after_s) {
  return problem(dispatch::Status::recoverable, std::move(message), retry_after_s);
}
dispatch::OperationResult fatal(std::string message) {
  return problem(dispatch::Status::failed, std::move(message), {});
}
dispatch::OperationResult reschedule(std::string message, std::optional<double> retry_after_s) {
  return problem(dispatch::Status::retry, std::move(message), retry_after_s);
}

// ---- FakeRunner

void FakeRunner::answer(const std::string& name, std::deque<dispatch::OperationResult> answers) {
  answers_[name] = std::move(answers);
}

void FakeRunner::hold(const std::string& name) {
  on_hold_.insert(name);
}

void FakeRunner::hold_all() {
  holds_all_ = true;
}

void FakeRunner::start(const exec::OperationStart& start, exec::OperationSink& sink) {
  const std::scoped_lock lock(mutex_);
  const std::string& name = start.operation->operation->operation;
  if (holds_all_ || on_hold_.contains(name)) {
    held_.emplace(name, Call{start.task, start.attempt, &sink});
    most_ = std::max(most_, held_.size());
    changed_.notify_all();
    return;
  }
  dispatch::OperationResult result;
  if (auto& answers = answers_[name]; !answers.empty()) {
    result = std::move(answers.front());
    answers.pop_front();
  }
  sink.on_operation_result(start.task, start.attempt, std::move(result));
}

bool FakeRunner::wait_started(const std::string& name) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kDeadline, [&] { return held_.contains(name); });
}

std::vector<std::string> FakeRunner::wait_held(const std::function<bool()>& over) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kDeadline, [&] { return !held_.empty() || over(); });
  std::vector<std::string> names;
  for (const auto& [name, call] : held_)
    names.push_back(name);
  return names;
}

void FakeRunner::nudge() {
  const std::scoped_lock lock(mutex_);
  changed_.notify_all();
}

void FakeRunner::finish(const std::string& name, dispatch::OperationResult result) {
  std::unique_lock lock(mutex_);
  const auto found = held_.find(name);
  if (found == held_.end()) return;
  const Call call = found->second;
  held_.erase(found);
  lock.unlock();
  call.sink->on_operation_result(call.task, call.attempt, std::move(result));
}

void FakeRunner::stop(dispatch::StopMode mode) {
  const std::scoped_lock lock(mutex_);
  stops_.push_back(mode == dispatch::StopMode::kill ? "kill" : "detach");
  if (mode == dispatch::StopMode::kill)
    for (const auto& [name, call] : held_)
      call.sink->on_operation_result(call.task, call.attempt, fatal("killed"));
  held_.clear();
}

std::vector<std::string> FakeRunner::stops() {
  const std::scoped_lock lock(mutex_);
  return stops_;
}

std::size_t FakeRunner::most_at_a_time() {
  const std::scoped_lock lock(mutex_);
  return most_;
}

// ---- FakeRecorder

base::Result<void> FakeRecorder::commit(const exec::TurnRecord& turn,
                                        const exec::TaskCatalog& tasks) {
  static const std::map<graph::TaskState, std::string> verbs{
      {graph::TaskState::started, "start"},     {graph::TaskState::responded, "ask"},
      {graph::TaskState::rescheduled, "retry"}, {graph::TaskState::succeeded, "done"},
      {graph::TaskState::failed, "fail"},       {graph::TaskState::ignored, "ignore"},
      {graph::TaskState::skipped, "skip"}};
  const std::scoped_lock lock(mutex_);
  if (is_broken_) return base::Error(base::ErrorKind::state, "the disk is full");
  added_ += turn.added.size();
  for (const exec::TaskChange& change : turn.changes) {
    const auto verb = verbs.find(change.state);
    if (verb == verbs.end()) continue;
    std::string line = verb->second + " " + tasks.describe(change.task).name;
    if (change.state == graph::TaskState::started && change.attempt > 0)
      line += " [" + std::to_string(change.attempt) + "]";
    if (change.state == graph::TaskState::skipped)
      line += ": " + tasks.describe(change.because).name + " failed";
    lines_.push_back(line);
  }
  for (const exec::InstanceStateChange& change : turn.instance_states)
    lines_.push_back("state " + std::to_string(static_cast<std::uint32_t>(change.instance)) + " " +
                     change.state);
  for (const exec::SystemPropertiesChange& change : turn.system_properties)
    lines_.push_back("system properties " +
                     std::to_string(static_cast<std::uint32_t>(change.instance)) + " " +
                     change.properties.dump());
  changed_.notify_all();
  return {};
}

void FakeRecorder::break_down() {
  const std::scoped_lock lock(mutex_);
  is_broken_ = true;
}

std::string FakeRecorder::trace() {
  const std::scoped_lock lock(mutex_);
  std::string text;
  for (const std::string& line : lines_)
    text += line + "\n";
  return text;
}

std::size_t FakeRecorder::added() {
  const std::scoped_lock lock(mutex_);
  return added_;
}

bool FakeRecorder::wait_for(const std::string& line) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kDeadline, [&] {
    return std::find(lines_.begin(), lines_.end(), line) != lines_.end();
  });
}

}  // namespace cfy::test
