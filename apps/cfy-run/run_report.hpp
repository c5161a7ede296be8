// What a run says besides its events, as texts for stderr: that it starts, that a cancel was heard,
// and how it ended.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "exec/execution.hpp"
#include "plan/plan.hpp"
#include "ui/terminal.hpp"

namespace cfy::app {

/// The id, so that another shell can name the execution.
std::string start_text(const std::string& execution_id, const std::string& workflow);
/// What the request means and what a further Ctrl-C would do.
std::string cancel_text(exec::CancelDegree degree);
/// The summary.
std::string outcome_text(const exec::ExecutionOutcome& outcome, const std::string& deployment,
                         const std::string& workflow, const exec::RunOptions& options,
                         const ui::Style& style);
/// A warning when a run did nothing because its parameter `operation` names what no node has
/// mapped: as in Cloudify that is no error, but mostly a misspelt name. Else empty.
std::string unmapped_text(const exec::ExecutionOutcome& outcome, const plan::Plan& plan,
                          const nlohmann::json& parameters, const ui::Style& style);
/// The last line of `execute --json`.
nlohmann::json last_record(const exec::ExecutionOutcome& outcome);
int exit_code_of(const exec::ExecutionOutcome& outcome);

}  // namespace cfy::app
