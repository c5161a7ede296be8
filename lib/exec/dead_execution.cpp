#include "exec/dead_execution.hpp"

#include <span>

#include "exec/cancel_watch.hpp"
#include "exec/execution.hpp"
#include "exec/left_operations.hpp"
#include "exec/left_scripts.hpp"

namespace cfy::exec {
namespace {

using base::Result;

Result<void> tell_cancelled(store::Store& store, const store::Execution& execution,
                            std::int64_t wall_ms) {
  event::Event event;
  event.wall_ms = wall_ms;
  event.event_type = "workflow_cancelled";
  event.context.execution_id = execution.id;
  event.text = fmt::format("'{}' workflow execution cancelled", execution.workflow_id);
  return store.events().append(std::span(&event, 1));
}

}  // namespace

Result<bool> kill_left(store::Store& store, const store::Execution& execution) {
  const auto killed = kill_left_operations(store, execution.id);
  if (!killed) return killed;
  if (auto none = store.operations().forget_calls(execution.id); !none) return none.error();
  remove_left_scripts(store.state_dir(), execution.deployment_id);
  return killed;
}

Result<store::Execution> cancel_dead(store::Store& store, const store::Execution& execution,
                                     store::CancelDegree degree, const base::Clock& clock) {
  const bool kills = degree == store::CancelDegree::kill;
  remove_left_scripts(store.state_dir(), execution.deployment_id);
  if (kills)
    if (auto killed = kill_left(store, execution); !killed) return killed.error();
  store::ExecutionEnd end;
  end.status = "cancelled";
  end.error = kills ? "its runner had died; operations that it left were killed"
                    : "its runner had died; operations that it left end by themselves";
  end.wall_ms = clock.wall_ms();
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  if (auto ended = store.executions().finish(execution.id, end); !ended) return ended.error();
  if (auto told = tell_cancelled(store, execution, end.wall_ms); !told) return told.error();
  if (auto released = store.locks().release(execution.deployment_id, execution.id); !released)
    return released.error();
  if (auto committed = transaction->commit(); !committed) return committed.error();
  forget_socket(run_dir(store.state_dir()), execution.id);
  return store.executions().get(execution.id);
}

}  // namespace cfy::exec
