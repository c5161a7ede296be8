// The workflows section.
#pragma once

#include "dsl/blueprint.hpp"

namespace cfy::dsl {

/// Fill plan.workflows. Errors: 1, 21 mapping, 60, 61, 91, 102, 103, 105-107, 212.
void read_workflows(Blueprint& blueprint, MappingResolver& resolver);

}  // namespace cfy::dsl
