// ProcessIdentity: tells whether a process that was noted down is still the same and alive. A pid
// alone does not, as the kernel gives it out again.
#pragma once

#include <cstdint>
#include <optional>

namespace cfy::store {

struct ProcessIdentity {
  std::int64_t pid = 0;
  std::int64_t started_ticks = 0;  ///< clock ticks after boot: field 22 of /proc/PID/stat

  bool operator==(const ProcessIdentity&) const = default;
};

/// The calling process.
ProcessIdentity this_process();

/// Whether it runs still. A zombie does not. Cost: one small file of /proc.
bool is_alive(const ProcessIdentity& process);

/// When it started, in milliseconds since 1970 UTC; empty when /proc does not say when the machine
/// was booted.
std::optional<std::int64_t> started_wall_ms(const ProcessIdentity& process);

}  // namespace cfy::store
