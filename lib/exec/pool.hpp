// LocalPool: threads that run the workflow's own functions (local tasks). Knows neither the graph
// nor what a result means; answers go to the mailbox.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "exec/mailbox.hpp"

namespace cfy::exec {

/// The function is borrowed; it lives until its answer is in the mailbox.
struct LocalCall {
  TaskId task{};
  const plugin::LocalFunction* function = nullptr;
};

/// Runs at most `threads` calls at a time, in the order submitted. Threads start when they are
/// needed. A call never waits behind another one while a thread is free.
class LocalPool {
 public:
  LocalPool(std::size_t threads, Mailbox& mailbox);
  /// Waits for the calls that run; what has not begun is dropped.
  ~LocalPool();
  LocalPool(const LocalPool&) = delete;
  LocalPool& operator=(const LocalPool&) = delete;

  std::size_t threads() const { return limit_; }
  void submit(std::vector<LocalCall> calls);
  /// Drop what has not begun. @return its tasks, in order; no answer comes for them
  std::vector<TaskId> discard();

 private:
  // Handed over as a whole, taken call by call: taking is one atomic step, without the lock.
  struct Batch {
    std::vector<LocalCall> calls;
    std::atomic<std::size_t> next{0};
  };

  void work();
  std::shared_ptr<Batch> wait_for_batch();
  void wake_for(std::size_t calls);
  // Where no thread can be had.
  void answer_all(const base::Error& error);

  const std::size_t limit_;
  Mailbox& mailbox_;
  std::mutex mutex_;
  std::condition_variable has_work_;
  std::deque<std::shared_ptr<Batch>> batches_;
  std::vector<std::thread> workers_;
  std::size_t idle_ = 0;      // waiting and not yet called
  std::size_t wake_ups_ = 0;  // called and not yet awake
  bool stopping_ = false;
};

}  // namespace cfy::exec
