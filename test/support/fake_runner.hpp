// FakeRunner: operations that answer as a test says, when it says so. FakeRecorder: what a run
// wrote down, as lines of text. Nothing here sleeps; every wait has a deadline.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "exec/interfaces.hpp"

namespace cfy::test {

dispatch::OperationResult ok(nlohmann::json value = nullptr);
dispatch::OperationResult recoverable(std::string message,
                                      std::optional<double> retry_after_s = {});
dispatch::OperationResult fatal(std::string message);
dispatch::OperationResult reschedule(std::string message, std::optional<double> retry_after_s = {});

/// Operations are known by the name of their function. Without another word they succeed at once.
class FakeRunner final : public exec::TaskRunner {
 public:
  explicit FakeRunner(std::size_t capacity = 4) : capacity_(capacity) {}

  // Before the run.
  /// Answers of the tries in turn; after the last one it succeeds.
  void answer(const std::string& name, std::deque<dispatch::OperationResult> answers);
  /// Does not answer before finish().
  void hold(const std::string& name);
  void hold_all();

  // During the run, on the test's thread.
  /// @return false when it did not start within ten seconds
  bool wait_started(const std::string& name);
  /// Wait until something is held, or `over` is true; then its names.
  std::vector<std::string> wait_held(const std::function<bool()>& over);
  /// Let what wait_held() waits for look at `over` again.
  void nudge();
  void finish(const std::string& name, dispatch::OperationResult result = ok());

  /// "detach", "kill", in turn.
  std::vector<std::string> stops();
  std::size_t most_at_a_time();

  std::size_t capacity() const override { return capacity_; }
  void start(const exec::OperationStart& start, exec::OperationSink& sink) override;
  void stop(dispatch::StopMode mode) override;

 private:
  struct Call {
    exec::TaskId task{};
    std::uint32_t attempt = 0;
    exec::OperationSink* sink = nullptr;
  };
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t capacity_;
  std::map<std::string, std::deque<dispatch::OperationResult>> answers_;
  std::set<std::string> on_hold_;
  bool holds_all_ = false;
  std::multimap<std::string, Call> held_;
  std::size_t most_ = 0;
  std::vector<std::string> stops_;
};

/// Lines: "start a", "start a [1]" (the first retry), "done a", "fail a", "retry a", "ignore a",
/// "ask a" (a handler is asked), "skip b: a failed", "state n_1 started".
class FakeRecorder final : public exec::Recorder {
 public:
  base::Result<void> commit(const exec::TurnRecord& turn, const exec::TaskCatalog& tasks) override;

  /// Commits from now on fail.
  void break_down();
  std::string trace();
  std::size_t added();
  /// @return false when the line did not come within ten seconds
  bool wait_for(const std::string& line);

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
  std::size_t added_ = 0;
  bool is_broken_ = false;
};

}  // namespace cfy::test
