// WorkerTransport: operations in worker processes. A crash, an abort, a hang costs one call.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "dispatch/transport.hpp"

namespace cfy::process {
class Loop;
}

namespace cfy::dispatch {

class WorkerPool;

struct WorkerTransportOptions {
  /// The program to start and its arguments: {"/usr/bin/cfy-run", "worker", ...}.
  std::vector<std::string> argv = {};
  /// How many workers there may be; 1 at least.
  std::size_t capacity = 8;
  /// Between SIGTERM and SIGKILL.
  std::chrono::milliseconds grace{5000};
  /// Whether more is said by operations than can be kept: what they print waits then, and so do
  /// they. Called on the transport's thread. Empty: never.
  std::function<bool()> is_congested = {};
};

/// Has a thread of its own, on which the sinks are called. No process is started before the first
/// call. Destroying it kills what still runs (unless it was told to detach) and waits until no
/// worker is left; sinks may still be called meanwhile.
class WorkerTransport : public Transport {
 public:
  /// Errors: io, when no descriptors are left.
  static base::Result<std::unique_ptr<WorkerTransport>> make(WorkerTransportOptions options);
  ~WorkerTransport() override;

  std::size_t capacity() const override { return capacity_; }
  void start(CallId call, OperationRequest request, CallSink& sink) override;
  void kill(CallId call) override;
  void announce_cancel() override;
  void confirm(CallId call) override;
  void stop(StopMode mode) override;

 private:
  WorkerTransport(std::unique_ptr<process::Loop> loop, WorkerTransportOptions options);

  const std::size_t capacity_;
  std::unique_ptr<process::Loop> loop_;
  std::unique_ptr<WorkerPool> pool_;
  std::thread thread_;
};

}  // namespace cfy::dispatch
