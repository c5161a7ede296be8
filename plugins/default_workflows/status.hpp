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

/// One of the system properties, at once.
void set_property(const cfy::NodeInstance& instance, const char* name, const cfy::json& value);

/// Retries are for those who say so in the operation; what a check finds is not an accident.
cfy::OperationOptions check_once();

/// Call `keep` with what is to be said of `task`, however it ends.
/// @param ignore_failure  what waits for it goes on after a failure
template <typename Keep>
void keep_report(const cfy::Task& task, bool ignore_failure, const Keep& keep) {
  task.on_success([keep](const cfy::Task& ended) {
    keep(report_on(ended));
    return cfy::HandlerResult::cont();
  });
  task.on_failure([keep, ignore_failure](const cfy::Task& ended) {
    keep(report_on(ended));
    // Else again, while the operation's own retries last.
    return ignore_failure ? cfy::HandlerResult::ignore() : cfy::HandlerResult::retry();
  });
}

/// Run check_status of the instances that have it, and keep what it says as their `status`; the one
/// before becomes `previous_status`. Nothing is tried again, unless the operation says so itself.
/// @param ignore_failure  go on when checks fail, instead of throwing WorkflowFailed
void run_status_checks(const cfy::WorkflowContext& ctx, const Instances& instances, bool is_ordered,
                       bool ignore_failure);

}  // namespace workflows
