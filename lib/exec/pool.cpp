#include "exec/pool.hpp"

#include <algorithm>
#include <utility>

#include "base/threads.hpp"

namespace cfy::exec {

LocalPool::LocalPool(std::size_t threads, Mailbox& mailbox)
    : limit_(std::max<std::size_t>(threads, 1)), mailbox_(mailbox) {}

LocalPool::~LocalPool() {
  discard();
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  has_work_.notify_all();
  for (std::thread& worker : workers_)
    worker.join();
}

void LocalPool::submit(std::vector<LocalCall> calls) {
  if (calls.empty()) return;
  auto batch = std::make_shared<Batch>();
  batch->calls = std::move(calls);
  const std::size_t count = batch->calls.size();
  const std::scoped_lock lock(mutex_);
  batches_.push_back(std::move(batch));
  wake_for(count);
}

void LocalPool::wake_for(std::size_t calls) {
  // A thread that was called is no longer idle, even before it has woken up: the next submit must
  // not count on it.
  for (; calls > 0 && idle_ > 0; --calls, --idle_) {
    ++wake_ups_;
    has_work_.notify_one();
  }
  for (; calls > 0 && workers_.size() < limit_; --calls) {
    auto worker = base::start_thread([this] { work(); });
    // Those that there are do the work, more slowly.
    if (!worker) return workers_.empty() ? answer_all(worker.error()) : void();
    workers_.push_back(*std::move(worker));
  }
}

void LocalPool::answer_all(const base::Error& error) {
  for (const auto& batch : std::exchange(batches_, {}))
    for (const LocalCall& call : batch->calls)
      mailbox_.post(LocalDone{call.task, plugin::LocalResult(error)});
}

std::vector<TaskId> LocalPool::discard() {
  const std::scoped_lock lock(mutex_);
  std::vector<TaskId> dropped;
  for (const auto& batch : batches_) {
    const std::size_t size = batch->calls.size();
    for (std::size_t i = batch->next.exchange(size); i < size; ++i)
      dropped.push_back(batch->calls[i].task);
  }
  batches_.clear();
  return dropped;
}

std::shared_ptr<LocalPool::Batch> LocalPool::wait_for_batch() {
  std::unique_lock lock(mutex_);
  while (true) {
    while (!batches_.empty() && batches_.front()->next >= batches_.front()->calls.size())
      batches_.pop_front();
    if (!batches_.empty()) return batches_.front();
    if (stopping_) return nullptr;
    ++idle_;
    has_work_.wait(lock, [this] { return wake_ups_ > 0 || stopping_; });
    if (wake_ups_ > 0) --wake_ups_;
  }
}

void LocalPool::work() {
  while (const auto batch = wait_for_batch())
    for (std::size_t i; (i = batch->next.fetch_add(1)) < batch->calls.size();) {
      const LocalCall& call = batch->calls[i];
      mailbox_.post(LocalDone{call.task, (*call.function)()});
    }
}

}  // namespace cfy::exec
