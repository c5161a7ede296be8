// The outputs and capabilities sections: named values that a deployment shows.
#pragma once

#include "dsl/blueprint.hpp"

namespace cfy::dsl {

/// Fill plan.outputs and plan.capabilities. Errors: 1.
void read_outputs(Blueprint& blueprint);

}  // namespace cfy::dsl
