// What the coordinator knows of the world: a runner for operations, a recorder of what happened and
// the options of the run. The coordinator and its tests are written against these; a whole
// execution puts the transport, the store and the terminal behind them. Knows no SQLite and no
// process.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "dispatch/transport.hpp"
#include "graph/task_state.hpp"
#include "plan/plan.hpp"
#include "plugin/host.hpp"

namespace cfy::exec {

using graph::TaskId;
using graph::TaskState;
using nlohmann::json;

/// How an execution runs, from the command line.
struct RunOptions {
  std::int64_t task_retries = 5;  ///< -1: endless
  double task_retry_interval_s = 3;
  std::int64_t subgraph_retries = 0;
  double wait_after_fail_s = 600;  ///< how long unrelated branches may go on after a failure
  bool is_dry_run = false;         ///< the whole flow, but no code runs and nothing changes
  std::size_t local_threads = 8;   ///< for local tasks of the workflow
};

/// Cloudify's three degrees; each contains the ones before it.
enum class CancelDegree : int {
  none = 0,
  graceful,  ///< nothing more starts; what runs ends and is recorded
  force,     ///< the execution ends now; operations end by themselves
  kill,      ///< the execution ends now; operations are killed
};

/// What an operation task runs. The request is made from it just before each try, so that a retry
/// sees the instance as it is then. Never changes once the task is made.
struct OperationTask {
  /// Whose operation, or whose relationship. Nothing: it runs in the context of the deployment.
  std::optional<plugin::InstanceId> instance;
  std::optional<std::uint32_t> relationship;  ///< place in InstanceView::relationships
  std::optional<plugin::InstanceId> target;   ///< with a relationship: its other end
  plugin::RelationshipSide side{};            ///< with a relationship: which end runs it
  std::string name;                           ///< full: "cloudify.interfaces.lifecycle.create"
  std::shared_ptr<const plan::Operation> operation;
  json kwargs;                     ///< the operation's inputs with those of the call, not evaluated
  std::int64_t total_retries = 0;  ///< settled: call, else operation, else run; -1: endless
  double retry_interval_s = 0;     ///< settled in the same way
};

/// One try of an operation. Valid during TaskRunner::start only, but for `operation`, which lives
/// as long as the workflow call.
struct OperationStart {
  TaskId task{};
  std::uint32_t attempt = 0;  ///< 0 at the first try: Cloudify's retry_number
  std::string_view task_id;   ///< unique over all executions, the same for every try
  const OperationTask* operation = nullptr;
  bool was_cut_off = false;  ///< this try began in an earlier run of the execution
};

/// For those who keep no instances.
inline dispatch::PropertyAnswer unanswerable() {
  return {.status = dispatch::PropertyAnswer::Status::failed,
          .message = "this run stores no runtime properties"};
}

inline dispatch::InstancesAnswer unknown_instances() {
  return {.message = "this run keeps no instances"};
}

/// Hears how operations ended. Any thread; does not block.
class OperationSink {
 public:
  virtual ~OperationSink() = default;
  /// Exactly once for each start, unless the runner was told to detach. A result of an attempt that
  /// is not the current one is dropped.
  virtual void on_operation_result(TaskId task, std::uint32_t attempt,
                                   dispatch::OperationResult result) = 0;
  /// A worker has taken the attempt up. Any thread.
  virtual void on_operation_begun(TaskId /*task*/, std::uint32_t /*attempt*/,
                                  const dispatch::BegunCall& /*begun*/) {}
  /// The operation waits until its changes are stored, or for what is stored. Any thread.
  virtual void on_property_request(const std::string& /*task_id*/,
                                   dispatch::PropertyRequest /*request*/,
                                   dispatch::PropertyReply reply) {
    reply(unanswerable());
  }
  /// The operation waits for the instances of a node as they are stored now. Any thread.
  virtual void on_instances_request(dispatch::InstancesRequest /*request*/,
                                    dispatch::InstancesReply reply) {
    reply(unknown_instances());
  }
};

/// Runs operations. Called by the coordinator's thread only, while the graph is locked: it must not
/// block and must not call back, but may answer from another thread at once.
class TaskRunner {
 public:
  virtual ~TaskRunner() = default;
  /// How many operations may run at a time; the coordinator starts no more than that.
  virtual std::size_t capacity() const = 0;
  /// Whatever goes wrong (also in making the request) comes as a result.
  virtual void start(const OperationStart& start, OperationSink& sink) = 0;
  /// A cancel was asked for; operations that look may end earlier. Nothing more starts.
  virtual void announce_cancel() {}
  virtual void stop(dispatch::StopMode mode) = 0;
};

enum class TaskKind : std::uint8_t { nop, operation, event, local, state, subgraph };
/// "operation", "subgraph", ...
std::string_view name_of(TaskKind kind);

/// A task as the store needs it.
struct TaskDescription {
  std::string id;     ///< unique over all executions
  std::string name;   ///< "script_runner.tasks.run": the name that events show
  std::string label;  ///< tells it from others of that name: "web_x81k2a.create"
  TaskKind kind = TaskKind::nop;
  std::uint32_t number = 0;  ///< its row
  std::string key;           ///< tells it from others of its subgraph when the graph is built again
  std::optional<std::uint32_t> subgraph;    ///< number of the one it is a member of
  std::vector<std::uint32_t> dependencies;  ///< numbers of those it waits for
  bool sends_events = true;
  bool is_for_this_run = false;              ///< a resume does not expect it
  bool is_undo = false;                      ///< ... but finds it, until what it undoes starts
  const OperationTask* operation = nullptr;  ///< of operations only
};

/// Answers about tasks. Only during Recorder::commit, on the same thread.
class TaskCatalog {
 public:
  virtual ~TaskCatalog() = default;
  virtual TaskDescription describe(TaskId task) const = 0;
  // One of it alone; cheaper.
  virtual std::string task_id(TaskId task) const = 0;
  virtual std::uint32_t number(TaskId task) const = 0;
  virtual TaskKind kind(TaskId task) const = 0;
  virtual TaskId undo_of(TaskId task) const = 0;
};

/// A task came to a state. The pointers are valid during Recorder::commit.
struct TaskChange {
  TaskId task{};
  TaskState state{};
  std::uint32_t attempt = 0;
  TaskId because = graph::kNoTask;  ///< skipped: the task that failed
  const plugin::TaskOutcome* outcome =
      nullptr;  ///< how the attempt ended; unless pending, started, skipped
  const dispatch::OperationResult* result = nullptr;  ///< the same of an operation, with its deltas
};

struct InstanceStateChange {
  plugin::InstanceId instance{};
  std::string state;
};

struct AddedTask {
  TaskId task{};
  std::uint32_t batch = 0;  ///< of which execute(): 0, 1, ...
  bool is_late = false;     ///< added while that ran
};

struct SystemPropertiesChange {
  plugin::InstanceId instance{};
  json properties;
};

struct BegunOperation {
  TaskId task{};
  dispatch::BegunCall call;
};

/// What one turn of the coordinator changed, in order.
struct TurnRecord {
  std::vector<AddedTask> added;     ///< new tasks of the graph; before their first change
  std::vector<TaskChange> changes;  ///< a task may occur more than once
  std::vector<InstanceStateChange> instance_states;
  std::vector<SystemPropertiesChange> system_properties;
  std::vector<BegunOperation> begun;  ///< started, and not ended in this turn

  bool is_empty() const {
    return added.empty() && changes.empty() && instance_states.empty() &&
           system_properties.empty() && begun.empty();
  }
};

/// Writes down what happened. Called by the coordinator's thread, while the graph is locked.
class Recorder {
 public:
  virtual ~Recorder() = default;
  /// An operation has ended and is about to be judged: take its changes of runtime properties into
  /// what later operations will see. When somebody else changed the same properties meanwhile, the
  /// result becomes a recoverable failure that says so. Nothing is written before commit().
  virtual void settle(const std::string& /*task_id*/, dispatch::OperationResult& /*result*/) {}
  /// All of it or nothing, on disk when this returns: the coordinator starts nothing that depends
  /// on a change before. An error ends the run as failed; nothing more starts.
  virtual base::Result<void> commit(const TurnRecord& turn, const TaskCatalog& tasks) = 0;
  /// While an operation runs: store what it changed, on disk when this returns, and read what is
  /// stored now. Between turns only.
  virtual dispatch::PropertyAnswer store_now(const std::string& /*task_id*/,
                                             const dispatch::PropertyRequest& /*request*/) {
    return unanswerable();
  }
  /// The instances of a node as they are stored now. Between turns only.
  virtual dispatch::InstancesAnswer node_instances(const std::string& /*node_id*/) {
    return unknown_instances();
  }
};

}  // namespace cfy::exec
