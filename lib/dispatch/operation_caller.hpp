// OperationCaller: the door to the code of operations. The program's opens plugins; tests have
// functions of their own behind it.
#pragma once

#include "dispatch/protocol.hpp"
#include "plugin/host.hpp"

namespace cfy::dispatch {

/// How a function of a plugin came back. Its value and its runtime properties went to the host.
struct CallOutcome {
  Status status = Status::ok;
  OperationError error;  ///< unless ok
  std::optional<double> retry_after_s = {};
};

/// Safe from several threads at a time.
class OperationCaller {
 public:
  virtual ~OperationCaller() = default;
  /// Run `request.function` of `request.plugin_path`; blocks until it returns.
  virtual CallOutcome call(const OperationRequest& request, plugin::OperationHost& host) = 0;
};

}  // namespace cfy::dispatch
