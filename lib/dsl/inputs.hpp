// The inputs section: what a deployment may be given.
#pragma once

#include "dsl/blueprint.hpp"

namespace cfy::dsl {

/// Fill plan.inputs and plan.input_schemas. Errors: those of schemas.hpp, and 213 for a default
/// with both a function and constraints.
void read_inputs(Blueprint& blueprint);

}  // namespace cfy::dsl
