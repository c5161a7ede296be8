// Which process groups belong to the operation that a worker runs, apart from the worker's own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

#include "process/process_table.hpp"

namespace cfy::dispatch {

/// A variable in the environment of a worker, and so of all that it starts: whose they are.
inline constexpr const char* kWorkerMark = "CFY_WORKER";

struct WorkerIdentity {
  pid_t pid = 0;
  std::string mark;  ///< the value of kWorkerMark; unique to this worker
};

/// The groups that the worker's operation made since the call began: its scripts, and whatever
/// these started, also in a session of its own and when its parent has ended. A server that an
/// earlier operation left running is not among them, nor is what that server starts.
/// @param table        read with kWorkerMark
/// @param since_ticks  process::now_ticks() when the call began
std::vector<pid_t> find_call_groups(const process::ProcessTable& table,
                                    const WorkerIdentity& worker, std::uint64_t since_ticks);

}  // namespace cfy::dispatch
