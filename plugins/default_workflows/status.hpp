// The results of checks, in the system properties of instances.
#pragma once

#include <string>
#include <string_view>

#include "selection.hpp"

namespace workflows {

constexpr std::string_view kCheckStatus = "cloudify.interfaces.validation.check_status";

/// {ok, timestamp, task, result} of a task that has ended; `result` is the error of a failed one.
cfy::json report_on(const cfy::Task& task);
/// Now, as UTC: "2024-05-01T10:20:30.123456".
std::string timestamp();

/// Run check_status of the instances that have it, and keep what it says as their `status`; the one
/// before becomes `previous_status`. Nothing is tried again, unless the operation says so itself.
/// @param ignore_failure  go on when checks fail, instead of throwing WorkflowFailed
void run_status_checks(const cfy::WorkflowContext& ctx, const Instances& instances, bool is_ordered,
                       bool ignore_failure);

}  // namespace workflows
