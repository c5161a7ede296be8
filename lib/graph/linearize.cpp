#include "graph/linearize.hpp"

#include <functional>
#include <queue>
#include <utility>

#include "graph/points.hpp"

namespace cfy::graph {
namespace {

class Linearizer {
 public:
  explicit Linearizer(const TaskStates& states) : states_(states), graph_(states.graph()) {}

  std::vector<TaskId> run() {
    count_waits();
    std::vector<TaskId> tasks;
    tasks.reserve(states_.total());
    while (!free_.empty()) {
      const Point point = free_.top().second;
      free_.pop();
      if (!is_end(point)) tasks.push_back(task_of(point));
      for_each_after(graph_, point, [&](Point next) {
        if (waits_for(next, point) && --waits_[next] == 0) release(next);
      });
    }
    return tasks;
  }

 private:
  /// What has ended waits for nothing that has not: a forgiven subgraph may have open members.
  bool waits_for(Point point, Point before) const {
    return !is_final(states_.state(task_of(point))) || is_final(states_.state(task_of(before)));
  }

  void release(Point point) { free_.emplace(graph_.order(task_of(point)), point); }

  void count_waits() {
    waits_.assign(graph_.size() * 2, 0);
    for (std::uint32_t i = 0; i < graph_.order_size(); ++i) {
      const TaskId task = graph_.at(i);
      if (task == kNoTask) continue;
      for (const Point point : {start_of(task), end_of(task)}) {
        for_each_before(graph_, point, [&](Point before) {
          if (waits_for(point, before)) ++waits_[point];
        });
        if (waits_[point] == 0) release(point);
      }
    }
  }

  using Place = std::pair<std::uint32_t, Point>;  // in the order of adding
  const TaskStates& states_;
  const TaskGraph& graph_;
  std::vector<std::uint32_t> waits_;
  std::priority_queue<Place, std::vector<Place>, std::greater<>> free_;
};

}  // namespace

std::vector<TaskId> linearize(const TaskStates& states) {
  return Linearizer(states).run();
}

}  // namespace cfy::graph
