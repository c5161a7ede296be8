#include "exec/mailbox.hpp"

#include <algorithm>
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

void Mailbox::post(OperationBegun begun) {
  std::unique_lock lock(mutex_);
  mail_.begun.push_back(begun);
  wake(std::move(lock));
}

void Mailbox::post(PropertyMail mail) {
  std::unique_lock lock(mutex_);
  mail_.properties.push_back(std::move(mail));
  wake(std::move(lock));
}

void Mailbox::post(InstancesMail mail) {
  std::unique_lock lock(mutex_);
  mail_.instances.push_back(std::move(mail));
  wake(std::move(lock));
}

void Mailbox::nudge() {
  std::unique_lock lock(mutex_);
  was_nudged_ = true;
  wake(std::move(lock));
}

Mail Mailbox::take(std::optional<std::int64_t> timeout_ms) {
  using std::chrono::milliseconds;
  // Far more than anybody waits, and far from where the arithmetic of clocks ends.
  constexpr std::int64_t kLongestMs = 24 * 3600 * 1000;
  const auto deadline = std::chrono::steady_clock::now() +
                        milliseconds(std::min(timeout_ms.value_or(kLongestMs), kLongestMs));
  std::unique_lock lock(mutex_);
  while (timeout_ms != 0 && !was_nudged_ && mail_.is_empty()) {
    is_waiting_ = true;
    if (changed_.wait_until(lock, deadline) == std::cv_status::timeout) break;
  }
  is_waiting_ = false;
  was_nudged_ = false;
  return std::exchange(mail_, Mail{});
}

}  // namespace cfy::exec
