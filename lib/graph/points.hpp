// Points: the graph in which a subgraph is taken apart into its start and its end, as it starts
// before its members and ends after them. What the searches through a graph share.
#pragma once

#include <cstdint>

#include "graph/task_graph.hpp"

namespace cfy::graph {

/// The start of a task (2 * task) or its end (2 * task + 1). For a task that is no subgraph they
/// follow each other directly.
using Point = std::uint32_t;
constexpr Point start_of(TaskId task) {
  return index_of(task) * 2;
}
constexpr Point end_of(TaskId task) {
  return index_of(task) * 2 + 1;
}
constexpr TaskId task_of(Point point) {
  return TaskId{point / 2};
}
constexpr bool is_end(Point point) {
  return point % 2 == 1;
}

/// Call `f(Point)` for each point that must be passed before `point`.
template <typename F>
void for_each_before(const TaskGraph& graph, Point point, F&& f) {
  const TaskId task = task_of(point);
  if (is_end(point)) {
    f(start_of(task));
    if (graph.is_subgraph(task))
      for (const TaskId member : graph.members(task))
        f(end_of(member));
    return;
  }
  graph.for_each_dependency(task, [&](TaskId after) { f(end_of(after)); });
  if (const TaskId container = graph.subgraph(task); container != kNoTask) f(start_of(container));
}

/// Call `f(Point)` for each point that cannot be passed before `point` was.
template <typename F>
void for_each_after(const TaskGraph& graph, Point point, F&& f) {
  const TaskId task = task_of(point);
  if (!is_end(point)) {
    f(end_of(task));
    if (graph.is_subgraph(task))
      for (const TaskId member : graph.members(task))
        f(start_of(member));
    return;
  }
  graph.for_each_dependent(task, [&](TaskId dependent) { f(start_of(dependent)); });
  if (const TaskId container = graph.subgraph(task); container != kNoTask) f(end_of(container));
}

}  // namespace cfy::graph
