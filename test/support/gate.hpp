// Gate: lets one thread wait until another says so. A wait that lasts for ten seconds is a failed
// test, not a slow one.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace cfy::test {

class Gate {
 public:
  void open() {
    const std::scoped_lock lock(mutex_);
    is_open_ = true;
    opened_.notify_all();
  }
  /// @return false when nobody opened it in time
  bool wait() {
    std::unique_lock lock(mutex_);
    return opened_.wait_for(lock, std::chrono::seconds(10), [this] { return is_open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool is_open_ = false;
};

}  // namespace cfy::test
