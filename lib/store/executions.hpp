// Executions: the rows of executions, their statuses, and how another process asks one to stop.
// Whether anybody listens for a cancel is not known here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "store/execution_status.hpp"
#include "store/records.hpp"
#include "store/run_locks.hpp"
#include "store/sqlite.hpp"

namespace cfy::store {

/// How an execution ended.
struct ExecutionEnd {
  std::string status;  ///< terminated, failed, cancelled
  std::string error;
  json result;
  std::int64_t wall_ms = 0;
};

/// Whether a process works on an execution.
enum class RunnerState {
  gone,  ///< it has ended, or was left by a crash
  alive,
  unknown,  ///< cannot be told from here: see unknown_runner()
};

class Executions {
 public:
  Executions(Database& database, const RunLocks& locks) : database_(database), locks_(locks) {}

  /// Its number is given by the database and returned. Errors: state (also when there is no such
  /// deployment).
  base::Result<std::int64_t> create(const Execution& execution);
  /// By its whole id. Errors: not_found, state.
  base::Result<Execution> get(const std::string& id);
  /// By the beginning of its id, as users type it. Errors: not_found, usage (several begin so:
  /// lists them), state.
  base::Result<Execution> find(const std::string& prefix);
  /// Oldest first; of one deployment, or all.
  base::Result<std::vector<Execution>> list(
      const std::optional<std::string>& deployment_id = std::nullopt);

  /// Only the status: what a runner looks at to see a cancel. Cost: one row. Errors: as get().
  base::Result<std::string> status(const std::string& id);

  /// pending -> started, by this runner. When a cancel came first the status stays so and is
  /// returned. Errors: conflict (it has been started before), not_found, state.
  base::Result<std::string> start(const std::string& id, const Runner& runner,
                                  std::int64_t wall_ms);

  /// Errors: state.
  base::Result<void> set_setup(const std::string& id, const json& setup);

  /// Errors: conflict (it has ended already), not_found, state.
  base::Result<void> finish(const std::string& id, const ExecutionEnd& end);

  /// Ask it to stop; may be called from any process. A request weaker than the one before changes
  /// nothing. Returns the execution as it is now. Errors: conflict (it has ended: the message says
  /// how), not_found, state.
  base::Result<Execution> request_cancel(const std::string& id, CancelDegree degree);

  /// Start an execution again that failed, was cancelled, or whose runner died. The caller holds
  /// its run lock. Errors: conflict (it was completed), not_found, state.
  base::Result<void> resume(const std::string& id, const Runner& runner, std::int64_t wall_ms);

  /// An execution that has not finished and whose runner is gone was left by a crash. The lock
  /// tells; where it cannot, the process. Cost: some small files.
  RunnerState runner_state(const Execution& execution) const;

 private:
  base::Result<void> set_runner(const std::string& id, const Runner& runner, std::int64_t wall_ms);
  Database& database_;
  const RunLocks& locks_;
};

/// Why it cannot be cancelled or resumed.
base::Error ended_already(const Execution& execution);
/// Why it cannot be told whether anybody works on it, and what to do.
base::Error unknown_runner(const Execution& execution);

}  // namespace cfy::store
