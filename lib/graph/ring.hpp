// Rings: tasks that wait for each other and would wait for ever. Looks at the shape of a graph and
// at what has ended; changes nothing.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "graph/task_states.hpp"

namespace cfy::graph {

/// The tasks of one ring, each waiting for the next and the last for the first; empty when there is
/// none. Starts with the task that comes first in the graph's order. A subgraph waits for its
/// members, and a member for the start of its subgraph. Cost: O(tasks + dependencies).
std::vector<TaskId> find_ring(const TaskStates& states);

/// "a -> b -> c -> a". Cuts out the middle of a ring of more than 20.
std::string spell_ring(const std::vector<TaskId>& ring,
                       const std::function<std::string(TaskId)>& name);

}  // namespace cfy::graph
