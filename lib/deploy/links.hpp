// Relationships of instances: which instance of the target each source instance is related to.
#pragma once

#include <optional>

#include "deploy/forest.hpp"

namespace cfy::deploy {

/// Fill in the links of all instances of `forest`, in the order of the node templates.
/// @param previous  where an all_to_one relationship keeps its target; may be nullptr
std::optional<Fault> link_instances(const Topology& topology, const Forest* previous,
                                    Forest& forest);

}  // namespace cfy::deploy
