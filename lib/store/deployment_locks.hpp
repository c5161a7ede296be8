// DeploymentLocks: one execution at a time writes a deployment. A lock is a row that names its
// process; when that process is gone the lock is stale and may be taken.
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "store/process_identity.hpp"
#include "store/sqlite.hpp"

namespace cfy::store {

struct DeploymentLock {
  std::string deployment_id, execution_id;
  ProcessIdentity runner;
  std::int64_t taken_ms = 0;
};

class DeploymentLocks {
 public:
  explicit DeploymentLocks(Database& database) : database_(database) {}

  /// Take the lock for the execution that `wanted` names, atomically among all processes.
  /// Returns the stale lock that was replaced, if there was one: its execution died.
  /// Errors: conflict (a living process holds it: names its pid, start and execution), state.
  base::Result<std::optional<DeploymentLock>> take(const DeploymentLock& wanted);
  /// Nothing when the execution does not hold it (any more).
  base::Result<void> release(const std::string& deployment_id, const std::string& execution_id);
  /// The lock as it stands, stale or not.
  base::Result<std::optional<DeploymentLock>> find(const std::string& deployment_id);

 private:
  Database& database_;
};

}  // namespace cfy::store
