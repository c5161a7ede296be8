// Loop: one thread that waits for descriptors, timers and posts from other threads (epoll and an
// eventfd). Knows nothing of processes or protocols.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"
#include "process/fd.hpp"

namespace cfy::process {

enum class WatchId : std::uint64_t { none = 0 };
enum class TimerId : std::uint64_t { none = 0 };

/// All methods belong to the thread that calls run(), but for post() and stop(). Callbacks may call
/// everything, also remove themselves; what was removed is not called again.
class Loop {
 public:
  using Task = std::function<void()>;
  /// Gets the epoll events that happened (EPOLLIN, EPOLLOUT, EPOLLHUP, ...).
  using WatchCallback = std::function<void(std::uint32_t events)>;

  /// Errors: io, when no descriptors are left.
  static base::Result<std::unique_ptr<Loop>> make();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Call back whenever `fd` is ready for one of `events` (level triggered). The descriptor stays
  /// the caller's; unwatch it before it is closed.
  WatchId watch(int fd, std::uint32_t events, WatchCallback callback);
  void change(WatchId id, std::uint32_t events);
  /// Unknown ids and `none` are ignored.
  void unwatch(WatchId id);

  /// Call once, after `delay` at the earliest.
  TimerId add_timer(std::chrono::milliseconds delay, Task task);
  /// Unknown ids, timers that ran, and `none` are ignored.
  void cancel_timer(TimerId id);

  /// Run `task` on the loop's thread, in the order of the posts. Any thread; tasks posted after the
  /// last run() returned are never run.
  void post(Task task);

  /// Work until stop(). Posts made before the stop() are still run.
  void run();
  /// Any thread.
  void stop();

 private:
  struct Watch {
    int fd;
    WatchCallback callback;
  };
  using Due = std::chrono::steady_clock::time_point;

  Loop(UniqueFd epoll, UniqueFd wake);
  int timeout_ms() const;
  void run_due_timers();
  bool run_posts();  // false: stop() was called
  void wake();

  UniqueFd epoll_, wake_;
  std::uint64_t last_id_ = 0;
  std::unordered_map<std::uint64_t, std::shared_ptr<Watch>> watches_;
  std::map<std::pair<Due, std::uint64_t>, Task> timers_;
  std::unordered_map<std::uint64_t, Due> timer_dues_;

  std::mutex mutex_;
  std::vector<Task> posts_;  // under mutex_
  bool stopping_ = false;    // under mutex_
};

}  // namespace cfy::process
