#include "exec/workflow_call.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>

#include "base/threads.hpp"
#include "exec/coordinator.hpp"
#include "exec/graph_editor.hpp"
#include "exec/snapshot.hpp"
#include "exec/task_events.hpp"
#include "exec/task_table.hpp"
#include "exec/workflow_host.hpp"

namespace cfy::exec {
namespace {

/// What older Cloudify workflows returned instead of raising an error.
constexpr std::string_view kOldCancelledResult = "execution_cancelled";

base::Error cancelled() {
  return {base::ErrorKind::cancelled, "the execution was cancelled"};
}

}  // namespace

class WorkflowCall::Impl {
 public:
  explicit Impl(CallSetup setup)
      : setup_(std::move(setup)),
        snapshots_(std::make_unique<Snapshot>(*setup_.plan, std::move(setup_.instances))),
        table_(graph_),
        events_(setup_.context, snapshots_, table_, *setup_.clock, setup_.sink,
                setup_.options.is_dry_run, setup_.mask),
        coordinator_({&graph_, &table_, &events_, &snapshots_, setup_.clock, setup_.runner,
                      setup_.recorder, setup_.replay, setup_.options, setup_.accepts_other_graph}),
        editor_({&snapshots_, &coordinator_, setup_.changer, setup_.update, setup_.on_modified}),
        host_({&snapshots_, &table_, &coordinator_, &events_, &setup_.context, &setup_.parameters,
               setup_.options, setup_.is_resume, setup_.changer == nullptr ? nullptr : &editor_,
               setup_.plan, setup_.changer, setup_.clock, &setup_.resources_root,
               &setup_.find_execution}) {
    if (setup_.replay != nullptr) table_.set_first_number(setup_.replay->next_number());
  }

  ~Impl() {
    coordinator_.stop();
    if (coordinator_thread_.joinable()) coordinator_thread_.join();
    if (workflow_thread_.joinable()) workflow_thread_.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  base::Result<json> run(const Entry& entry) {
    auto coordinating = base::start_thread([this] { coordinator_.run(); });
    if (!coordinating) return coordinating.error();
    coordinator_thread_ = *std::move(coordinating);
    auto working = base::start_thread([this, entry] {
      auto result = entry(host_);
      if (result.ok())
        if (auto ended = coordinator_.wait_for_started(); !ended) result = ended.error();
      take_result(std::move(result));
    });
    if (working)
      workflow_thread_ = *std::move(working);
    else
      take_result(working.error());
    coordinator_.wait_until_over();
    coordinator_.stop();
    coordinator_thread_.join();
    const auto guard = coordinator_.lock();
    return judge_result();
  }

  Coordinator& coordinator() { return coordinator_; }
  const Coordinator& coordinator() const { return coordinator_; }
  plugin::WorkflowHost& host() { return host_; }

  CallSummary summary() {
    const auto guard = coordinator_.lock();
    const graph::TaskStates& states = coordinator_.states();
    CallSummary summary = count_tasks(states);
    auto skipped = skipped_by_cause(states);
    for (const TaskId task : coordinator_.failures()) {
      summary.failures.push_back(describe_failed(task));
      summary.failures.back().skipped = std::move(skipped[graph::index_of(task)]);
    }
    return summary;
  }

 private:
  void take_result(base::Result<json> result) {
    {
      const auto guard = coordinator_.lock();
      result_.emplace(std::move(result));
    }
    coordinator_.workflow_returned();
  }

  /// [under the coordinator's lock] The last word about the call.
  base::Result<json> judge_result() {
    if (coordinator_.cancel_degree() >= CancelDegree::force) return cancelled();
    // A run that broke off waits for nobody.
    if (!result_) return coordinator_.record_error().value_or(cancelled());
    if (result_->ok() && **result_ == kOldCancelledResult) return cancelled();
    // Whatever the function made of it.
    if (const auto& error = coordinator_.record_error()) return *error;
    return *result_;
  }

  CallSummary count_tasks(const graph::TaskStates& states) const {
    CallSummary summary;
    for (std::uint32_t i = 0; i < graph_.order_size(); ++i) {
      const TaskId task = graph_.at(i);
      if (task == graph::kNoTask) continue;
      const TaskKind kind = table_.kind(task);
      count(states.state(task), summary);
      if (kind == TaskKind::operation || kind == TaskKind::local)
        count(states.state(task), summary.work);
    }
    return summary;
  }

  static void count(TaskState state, TaskCounts& counts) {
    ++counts.tasks;
    switch (state) {
      case TaskState::pending:
      case TaskState::rescheduled:
        ++counts.waiting;
        break;
      case TaskState::started:
      case TaskState::responded:
        ++counts.running;
        break;
      case TaskState::succeeded:
        ++counts.succeeded;
        break;
      case TaskState::failed:
        ++counts.failed;
        break;
      case TaskState::ignored:
        ++counts.ignored;
        break;
      case TaskState::skipped:
        ++counts.skipped;
        break;
    }
  }

  std::unordered_map<std::uint32_t, std::vector<std::string>> skipped_by_cause(
      const graph::TaskStates& states) const {
    std::unordered_map<std::uint32_t, std::vector<std::string>> labels;
    for (std::uint32_t i = 0; i < graph_.order_size(); ++i)
      if (const TaskId task = graph_.at(i); task != graph::kNoTask)
        if (const TaskId because = states.skipped_because(task); because != graph::kNoTask)
          labels[graph::index_of(because)].push_back(events_.label(task));
    return labels;
  }

  FailedTask describe_failed(TaskId task) const {
    FailedTask failed;
    failed.id = events_.task_id(task);
    failed.name = table_.name(task);
    failed.label = events_.label(task);
    failed.error = table_.outcome(task).error;
    failed.output = coordinator_.last_output(task);
    failed.attempt = table_.attempt(task);
    failed.total_retries = table_.policy(task).total_retries;
    if (table_.kind(task) == TaskKind::operation)
      failed.declared_at = table_.operation(task).operation->declared_at;
    return failed;
  }

  CallSetup setup_;
  Snapshots snapshots_;
  graph::TaskGraph graph_;
  TaskTable table_;
  TaskEvents events_;
  Coordinator coordinator_;
  GraphEditor editor_;
  GraphHost host_;
  std::optional<base::Result<json>> result_;  // under the coordinator's lock
  std::thread coordinator_thread_, workflow_thread_;
};

WorkflowCall::WorkflowCall(CallSetup setup) : impl_(std::make_unique<Impl>(std::move(setup))) {}
WorkflowCall::~WorkflowCall() = default;

base::Result<json> WorkflowCall::run(const Entry& entry) {
  return impl_->run(entry);
}

void WorkflowCall::request_cancel(CancelDegree degree) {
  impl_->coordinator().request_cancel(degree);
}

CancelDegree WorkflowCall::cancel_degree() const {
  return impl_->coordinator().cancel_degree();
}

void WorkflowCall::nudge() {
  impl_->coordinator().nudge();
}

bool WorkflowCall::is_abandoned() const {
  return impl_->coordinator().left_something();
}

CallSummary WorkflowCall::summary() const {
  return impl_->summary();
}

plugin::WorkflowHost& WorkflowCall::host() {
  return impl_->host();
}

}  // namespace cfy::exec
