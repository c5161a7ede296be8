// The worker process: runs one operation after the other for a runner at the other end of a socket.
// Knows no plugin (OperationCaller does) and no store (OrphanRecorder does).
#pragma once

#include "dispatch/messages.hpp"
#include "dispatch/operation_caller.hpp"

namespace cfy::dispatch {

/// An operation whose result its runner did not live to store.
struct OrphanResult {
  std::string execution_id, task_id;
  std::uint32_t attempt = 0;
  json context = json::object();  ///< of the request: deployment, workflow, operation
  OperationResult result;
  std::vector<std::string> secrets = {};  ///< values that may be in the result and may not be shown
};

/// Writes what a dead runner could not. A runner that died between storing a result and confirming
/// it leaves one that is stored already: record() must then change nothing.
class OrphanRecorder {
 public:
  virtual ~OrphanRecorder() = default;
  virtual void record(const OrphanResult& orphan) = 0;
};

struct WorkerOptions {
  OperationCaller& caller;
  OrphanRecorder& recorder;
};

/// What `cfy-run worker` does. Descriptors kWorkerSocketFd and kWorkerOutputFd must be what the
/// runner makes of them. Returns when the runner has gone or says so, and every operation has ended
/// and is recorded.
/// @return the exit code; 2 when the process was not started by a runner
int run_worker(const WorkerOptions& options);

}  // namespace cfy::dispatch
