// Groups, with their policies of the older kind, and the policy types and triggers these refer to.
#pragma once

#include "dsl/blueprint.hpp"

namespace cfy::dsl {

/// Fill plan.policy_types and plan.policy_triggers. Errors: 1, 103, 105-107.
void read_policy_types(Blueprint& blueprint);

/// Fill plan.groups. Errors: 1, 40 unknown member, 41/42 unknown policy type or trigger, 105-107,
/// 211 a group named like a node.
void read_groups(Blueprint& blueprint);

}  // namespace cfy::dsl
