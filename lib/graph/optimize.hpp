// Optimize: take out of a graph what only holds other tasks together.
#pragma once

#include <functional>

#include "graph/task_states.hpp"

namespace cfy::graph {

/// Take out tasks that have nothing to do, and subgraphs that are empty (or become so). What waited
/// for one of them waits for what that one waited for, so the order of all other tasks stays.
///
/// Stays: what has started; in a subgraph, a task that is tied to one outside of it, as the end of
/// the subgraph (or the outside task) waits by its help; and a task that stands between so many and
/// so many others that tying each to each would make the graph larger than it was.
///
/// @param has_work  of a task that is no subgraph: it does something; of a subgraph: its end is
///                  heard of, so it stays even when it is empty
/// The graph must have no ring: a task that waits for itself by way of a dropped one would lose
/// that. Costs about as much as building the graph did.
void optimize(TaskStates& states, const std::function<bool(TaskId)>& has_work);

}  // namespace cfy::graph
