// WorkerPool: which call goes to which worker. Starts workers when there is work for them, reuses
// them, keeps what is above the capacity in a queue. All on the loop's thread.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "dispatch/worker_process.hpp"

namespace cfy::dispatch {

class WorkerPool {
 public:
  WorkerPool(process::Loop& loop, WorkerProcess::Settings settings, std::size_t capacity);
  ~WorkerPool();

  void start(PendingCall call);
  void kill(CallId call);
  void announce_cancel();
  /// To whichever worker may have run the call.
  void confirm(CallId call);
  void stop(StopMode mode);
  /// Let all workers exit, killing those that run something, and call back when none is left.
  void close(std::function<void()> on_closed);

 private:
  void schedule();
  WorkerProcess* find_or_start_worker();
  void on_gone(WorkerProcess& worker, std::optional<PendingCall> unbegun);
  void tell_when_closed();
  void refuse_queued();

  process::Loop& loop_;
  process::ProcessScanner scanner_;
  const WorkerProcess::Settings settings_;
  const std::size_t capacity_;
  std::deque<PendingCall> queue_;
  std::vector<std::unique_ptr<WorkerProcess>> workers_;
  std::map<CallId, WorkerProcess*> unconfirmed_;
  std::vector<WorkerProcess*> idle_;
  bool cancel_announced_ = false, stopped_ = false, detached_ = false;
  std::function<void()> on_closed_;
};

}  // namespace cfy::dispatch
