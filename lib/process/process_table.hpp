// The processes of this machine, as far as it takes to find who belongs to whom. Reads /proc.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <sys/types.h>

namespace cfy::process {

struct ProcessEntry {
  pid_t pid = 0, parent = 0, group = 0, session = 0;
  /// Clock ticks since the machine started; compare with now_ticks().
  std::uint64_t started_ticks = 0;
  bool is_zombie = false;
};

/// A snapshot. Processes that come and go meanwhile may or may not be in it; empty when /proc is
/// not there. Cost: one small file for each process of the machine.
std::vector<ProcessEntry> list_processes();
/// One process, or nothing when there is no such.
std::optional<ProcessEntry> find_process(pid_t pid);

/// The present in the unit of ProcessEntry::started_ticks, rounded down.
std::uint64_t now_ticks();

}  // namespace cfy::process
