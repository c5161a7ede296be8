#include "exec/store_thread.hpp"

#include <chrono>
#include <utility>

#include "base/threads.hpp"

namespace cfy::exec {
namespace {

using std::chrono::milliseconds;

// An event that no turn has taken along waits no longer than this.
constexpr milliseconds kTick{100};
// A message can be lost (a full queue, a socket file that somebody removed), so look now and then.
constexpr int kTicksBetweenLooks = 10;
// Between two batches others come to the database.
constexpr milliseconds kBatchPause{2};

}  // namespace

StoreThread::StoreThread(Setup setup) : setup_(std::move(setup)) {
  setup_.events->on_batch([this] {
    const std::lock_guard lock(mutex_);
    has_batch_ = true;
    changed_.notify_all();
  });
}

void StoreThread::stop() {
  setup_.events->on_batch(nullptr);
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

base::Result<void> StoreThread::start() {
  auto thread = base::start_thread([this] { run(); });
  if (!thread) return thread.error();
  thread_ = *std::move(thread);
  return {};
}

void StoreThread::look() {
  const std::lock_guard lock(mutex_);
  is_to_look_ = true;
  changed_.notify_all();
}

void StoreThread::note_cancel(store::CancelDegree degree) {
  const std::lock_guard lock(mutex_);
  if (!to_note_ || *to_note_ < degree) to_note_ = degree;
  changed_.notify_all();
}

void StoreThread::run() {
  std::unique_lock lock(mutex_);
  for (int ticks = 0;; ++ticks) {
    changed_.wait_for(lock, kTick,
                      [this] { return is_to_look_ || has_batch_ || to_note_ || is_stopping_; });
    if (const auto degree = std::exchange(to_note_, std::nullopt)) {
      lock.unlock();
      (void)setup_.store->executions().request_cancel(setup_.execution_id, *degree);
      lock.lock();
    }
    if (is_stopping_) return;
    if (std::exchange(is_to_look_, false) || ticks % kTicksBetweenLooks == 0) {
      lock.unlock();
      const auto status = setup_.store->executions().status(setup_.execution_id);
      if (status) setup_.on_status(*status);
      lock.lock();
    }
    write_batches(lock);
  }
}

void StoreThread::write_batches(std::unique_lock<std::mutex>& lock) {
  has_batch_ = false;
  bool is_more = true;
  while (is_more && !is_to_look_ && !to_note_ && !is_stopping_) {
    lock.unlock();
    {
      const auto writing = setup_.events->lock_writing();
      // An error here is no reason to stop: the coordinator's next commit meets it, too, and
      // reports.
      is_more = setup_.events->write(*setup_.store, EventLog::kBatch).ok() &&
                setup_.events->waiting() >= EventLog::kBatch;
    }
    lock.lock();
    if (is_more)
      changed_.wait_for(lock, kBatchPause,
                        [this] { return is_to_look_ || to_note_ || is_stopping_; });
  }
  has_batch_ = has_batch_ || is_more;
}

}  // namespace cfy::exec
