// The rules that scaling groups keep so that they can be multiplied like containers.
#pragma once

#include "dsl/blueprint.hpp"

namespace cfy::dsl {

/// No rings of groups (200), nobody in two groups (201). Then members that are contained in another
/// member of their group are dropped from it: they are multiplied along with that; plan.groups
/// keeps them. What is left in a group shares its container (202).
void check_scaling_groups(Blueprint& blueprint);

}  // namespace cfy::dsl
