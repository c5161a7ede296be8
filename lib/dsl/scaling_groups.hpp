// The rules that scaling groups keep so that they can be multiplied like containers.
#pragma once

#include "dsl/blueprint.hpp"

namespace cfy::dsl {

/// No rings of groups (200), nobody in two groups (201), members of a group share their container
/// (202). Then drop from each scaling group the members that are contained in another member of it:
/// they are multiplied along with that. Plan.groups keeps them.
void check_scaling_groups(Blueprint& blueprint);

}  // namespace cfy::dsl
