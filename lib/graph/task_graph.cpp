#include "graph/task_graph.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/check.hpp"

namespace cfy::graph {

TaskId TaskGraph::make_task(std::uint8_t lane) {
  CFY_ASSERT(nodes_.size() < kNone);
  nodes_.push_back(Node{});
  nodes_.back().lane = lane;
  return TaskId{static_cast<std::uint32_t>(nodes_.size() - 1)};
}

TaskId TaskGraph::make_subgraph(std::uint8_t lane) {
  const TaskId task = make_task(lane);
  node(task).subgraph_data = static_cast<std::uint32_t>(members_.size());
  members_.emplace_back();
  return task;
}

const std::vector<TaskId>& TaskGraph::members(TaskId subgraph) const {
  CFY_ASSERT(is_subgraph(subgraph));
  return members_[node(subgraph).subgraph_data];
}

std::vector<TaskId> TaskGraph::dependencies(TaskId task) const {
  std::vector<TaskId> all;
  for_each_dependency(task, [&](TaskId after) { all.push_back(after); });
  std::reverse(all.begin(), all.end());  // the lists grow at their heads
  std::unordered_set<TaskId> seen;
  std::erase_if(all, [&](TaskId after) { return !seen.insert(after).second; });
  return all;
}

void TaskGraph::add(TaskId task, TaskId subgraph) {
  CFY_ASSERT(is_known(task) && !contains(task));
  Node& added = node(task);
  added.order = static_cast<std::uint32_t>(in_order_.size());
  in_order_.push_back(task);
  if (subgraph != kNoTask) enter(task, subgraph);
}

void TaskGraph::enter(TaskId task, TaskId subgraph) {
  Node& entering = node(task);
  CFY_ASSERT(contains(task) && entering.subgraph == kNoTask);
  entering.subgraph = subgraph;
  auto& members = members_[node(subgraph).subgraph_data];
  entering.member_index = static_cast<std::uint32_t>(members.size());
  members.push_back(task);
}

void TaskGraph::remove(TaskId task) {
  CFY_ASSERT(contains(task));
  Node& removed = node(task);
  const auto drop = [this](std::uint32_t first, std::uint32_t Edge::*next) {
    for (std::uint32_t e = first; e != kNone; e = edges_[e].*next)
      edges_[e].task = kNoTask;
  };
  drop(removed.first_dependent, &Edge::next_dependent);
  drop(removed.first_dependency, &Edge::next_dependency);
  removed.first_dependent = removed.first_dependency = kNone;
  in_order_[removed.order] = kNoTask;
  removed.order = kNone;
  if (removed.subgraph == kNoTask) return;
  auto& members = members_[node(removed.subgraph).subgraph_data];
  node(members.back()).member_index = removed.member_index;
  members[removed.member_index] = members.back();
  members.pop_back();
  removed.subgraph = kNoTask;
}

void TaskGraph::add_edge(TaskId task, TaskId after) {
  CFY_ASSERT(contains(task) && contains(after) && edges_.size() < kNone);
  const auto edge = static_cast<std::uint32_t>(edges_.size());
  edges_.push_back(Edge{task, after, node(after).first_dependent, node(task).first_dependency});
  node(after).first_dependent = edge;
  node(task).first_dependency = edge;
}

std::size_t TaskGraph::remove_edge(TaskId task, TaskId after) {
  std::size_t removed = 0;
  for (std::uint32_t e = node(task).first_dependency; e != kNone; e = edges_[e].next_dependency)
    if (edges_[e].task != kNoTask && edges_[e].after == after) {
      edges_[e].task = kNoTask;
      ++removed;
    }
  return removed;
}

}  // namespace cfy::graph
