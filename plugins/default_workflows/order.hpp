// Order: subgraphs of instances, one after the other as the relationships say.
#pragma once

#include <map>
#include <set>

#include "selection.hpp"

namespace workflows {

using InstanceSet = std::set<cfy::NodeInstance>;
using Subgraphs = std::map<cfy::NodeInstance, cfy::Subgraph>;

/// Targets of relationships first, also through instances that have nothing to do: those get empty
/// subgraphs.
void put_in_order(const cfy::WorkflowContext& ctx, Subgraphs& subgraphs);

}  // namespace workflows
