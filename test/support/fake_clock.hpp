// FakeClock: time that stands still until a test moves it.
#pragma once

#include <atomic>
#include <functional>

#include "base/clock.hpp"

namespace cfy::test {

class FakeClock final : public base::Clock {
 public:
  std::int64_t monotonic_ms() const override { return now_ms_; }
  std::int64_t wall_ms() const override { return 1'700'000'000'000 + now_ms_; }

  void advance_ms(std::int64_t ms) {
    now_ms_ += ms;
    if (on_advance) on_advance();
  }
  void advance_s(std::int64_t seconds) { advance_ms(seconds * 1000); }

  /// Who waits by this clock on another thread looks again when this is called.
  std::function<void()> on_advance;

 private:
  std::atomic<std::int64_t> now_ms_{1000};
};

}  // namespace cfy::test
