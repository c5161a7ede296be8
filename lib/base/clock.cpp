#include "base/clock.hpp"

#include <chrono>
#include <ctime>

#include <fmt/format.h>

namespace cfy::base {
namespace {

template <typename C>
std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(C::now().time_since_epoch()).count();
}

class SystemClock final : public Clock {
 public:
  std::int64_t monotonic_ms() const override { return now_ms<std::chrono::steady_clock>(); }
  std::int64_t wall_ms() const override { return now_ms<std::chrono::system_clock>(); }
};

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

std::string to_iso8601(std::int64_t wall_ms) {
  const std::time_t seconds = wall_ms / 1000;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900,
                     utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                     wall_ms % 1000);
}

}  // namespace cfy::base
