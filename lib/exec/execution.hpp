// A whole execution: one workflow on one deployment, from its row in the store to its last event.
// Puts the store, the transport, the terminal and the watch for cancels around a WorkflowCall.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "event/event.hpp"
#include "exec/definitions.hpp"
#include "exec/deployment_update.hpp"
#include "exec/interfaces.hpp"
#include "exec/request.hpp"
#include "exec/restart.hpp"
#include "exec/secret_source.hpp"
#include "exec/workflow_call.hpp"
#include "plan/plan.hpp"
#include "store/store.hpp"

namespace cfy::exec {

/// Which execution goes on, and how. Nothing of it may run any more (left_operations.hpp).
struct ResumeSetup {
  std::string execution_id;
  std::shared_ptr<store::RunLock> lock;  ///< of the execution; kept to its end
  bool resets_operations = false;  ///< operations that were cut off run again, whatever they are
  /// Whether an operation that was cut off may run again. Errors: plugin.
  std::function<base::Result<bool>(const CutOffOperation&)> may_run_again;
};

/// Pointers are borrowed and must outlive run_execution().
struct ExecutionSetup {
  std::filesystem::path state_dir;
  const plan::Plan* plan = nullptr;
  /// Stored when the execution starts, and not when it is refused. Of an update only the row
  /// counts.
  Definitions definitions;
  std::string workflow_id;
  json parameters = json::object();  ///< checked and complete
  WorkflowCall::Entry entry;         ///< the plugin's function
  FindPlugin find_plugin;            ///< for the operations
  RunOptions options;
  std::size_t jobs = 8;    ///< operations at a time
  bool is_forced = false;  ///< run beside another execution of the deployment; resume another graph
  std::filesystem::path program;    ///< cfy-run, to start workers
  bool is_isolated = true;          ///< operations run in workers, not in this process
  event::Sink* shown = nullptr;     ///< gets every event at once; does not block
  SecretSource* secrets = nullptr;  ///< nullptr: those of the store alone
  const base::Clock* clock = &base::system_clock();
  json stored_setup = json::object();  ///< kept with the execution, for whoever resumes it
  std::optional<ResumeSetup> resume;   ///< unset: a new execution
  /// The execution changes what the deployment is made from: `definitions` and `plan` are as they
  /// are to be meanwhile, the plan with what is to be removed (deploy/plan_merge.hpp).
  std::optional<UpdateSetup> update;
  /// The execution has its id and is about to start.
  std::function<void(const std::string& execution_id)> on_started;
  /// A cancel request was heard. Any thread; does not block.
  std::function<void(CancelDegree)> on_cancel;
};

struct ExecutionOutcome {
  std::string execution_id;
  std::string status;  ///< terminated, failed, cancelled
  std::string error;   ///< empty unless failed
  base::ErrorKind error_kind = base::ErrorKind::failed;
  json result;
  CallSummary summary;
  std::int64_t duration_ms = 0;
  /// Code of a plugin did not end: leave with _exit once everything is printed.
  bool is_abandoned = false;
};

/// Run it to its end. Blocks; SIGINT, SIGTERM and SIGHUP must be blocked (block_cancel_signals())
/// and are taken as cancel requests, each one degree stronger.
///
/// @return the outcome of an execution that was started, failed ones too. Errors mean that nothing
///   was started: conflict (another execution holds the deployment; the execution runs still or
///   was completed; operations that were cut off must not run again: names them), state, io.
base::Result<ExecutionOutcome> run_execution(ExecutionSetup setup);

/// Where runners listen, inside the state folder.
std::filesystem::path run_dir(const std::filesystem::path& state_dir);
/// Where the files of a deployment's operations live, below the state folder: one folder for each
/// id, whatever it is.
std::filesystem::path deployment_folder(const std::string& deployment_id);
/// The same, in the state folder.
std::filesystem::path deployment_dir(const std::filesystem::path& state_dir,
                                     const std::string& deployment_id);

}  // namespace cfy::exec
