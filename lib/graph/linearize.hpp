// Linearize: all tasks of a graph one after the other. Looks at the shape of the graph and at what
// has ended; changes nothing.
#pragma once

#include <vector>

#include "graph/task_states.hpp"

namespace cfy::graph {

/// Every task after those that it waits for, a subgraph before its members; where that leaves a
/// choice, in the order in which they were added. Tasks of a ring, and what waits for them, are
/// left out: then the list is shorter than the graph. Cost: O(n log n) of tasks + dependencies.
std::vector<TaskId> linearize(const TaskStates& states);

}  // namespace cfy::graph
