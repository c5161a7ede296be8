// The plan of a deployment while it is updated: the new definitions, and those of what has still to
// be taken down.
#pragma once

#include <unordered_set>

#include "plan/plan.hpp"

namespace cfy::deploy {

/// `after` with what only `before` has: behind its nodes those that are gone, behind the
/// relationships of each node those that are gone, and the plugins of both. Cost: linear.
plan::Plan merge_plans(const plan::Plan& before, plan::Plan after);

/// The operations of `merged` that come from the plan before. Both as in merge_plans(); the
/// pointers are into `merged`.
std::unordered_set<const plan::Operation*> operations_from_before(const plan::Plan& merged,
                                                                  const plan::Plan& after);

}  // namespace cfy::deploy
