// The policies section: scaling policies, which make groups scaling groups.
#pragma once

#include "dsl/blueprint.hpp"

namespace cfy::dsl {

/// Fill plan.policies and plan.scaling_groups. Errors: 1, 200-208, 210.
void read_policies(Blueprint& blueprint);

}  // namespace cfy::dsl
