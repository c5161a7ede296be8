// Operations that outlived their runner: one that died, or was cancelled by force, leaves them to
// their end. They are found in the process table by the mark that all their processes have, by the
// session of their worker and by where the store says that they run: so also when their workers
// have died, too. README.md of this room tells the rule.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "base/error.hpp"
#include "store/store.hpp"

namespace cfy::exec {

/// How a worker is started: `program --state-dir DIR worker EXECUTION`.
inline constexpr std::string_view kWorkerCommand = "worker";

struct LeftOperation {
  std::string execution_id;
  pid_t process = 0;  ///< a worker, or what an operation without a worker runs in
};

/// What runs still of attempts of the execution whose end is not stored. Servers that operations
/// have left running on purpose are not among it, those of an attempt without an end as soon as its
/// script has ended and they write to no pipe. Cost: reads all of /proc.
/// Errors: conflict (it ran in a container whose processes cannot be seen from here: what to do),
/// state.
base::Result<std::vector<LeftOperation>> find_left_operations(store::Store& store,
                                                              const std::string& execution_id);

/// The first of all executions of the deployment that nobody works on. Errors: as above.
base::Result<std::optional<LeftOperation>> find_left_operation(store::Store& store,
                                                               const std::string& deployment_id);

/// End them with all that they started: scripts get SIGTERM, and after five seconds SIGKILL; a
/// worker says nothing of it, so that its operation counts as cut off. Blocks until they are gone.
/// Nobody may work on the execution meanwhile. Errors: io, state.
/// @return whether there was anything
base::Result<bool> kill_left_operations(store::Store& store, const std::string& execution_id);

}  // namespace cfy::exec
