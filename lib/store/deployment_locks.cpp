#include "store/deployment_locks.hpp"

#include "base/clock.hpp"
#include "store/transaction.hpp"

namespace cfy::store {

using base::ErrorKind;
using base::make_error;
using base::Result;

Result<std::optional<DeploymentLock>> DeploymentLocks::find(const std::string& deployment_id) {
  Query query = database_.query(
      "SELECT l.deployment_id, e.id, l.taken_ms "
      "FROM deployment_locks l JOIN executions e ON e.number = l.execution "
      "WHERE l.deployment_id = ?1");
  query.bind(deployment_id);
  return read_first(query, [](Query& row) {
    return DeploymentLock{row.text(0), row.text(1), row.integer(2)};
  });
}

Result<void> DeploymentLocks::check_stale(const DeploymentLock& held) {
  const auto holder = executions_.get(held.execution_id);
  if (!holder) return holder.error();
  const RunnerState state = executions_.runner_state(*holder);
  if (state == RunnerState::gone) return {};
  if (state == RunnerState::unknown) return unknown_runner(*holder);
  return make_error(ErrorKind::conflict,
                    "the deployment '{}' is in use by execution {} (process {}, started {}); wait "
                    "for its end, stop it with 'cfy-run cancel {}', or run beside it with --force",
                    held.deployment_id, held.execution_id, holder->runner.pid,
                    base::to_iso8601(held.taken_ms), held.execution_id);
}

Result<void> DeploymentLocks::check_free(const std::string& deployment_id) {
  const auto held = find(deployment_id);
  if (!held) return held.error();
  return *held ? check_stale(**held) : Result<void>();
}

Result<std::optional<DeploymentLock>> DeploymentLocks::take(const DeploymentLock& wanted) {
  auto step = Step::begin(database_);
  if (!step) return step.error();
  auto held = find(wanted.deployment_id);
  if (!held) return held;
  if (held->has_value() && (*held)->execution_id != wanted.execution_id)
    if (auto stale = check_stale(**held); !stale) return std::move(stale).error();
  {
    Query query = database_.query(
        "INSERT OR REPLACE INTO deployment_locks (deployment_id, execution, taken_ms)"
        " VALUES (?1, (SELECT number FROM executions WHERE id = ?2), ?3)");
    query.bind(wanted.deployment_id, wanted.execution_id, wanted.taken_ms);
    if (auto done = query.run(); !done) return done.error();
  }
  if (auto done = step->commit(); !done) return done.error();
  return held;
}

Result<void> DeploymentLocks::release(const std::string& deployment_id,
                                      const std::string& execution_id) {
  Query query = database_.query(
      "DELETE FROM deployment_locks WHERE deployment_id = ?1"
      " AND execution = (SELECT number FROM executions WHERE id = ?2)");
  return query.bind(deployment_id, execution_id).run();
}

}  // namespace cfy::store
