#include "store/deployment_locks.hpp"

#include "base/clock.hpp"
#include "store/transaction.hpp"

namespace cfy::store {

using base::ErrorKind;
using base::make_error;
using base::Result;

namespace {

base::Error held_error(const DeploymentLock& held) {
  const std::int64_t since = started_wall_ms(held.runner).value_or(held.taken_ms);
  return make_error(ErrorKind::conflict,
                    "the deployment '{}' is in use by execution {} (process {}, started {}); wait "
                    "for its end, stop it with 'cfy-run cancel {}', or run beside it with --force",
                    held.deployment_id, held.execution_id, held.runner.pid, base::to_iso8601(since),
                    held.execution_id);
}

}  // namespace

Result<std::optional<DeploymentLock>> DeploymentLocks::find(const std::string& deployment_id) {
  Query query = database_.query(
      "SELECT l.deployment_id, e.id, l.runner_pid, l.runner_started_ticks, l.taken_ms "
      "FROM deployment_locks l JOIN executions e ON e.number = l.execution "
      "WHERE l.deployment_id = ?1");
  query.bind(deployment_id);
  return read_first(query, [](Query& row) {
    return DeploymentLock{
        row.text(0), row.text(1), {row.integer(2), row.integer(3)}, row.integer(4)};
  });
}

Result<std::optional<DeploymentLock>> DeploymentLocks::take(const DeploymentLock& wanted) {
  auto step = Step::begin(database_);
  if (!step) return step.error();
  auto held = find(wanted.deployment_id);
  if (!held) return held;
  if (held->has_value() && (*held)->execution_id != wanted.execution_id &&
      is_alive((*held)->runner))
    return held_error(**held);
  {
    Query query = database_.query(
        "INSERT OR REPLACE INTO deployment_locks (deployment_id, execution, runner_pid,"
        " runner_started_ticks, taken_ms)"
        " VALUES (?1, (SELECT number FROM executions WHERE id = ?2), ?3, ?4, ?5)");
    query.bind(wanted.deployment_id, wanted.execution_id, wanted.runner.pid,
               wanted.runner.started_ticks, wanted.taken_ms);
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
