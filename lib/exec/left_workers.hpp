// Workers that outlived their runner: a runner that died, or was cancelled by force, leaves them to
// finish their operations alone. Found in the process table by what they were started with, so that
// none is missed, however suddenly the runner went.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "base/error.hpp"

namespace cfy::exec {

/// How a worker is started: `program --state-dir DIR worker EXECUTION`.
inline constexpr std::string_view kWorkerCommand = "worker";

struct RunningWorker {
  pid_t pid = 0;
  std::string execution_id;
};

/// The workers of all executions that run now. Cost: reads all of /proc.
std::vector<RunningWorker> find_workers();
/// Process ids of those of one execution.
std::vector<pid_t> find_workers(std::string_view execution_id);

/// End them and the scripts that they run: the scripts get SIGTERM, and after five seconds SIGKILL;
/// a worker says nothing of it, so that its operation counts as cut off. Blocks until they are
/// gone. Servers that an operation had left running on purpose stay.
/// @param since_wall_ms  when the first operation started that runs still
/// Errors: io.
base::Result<void> kill_workers(const std::vector<pid_t>& workers, std::int64_t since_wall_ms);

}  // namespace cfy::exec
