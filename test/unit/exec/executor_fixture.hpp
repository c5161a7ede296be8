// A workflow call over a graph in one line: each task is an operation of the one node instance, run
// by a FakeRunner by a FakeClock. run() does the whole; start() and wait() leave the test in
// between.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "exec/workflow_call.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_runner.hpp"
#include "support/gate.hpp"

namespace cfy::test {

using nlohmann::json;

/// Keeps the events of a run as lines "type: text".
class EventList final : public event::Sink {
 public:
  void take(const event::Event& event) override;
  std::vector<event::Event> all();
  std::string text();

 private:
  std::mutex mutex_;
  std::vector<event::Event> events_;
};

/// A plan with the node "n" whose operations carry the names given, and its instance "n_1".
plan::Plan make_plan(const std::vector<std::string>& operations);
store::NodeInstance make_instance(std::string node, std::string id, std::uint32_t index = 1);

class ExecutorFixture {
 public:
  explicit ExecutorFixture(std::string_view graph_text, std::size_t capacity = 4);
  ~ExecutorFixture();
  ExecutorFixture(const ExecutorFixture&) = delete;
  ExecutorFixture& operator=(const ExecutorFixture&) = delete;

  // Before the run.
  using Step = std::function<base::Result<json>(plugin::WorkflowHost&)>;
  /// Runs in place of a plain execute(), after the graph is built.
  void workflow(Step step) { step_ = std::move(step); }
  /// Answers of the handler in turn; the last one again and again.
  void on_failure(const std::string& name, std::vector<plugin::HandlerResult> verdicts);
  void on_success(const std::string& name, std::vector<plugin::HandlerResult> verdicts);
  void on_failure(const std::string& name, plugin::Handler handler) {
    failure_handlers_[name] = std::move(handler);
  }
  void on_success(const std::string& name, plugin::Handler handler) {
    success_handlers_[name] = std::move(handler);
  }

  /// "ok", "ok: result", "failed: message", "cancelled", "invalid: message", "state: message".
  std::string run();
  void start();
  std::string wait();

  std::string trace() { return recorder.trace(); }
  plugin::TaskId id(const std::string& name) const { return ids_.at(name); }
  exec::WorkflowCall& call() { return *call_; }
  bool is_over() const { return is_over_; }

  exec::RunOptions options;
  FakeClock clock;
  FakeRunner runner;
  FakeRecorder recorder;
  EventList events;
  std::string execution_id = "x";
  exec::Recorder* recorder_in_use = &recorder;
  exec::Replay* replay = nullptr;  ///< the run is a resumed one
  bool accepts_other_graph = false;
  /// Operations that the node has besides those of the graph's text.
  std::vector<std::string> more_operations = {"extra", "extra2"};

 private:
  base::Result<json> build_and_run(plugin::WorkflowHost& host);

  std::string graph_text_;
  plan::Plan plan_;
  Step step_;
  std::map<std::string, plugin::Handler> failure_handlers_, success_handlers_;
  std::map<std::string, plugin::TaskId> ids_;
  std::unique_ptr<exec::WorkflowCall> call_;
  std::optional<base::Result<json>> result_;
  std::atomic<bool> is_over_{false};
  std::thread thread_;
};

plugin::HandlerResult verdict(plugin::HandlerAction action);

}  // namespace cfy::test
