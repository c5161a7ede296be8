// Executions: the rows of executions, their statuses, and how another process asks one to stop.
// Whether anybody listens for a cancel is not known here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "store/execution_status.hpp"
#include "store/process_identity.hpp"
#include "store/records.hpp"
#include "store/sqlite.hpp"

namespace cfy::store {

/// How an execution ended.
struct ExecutionEnd {
  std::string status;  ///< terminated, failed, cancelled
  std::string error;
  json result;
  std::int64_t wall_ms = 0;
};

class Executions {
 public:
  explicit Executions(Database& database) : database_(database) {}

  /// Errors: state (also when there is no such deployment).
  base::Result<void> create(const Execution& execution);
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
  base::Result<std::string> start(const std::string& id, const ProcessIdentity& runner,
                                  std::int64_t wall_ms);

  /// Errors: state.
  base::Result<void> set_setup(const std::string& id, const json& setup);

  /// Errors: conflict (it has ended already), not_found, state.
  base::Result<void> finish(const std::string& id, const ExecutionEnd& end);

  /// Ask it to stop; may be called from any process. A request weaker than the one before changes
  /// nothing. Returns the execution as it is now. Errors: conflict (it has ended: the message says
  /// how), not_found, state.
  base::Result<Execution> request_cancel(const std::string& id, CancelDegree degree);

  /// Start an execution again that failed, was cancelled, or whose runner died.
  /// Errors: conflict (it runs still: names the runner; or it was completed), not_found, state.
  base::Result<void> resume(const std::string& id, const ProcessIdentity& runner,
                            std::int64_t wall_ms);

 private:
  base::Result<void> set_runner(const std::string& id, const ProcessIdentity& runner,
                                std::int64_t wall_ms);
  Database& database_;
};

/// Whether a process works on it. An execution that has not finished and has no living runner was
/// left by a crash.
bool has_living_runner(const Execution& execution);

}  // namespace cfy::store
