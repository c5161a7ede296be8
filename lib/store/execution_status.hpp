// The statuses of an execution and which may follow which. Pure: no SQL.
#pragma once

#include <optional>
#include <string_view>

namespace cfy::store {

/// How strongly somebody asks an execution to stop; each includes the weaker ones.
enum class CancelDegree { graceful, force, kill };

/// cancelling, force_cancelling, kill_cancelling.
std::string_view status_of(CancelDegree degree);
/// The other way; nothing for any other status.
std::optional<CancelDegree> degree_of(std::string_view status);

/// Whether a run may go from one status to the other by itself. Starting again (resume) is not
/// among them: Executions::resume().
bool may_follow(std::string_view from, std::string_view to);

/// cancelled, terminated, failed.
bool is_finished(std::string_view status);

/// One of the three of status_of().
bool is_cancelling(std::string_view status);

}  // namespace cfy::store
