// InProcessTransport: operations on threads of this process, for a debugger and for trusted code.
// A crash takes the runner along, and nothing that runs can really be ended.
#pragma once

#include <memory>
#include <thread>

#include "dispatch/operation_caller.hpp"
#include "dispatch/transport.hpp"

namespace cfy::dispatch {

/// A call that is killed or times out gets its result at once; its thread goes on until the
/// function returns, unheard, and takes up a place of the capacity until then. Functions that look
/// at has_cancel_request() see it.
class InProcessTransport : public Transport {
 public:
  /// @param caller    used from the threads, also after this object is gone if one hangs
  /// @param capacity  how many threads; 1 at least
  /// Errors: io, when no descriptors are left.
  static base::Result<std::unique_ptr<InProcessTransport>> make(
      std::shared_ptr<OperationCaller> caller, std::size_t capacity);
  /// Does not wait for operations that still run.
  ~InProcessTransport() override;

  std::size_t capacity() const override { return capacity_; }
  void start(CallId call, OperationRequest request, CallSink& sink) override;
  void kill(CallId call) override;
  void announce_cancel() override;
  void stop(StopMode mode) override;

 private:
  class Core;
  InProcessTransport(std::shared_ptr<Core> core, std::size_t capacity);

  const std::size_t capacity_;
  std::shared_ptr<Core> core_;
  std::thread thread_;
};

}  // namespace cfy::dispatch
