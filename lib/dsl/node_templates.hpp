// The node_templates section: nodes with properties, operations, relationships and instances.
#pragma once

#include "dsl/blueprint.hpp"

namespace cfy::dsl {

/// Fill plan.nodes and what belongs to it in `blueprint`. Needs types and plugins.
/// Errors: 1, 7, 10, 19, 23, 25, 26, 60, 61, 91, 105-107, 112, 207-210, 219.
void read_node_templates(Blueprint& blueprint, MappingResolver& resolver);

}  // namespace cfy::dsl
