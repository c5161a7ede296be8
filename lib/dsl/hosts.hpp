// Checks over all nodes together: rings of relationships, and the host each node lives on.
#pragma once

#include "dsl/blueprint.hpp"

namespace cfy::dsl {

/// A ring of relationships is error 100, spelled out. Whether there is none.
/// Cost: linear in relationships.
bool check_relationship_rings(Blueprint& blueprint);

/// Set host_id: a Compute node itself, else that of what it is contained in; and report nodes
/// without a host that use a plugin on the host (24). Needs nodes free of rings.
void find_hosts(Blueprint& blueprint);

}  // namespace cfy::dsl
