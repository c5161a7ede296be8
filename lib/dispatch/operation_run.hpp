// One operation from request to result inside this process: what the function says to its host is
// streamed or noted, and in the end becomes the result with its deltas.
#pragma once

#include <atomic>
#include <functional>

#include "dispatch/operation_caller.hpp"

namespace cfy::dispatch {

/// Where an operation's words go while it runs. Called from any thread of the operation.
struct OperationStream {
  std::function<void(LogMessage)> on_log;
  std::function<void(EventMessage)> on_event;
  /// Empty: each line goes to on_log.
  std::function<void(LogBatch)> on_logs = {};
  /// What the operation has changed so far of an instance, all of it: counts if nothing more comes.
  std::function<void(Delta)> on_change = {};
  /// Blocks for the answer; nothing when there is nobody to ask. Empty: there never is.
  std::function<std::optional<PropertyAnswer>(PropertyRequest)> on_properties = {};
  /// The same.
  std::function<std::optional<InstancesAnswer>(InstancesRequest)> on_instances = {};
};

/// Blocks until the function returns. Never throws.
OperationResult run_operation(const OperationRequest& request, OperationCaller& caller,
                              const OperationStream& stream, const std::atomic<bool>& cancelled);

}  // namespace cfy::dispatch
