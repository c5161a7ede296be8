// The results of calls that did not come to one by themselves: what the user reads when a worker
// crashed, was ended, or could not be started.
#pragma once

#include <string>

#include "dispatch/protocol.hpp"
#include "process/exit_status.hpp"

namespace cfy::dispatch {

/// Why the runner ends a call in its middle.
enum class EndReason { timeout, killed, garbage, connection_lost };

/// @param detail  what a worker sent, for EndReason::garbage
OperationResult result_of_end(EndReason reason, const OperationRequest& request,
                              const std::string& detail);

/// The worker ended in the middle of an operation, by itself.
/// @param output  the last lines it printed
OperationResult result_of_death(const process::ExitStatus& status, const std::string& output);

/// The worker ended before it was ready for anything.
OperationResult result_of_stillbirth(const process::ExitStatus& status, const std::string& program,
                                     const std::string& output);

/// No process could be made.
OperationResult result_of_failed_start(const base::Error& error);

/// Killed while it waited for a worker.
OperationResult result_of_never_started();

}  // namespace cfy::dispatch
