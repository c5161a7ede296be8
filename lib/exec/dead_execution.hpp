// The end of an execution whose runner has died: what that would have done is done by whoever comes
// next and holds the execution's run lock.
#pragma once

#include "base/clock.hpp"
#include "base/error.hpp"
#include "store/store.hpp"

namespace cfy::exec {

/// End what operations of the execution have left (left_operations.hpp), so that nobody need look
/// for it any more. Errors: io, state.
/// @return whether there was anything
base::Result<bool> kill_left(store::Store& store, const store::Execution& execution);

/// Cancel an execution that nobody works on. The caller holds its run lock, so nobody begins to.
/// @param degree  with `kill` operations that its runner has left are killed first
/// Errors: conflict (it has ended), io, state.
base::Result<store::Execution> cancel_dead(store::Store& store, const store::Execution& execution,
                                           store::CancelDegree degree, const base::Clock& clock);

}  // namespace cfy::exec
