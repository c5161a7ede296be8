// The scheduling of worker_pool.hpp: the call that waits longest goes to the worker that became
// idle last, so that few workers are warm rather than many lukewarm.
#include "dispatch/worker_pool.hpp"

#include <algorithm>

namespace cfy::dispatch {
namespace {

// After so many workers died under a call before taking it up, it is not the call's bad luck.
constexpr int kMostLostWorkers = 3;

}  // namespace

WorkerPool::WorkerPool(process::Loop& loop, WorkerProcess::Settings settings, std::size_t capacity)
    : loop_(loop),
      scanner_(loop, kCallVariable),
      settings_(std::move(settings)),
      capacity_(capacity) {}

WorkerPool::~WorkerPool() = default;

void WorkerPool::start(PendingCall call) {
  if (detached_) return;
  if (stopped_) return call.sink->on_result(call.id, result_of_never_started());
  queue_.push_back(std::move(call));
  schedule();
}

void WorkerPool::schedule() {
  while (!queue_.empty() && !stopped_) {
    WorkerProcess* worker = find_or_start_worker();
    if (worker == nullptr) return;
    unconfirmed_[queue_.front().id] = worker;
    worker->run(std::move(queue_.front()));
    queue_.pop_front();
  }
}

// nullptr: all are busy, or none could be started, and then a call of the queue was told so.
WorkerProcess* WorkerPool::find_or_start_worker() {
  while (!idle_.empty()) {
    WorkerProcess* worker = idle_.back();
    idle_.pop_back();
    if (worker->is_usable()) return worker;  // else it is about to be gone
  }
  if (workers_.size() >= capacity_) return nullptr;
  auto worker = WorkerProcess::start(
      {loop_, scanner_, settings_},
      {[this](WorkerProcess& idle) {
         idle_.push_back(&idle);
         schedule();
       },
       [this](WorkerProcess& gone, auto unbegun) { on_gone(gone, std::move(unbegun)); }});
  if (worker) {
    workers_.push_back(std::move(*worker));
    if (cancel_announced_) workers_.back()->announce_cancel();
    return workers_.back().get();
  }
  // With some workers the call just waits for one of them.
  if (!workers_.empty()) return nullptr;
  const PendingCall call = std::move(queue_.front());
  queue_.pop_front();
  call.sink->on_result(call.id, result_of_failed_start(worker.error()));
  loop_.post([this] { schedule(); });
  return nullptr;
}

void WorkerPool::on_gone(WorkerProcess& worker, std::optional<PendingCall> unbegun) {
  std::erase(idle_, &worker);
  std::erase_if(unconfirmed_, [&](const auto& entry) { return entry.second == &worker; });
  const auto found = std::find_if(workers_.begin(), workers_.end(),
                                  [&](const auto& one) { return one.get() == &worker; });
  // Destroyed later: it is in the middle of telling us.
  loop_.post([gone = std::shared_ptr<WorkerProcess>(std::move(*found))] {});
  workers_.erase(found);
  if (unbegun && unbegun->lost_workers < kMostLostWorkers)
    queue_.push_front(std::move(*unbegun));
  else if (unbegun)
    unbegun->sink->on_result(unbegun->id,
                             result_of_end(EndReason::connection_lost, unbegun->request, {}));
  if (stopped_) refuse_queued();
  schedule();
  tell_when_closed();
}

void WorkerPool::kill(CallId call) {
  const auto queued = std::find_if(queue_.begin(), queue_.end(),
                                   [&](const PendingCall& one) { return one.id == call; });
  if (queued != queue_.end()) {
    CallSink* sink = queued->sink;
    queue_.erase(queued);
    return sink->on_result(call, result_of_never_started());
  }
  for (const auto& worker : workers_)
    if (worker->call() && worker->call()->id == call) return worker->end(EndReason::killed);
}

void WorkerPool::announce_cancel() {
  cancel_announced_ = true;
  for (const auto& worker : workers_)
    worker->announce_cancel();
}

void WorkerPool::confirm(CallId call) {
  const auto found = unconfirmed_.find(call);
  if (found == unconfirmed_.end()) return;
  found->second->confirm(call);
  unconfirmed_.erase(found);
}

void WorkerPool::refuse_queued() {
  std::deque<PendingCall> queued;
  queued.swap(queue_);
  if (detached_) return;
  for (const PendingCall& call : queued)
    call.sink->on_result(call.id, result_of_never_started());
}

void WorkerPool::stop(StopMode mode) {
  stopped_ = true;
  detached_ = detached_ || mode == StopMode::detach;
  refuse_queued();
  if (mode == StopMode::detach) {
    // Their sockets close: they finish, record their results, and exit.
    idle_.clear();
    unconfirmed_.clear();
    workers_.clear();
    return tell_when_closed();
  }
  for (const auto& worker : workers_)
    if (worker->call()) worker->end(EndReason::killed);
}

void WorkerPool::close(std::function<void()> on_closed) {
  on_closed_ = std::move(on_closed);
  if (!stopped_) stop(StopMode::kill);
  for (WorkerProcess* worker : std::exchange(idle_, {}))
    worker->dismiss();
  tell_when_closed();
}

void WorkerPool::tell_when_closed() {
  if (on_closed_ && workers_.empty()) std::exchange(on_closed_, nullptr)();
}

}  // namespace cfy::dispatch
