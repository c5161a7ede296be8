#include "exec/execution_row.hpp"

#include <optional>

#include "base/clock.hpp"

namespace cfy::exec {
namespace {

nlohmann::json time_or_null(std::optional<std::int64_t> wall_ms) {
  return wall_ms ? nlohmann::json(base::to_iso8601(*wall_ms)) : nlohmann::json();
}

}  // namespace

nlohmann::json to_json(const store::Execution& row) {
  return {{"id", row.id},
          {"workflow_id", row.workflow_id},
          {"deployment_id", row.deployment_id},
          {"status", row.status},
          {"parameters", row.parameters},
          {"error", row.error.empty() ? nlohmann::json() : nlohmann::json(row.error)},
          {"result", row.result},
          {"is_dry_run", row.is_dry_run},
          {"created_at", time_or_null(row.created_ms)},
          {"started_at", time_or_null(row.started_ms)},
          {"ended_at", time_or_null(row.ended_ms)}};
}

}  // namespace cfy::exec
