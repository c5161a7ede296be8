// DeploymentLocks: one execution at a time writes a deployment. A lock is a row that names an
// execution; when nobody works on that any more the lock is stale and may be taken.
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "store/executions.hpp"
#include "store/sqlite.hpp"

namespace cfy::store {

struct DeploymentLock {
  std::string deployment_id, execution_id;
  std::int64_t taken_ms = 0;
};

class DeploymentLocks {
 public:
  DeploymentLocks(Database& database, Executions& executions)
      : database_(database), executions_(executions) {}

  /// Take the lock for the execution that `wanted` names, atomically among all processes.
  /// Returns the stale lock that was replaced, if there was one: its execution died.
  /// Errors: conflict (as check_free() of another execution), state.
  base::Result<std::optional<DeploymentLock>> take(const DeploymentLock& wanted);
  /// Errors: conflict (somebody works on the deployment: names the process, since when, and the
  /// execution; or it cannot be told), state.
  base::Result<void> check_free(const std::string& deployment_id);
  /// Nothing when the execution does not hold it (any more).
  base::Result<void> release(const std::string& deployment_id, const std::string& execution_id);
  /// The lock as it stands, stale or not.
  base::Result<std::optional<DeploymentLock>> find(const std::string& deployment_id);

 private:
  base::Result<void> check_stale(const DeploymentLock& held);

  Database& database_;
  Executions& executions_;
};

}  // namespace cfy::store
