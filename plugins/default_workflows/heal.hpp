// Healing: what the workflow heal does, also for others.
#pragma once

#include "order.hpp"

namespace workflows {

/// Run the heal operations of those of `targets` whose last check failed, targets of relationships
/// first. Gives those that can only be reinstalled: they have no such operation (with what is in
/// them), or it failed. One that was never checked counts as healthy.
InstanceSet heal_unhealthy(const cfy::WorkflowContext& ctx, const Instances& targets);

}  // namespace workflows
