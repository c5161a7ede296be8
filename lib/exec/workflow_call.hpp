// One call of a plugin's workflow function: the host that the function talks to, over the plan, the
// node instances, the task graph and the coordinator. Knows no C ABI, no SQLite and no process.
// README.md of this room tells which thread does what.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "event/event.hpp"
#include "event/secret_mask.hpp"
#include "exec/deployment_changer.hpp"
#include "exec/deployment_update.hpp"
#include "exec/interfaces.hpp"
#include "exec/replay.hpp"
#include "plan/plan.hpp"
#include "plugin/host.hpp"
#include "store/records.hpp"

namespace cfy::exec {

class Snapshot;

/// What a call needs. The pointers are borrowed and must outlive the WorkflowCall.
struct CallSetup {
  const plan::Plan* plan = nullptr;
  std::vector<store::NodeInstance> instances;  ///< of the deployment, in any order
  event::Context
      context;  ///< blueprint_id, deployment_id, execution_id, workflow_id: in each event
  json parameters = json::object();
  std::string resources_root;  ///< folder of the blueprint
  RunOptions options;
  bool is_resume = false;
  Replay* replay = nullptr;          ///< what an earlier run left; with is_resume only
  bool accepts_other_graph = false;  ///< go on although the graph differs from that run's
  const base::Clock* clock = &base::system_clock();
  TaskRunner* runner = nullptr;
  Recorder* recorder = nullptr;          ///< nullptr: nothing is written down
  DeploymentChanger* changer = nullptr;  ///< nullptr: the workflow cannot modify its deployment
  StoredUpdate* update = nullptr;        ///< nullptr: the execution is no update
  /// The instances have changed. Workflow's thread, while the coordinator stands still.
  std::function<void(const Snapshot&)> on_modified;
  /// An execution as it is stored, as JSON. Workflow's thread, while the coordinator stands still.
  /// Not set: none is known.
  std::function<base::Result<json>(const std::string& id)> find_execution;
  /// Called by the coordinator's thread (tasks) and by the plugin's threads (log), so it serialises
  /// by itself. Events of a turn come before its commit. nullptr: nobody listens.
  event::Sink* sink = nullptr;
  const event::SecretMask* mask = nullptr;  ///< hides secrets in what names a task
};

/// A task that failed for good and that no handler forgave.
struct FailedTask {
  std::string id, name, label, error;
  std::string output;  ///< of operations: the last lines of stderr
  std::uint32_t attempt = 0;
  std::int64_t total_retries = 0;
  std::string declared_at;           ///< of operations: where the mapping stands
  std::vector<std::string> skipped;  ///< labels of the tasks that never started because of it
};
struct TaskCounts {
  std::size_t tasks = 0, succeeded = 0, failed = 0, ignored = 0, skipped = 0;
  std::size_t running = 0;  ///< left behind by a force cancel
  std::size_t waiting = 0;  ///< had not started, or waited for its next try, when it ended

  std::size_t unfinished() const { return running + waiting; }
};
/// What became of the tasks of the call: of all, and of those that are work: operations and local
/// functions, but not events, states and no-ops.
struct CallSummary : TaskCounts {
  TaskCounts work;
  std::vector<FailedTask> failures;
};

class WorkflowCall {
 public:
  using Entry = std::function<base::Result<json>(plugin::WorkflowHost&)>;

  explicit WorkflowCall(CallSetup setup);
  /// Waits for the threads of the call. After is_abandoned() they may take for ever: then leave the
  /// object alone and end the process with _exit.
  ~WorkflowCall();
  WorkflowCall(const WorkflowCall&) = delete;
  WorkflowCall& operator=(const WorkflowCall&) = delete;

  /// Run the function on a thread of its own and wait for its end and for that of every running
  /// task. Once only. After a force cancel it returns at once, after a kill when the operations are
  /// dead, but never later than the grace time.
  ///
  /// @return what the function returned. Error kinds: cancelled (also when the function returned
  ///   the text "execution_cancelled"), failed (names every failed task and its cause), invalid (a
  ///   ring), state (the recorder could not write), and whatever kind the function itself returns
  base::Result<json> run(const Entry& entry);

  /// Any thread, any time. A lower degree than before changes nothing. Takes effect within
  /// milliseconds.
  void request_cancel(CancelDegree degree);
  CancelDegree cancel_degree() const;
  /// Any thread: look at the clock again. For whoever moves a fake one.
  void nudge();

  /// Code of the plugin (the function, or a local task) did not end and was left behind.
  bool is_abandoned() const;
  /// After run().
  CallSummary summary() const;

  /// The host given to the function; for tests and for what runs before the function.
  plugin::WorkflowHost& host();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cfy::exec
