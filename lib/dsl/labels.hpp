// labels, blueprint_labels and resource_tags.
#pragma once

#include "dsl/blueprint.hpp"

namespace cfy::dsl {

/// Fill the plan's members of these names. Errors: 1.
void read_labels(Blueprint& blueprint);

}  // namespace cfy::dsl
