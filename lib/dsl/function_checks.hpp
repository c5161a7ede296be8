// Intrinsic functions of a blueprint: every place that may hold one is checked, and what they need
// from outside is noted. What is right or wrong is decided by the functions room.
#pragma once

#include "dsl/blueprint.hpp"

namespace cfy::dsl {

/// Check all functions, and fill plan.requirements. Needs the whole plan.
/// Cost: linear in the plan.
void check_all_functions(Blueprint& blueprint);

}  // namespace cfy::dsl
