#include "exec/mailbox.hpp"

#include <chrono>
#include <utility>

namespace cfy::exec {

void Mailbox::wake(std::unique_lock<std::mutex> lock) {
  const bool is_needed = std::exchange(is_waiting_, false);
  lock.unlock();
  if (is_needed) changed_.notify_one();
}

void Mailbox::post(LocalDone done) {
  std::unique_lock lock(mutex_);
  mail_.local.push_back(std::move(done));
  wake(std::move(lock));
}

void Mailbox::post(OperationDone done) {
  std::unique_lock lock(mutex_);
  mail_.operations.push_back(std::move(done));
  wake(std::move(lock));
}

void Mailbox::nudge() {
  std::unique_lock lock(mutex_);
  was_nudged_ = true;
  wake(std::move(lock));
}

Mail Mailbox::take(std::optional<std::int64_t> timeout_ms) {
  std::unique_lock lock(mutex_);
  const auto has_something = [this] { return was_nudged_ || !mail_.is_empty(); };
  if (!has_something() && timeout_ms != 0) {
    is_waiting_ = true;
    // The flag goes down with the first wake-up, so a second one needs it up again.
    const auto woken = [&] { return has_something() || !(is_waiting_ = true); };
    if (timeout_ms)
      changed_.wait_for(lock, std::chrono::milliseconds(*timeout_ms), woken);
    else
      changed_.wait(lock, woken);
    is_waiting_ = false;
  }
  was_nudged_ = false;
  return std::exchange(mail_, Mail{});
}

}  // namespace cfy::exec
