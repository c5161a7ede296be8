// Which process groups belong to the operation that a worker runs, apart from the worker's own.
#pragma once

#include <cstdint>
#include <vector>

#include <sys/types.h>

namespace cfy::dispatch {

/// The groups in the worker's session whose leader was started since the call began: its script. A
/// server that an earlier operation left running has an older group and is not among them.
/// @param since_ticks  process::now_ticks() when the call began
/// Cost: reads all of /proc.
std::vector<pid_t> find_call_groups(pid_t worker, std::uint64_t since_ticks);

}  // namespace cfy::dispatch
