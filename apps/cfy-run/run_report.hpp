// What a run tells its terminal besides the events: that it starts, that a cancel was heard, and
// how it ended.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "exec/execution.hpp"
#include "io.hpp"
#include "plan/plan.hpp"

namespace cfy::app {

/// The id, so that another shell can name the execution. On stderr: stdout is for events.
void announce(const Io& io, const std::string& execution_id, const std::string& workflow);
/// What the request means and what a further Ctrl-C would do.
void announce_cancel(const Io& io, exec::CancelDegree degree);

/// The summary, on stderr.
void print_outcome(const Io& io, const exec::ExecutionOutcome& outcome,
                   const std::string& deployment, const std::string& workflow,
                   const exec::RunOptions& options);
/// A warning when a run did nothing because its parameter `operation` names what no node has
/// mapped: as in Cloudify that is no error, but mostly a misspelt name.
void warn_unmapped(const Io& io, const exec::ExecutionOutcome& outcome, const plan::Plan& plan,
                   const nlohmann::json& parameters);
/// The last line of `execute --json`.
nlohmann::json last_record(const exec::ExecutionOutcome& outcome);
int exit_code_of(const exec::ExecutionOutcome& outcome);

}  // namespace cfy::app
