// Standard mode: without graph_mode() a task starts when it is made. get() waits for it and gives
// its result; it throws WorkflowFailed when the task has failed, and ExecutionCancelled as soon as
// the execution is cancelled. The function reads from top to bottom, and its result is that of the
// execution.
#include "examples.hpp"

namespace {

/// However it ended.
void wait_for_end_of(const cfy::Task& task) {
  try {
    static_cast<void>(task.get());
  } catch (const cfy::WorkflowFailed&) {
    // Told by an event already, and not what this workflow ends with.
  }
}

cfy::json copy_locked(const cfy::WorkflowContext& ctx, const cfy::NodeInstance& site) {
  const auto start = [&](const std::string& name) {
    return site.execute_operation("examples.interfaces.backup." + name);
  };
  const cfy::Task lock = start("lock");
  cfy::Task last = lock;
  cfy::json size;
  try {
    static_cast<void>(lock.get());
    last = start("copy");
    size = last.get();
  } catch (const cfy::Error&) {
    // ExecutionCancelled or WorkflowFailed: the lock goes in any case. A cancel ends no operation
    // that runs already, so first that one ends. Without the scope get() would throw at once.
    const cfy::CleanupScope scope(ctx);
    wait_for_end_of(last);
    static_cast<void>(start("unlock").get());
    throw;
  }
  static_cast<void>(start("unlock").get());
  return size;
}

}  // namespace

cfy::json examples::backup(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  cfy::json sizes = cfy::json::object();
  for (const cfy::NodeInstance& site : instances_of(ctx, parameters)) {
    // Between two sites nothing is locked: a good place to stop.
    if (ctx.has_cancel_request()) throw cfy::ExecutionCancelled();
    sizes[site.id()] = copy_locked(ctx, site);
  }
  return sizes;
}
