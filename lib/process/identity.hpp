// Identity: which process it was that was noted down, and whether it runs still. A pid alone does
// not tell: the kernel gives it out again, it means nothing after a boot, and each container counts
// its own.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.hpp"

namespace cfy::process {

struct Identity {
  std::int64_t pid = 0;            ///< 0: none
  std::int64_t started_ticks = 0;  ///< clock ticks after boot: ProcessEntry::started_ticks
  std::string boot_id;             ///< of the kernel's run; empty: an older version did not note it
  std::string pid_namespace;       ///< "pid:[4026531836]", in which the pid counts; empty: the same

  bool operator==(const Identity&) const = default;
};

/// The calling process. Errors: io (/proc cannot be read: no descriptors are left, say).
base::Result<Identity> this_process();

enum class Life {
  ended,
  running,
  unknown,  ///< it ran in another container of this machine, whose processes cannot be seen
};

/// A zombie has ended. Cost: some small files of /proc.
Life life_of(const Identity& process);

}  // namespace cfy::process
