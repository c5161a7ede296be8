// The deployment_settings section, with its schedules.
#pragma once

#include "dsl/blueprint.hpp"

namespace cfy::dsl {

/// Fill plan.deployment_settings; times become UTC. Errors: 1.
/// @param now_ms  milliseconds since 1970 UTC, for times without a date
void read_settings(Blueprint& blueprint, std::int64_t now_ms);

}  // namespace cfy::dsl
