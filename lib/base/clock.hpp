// Clock: the only way the program asks for the time, so that tests can own it.
#pragma once

#include <cstdint>
#include <string>

namespace cfy::base {

class Clock {
 public:
  virtual ~Clock() = default;
  /// Milliseconds that never go back; only differences mean something.
  virtual std::int64_t monotonic_ms() const = 0;
  /// Milliseconds since 1970-01-01 UTC.
  virtual std::int64_t wall_ms() const = 0;
};

/// The machine's clocks. Safe from any thread.
const Clock& system_clock();

/// "2026-03-01T10:20:30.123Z" from milliseconds since 1970 UTC.
std::string to_iso8601(std::int64_t wall_ms);

}  // namespace cfy::base
