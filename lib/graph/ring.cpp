#include "graph/ring.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "graph/points.hpp"

namespace cfy::graph {
namespace {

class RingFinder {
 public:
  explicit RingFinder(const TaskStates& states) : states_(states), graph_(states.graph()) {}

  std::vector<TaskId> find() {
    count_waits();
    release_all();
    for (std::uint32_t i = 0; i < graph_.order_size(); ++i) {
      const TaskId task = graph_.at(i);
      if (task == kNoTask || !is_open(task)) continue;
      for (const Point point : {start_of(task), end_of(task)})
        if (waits_[point] > 0) return cut_ring(walk_back(point));
    }
    return {};
  }

 private:
  bool is_open(TaskId task) const { return !is_final(states_.state(task)); }

  /// Call `f(Point)` for each point that must be passed before `point`, of tasks not ended.
  template <typename F>
  void for_each_open_before(Point point, F&& f) const {
    for_each_before(graph_, point, [&](Point before) {
      if (is_open(task_of(before))) f(before);
    });
  }

  void count_waits() {
    waits_.assign(graph_.size() * 2, 0);
    for (std::uint32_t i = 0; i < graph_.order_size(); ++i) {
      const TaskId task = graph_.at(i);
      if (task == kNoTask || !is_open(task)) continue;
      for (const Point point : {start_of(task), end_of(task)}) {
        for_each_open_before(point, [&](Point) { ++waits_[point]; });
        if (waits_[point] == 0) free_.push_back(point);
      }
    }
  }

  /// Pass every point that can be passed; what still waits then waits for a ring.
  void release_all() {
    while (!free_.empty()) {
      const Point point = free_.back();
      free_.pop_back();
      for_each_after(graph_, point, [&](Point next) {
        if (is_open(task_of(next)) && --waits_[next] == 0) free_.push_back(next);
      });
    }
  }

  /// From a point that waits to one that it waits for, until a point comes again.
  std::vector<Point> walk_back(Point point) const {
    std::vector<Point> path;
    std::vector<bool> seen(waits_.size());
    while (!seen[point]) {
      seen[point] = true;
      path.push_back(point);
      Point next = point;
      for_each_open_before(point, [&](Point before) {
        if (waits_[before] > 0) next = before;
      });
      point = next;
    }
    return {std::find(path.begin(), path.end(), point), path.end()};
  }

  std::vector<TaskId> cut_ring(const std::vector<Point>& points) const {
    std::vector<TaskId> ring;
    for (const Point point : points)
      if (ring.empty() || ring.back() != task_of(point)) ring.push_back(task_of(point));
    if (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
    const auto by_order = [this](TaskId a, TaskId b) { return graph_.order(a) < graph_.order(b); };
    std::rotate(ring.begin(), std::min_element(ring.begin(), ring.end(), by_order), ring.end());
    return ring;
  }

  const TaskStates& states_;
  const TaskGraph& graph_;
  std::vector<std::uint32_t> waits_;
  std::vector<Point> free_;
};

}  // namespace

std::vector<TaskId> find_ring(const TaskStates& states) {
  return RingFinder(states).find();
}

std::string spell_ring(const std::vector<TaskId>& ring,
                       const std::function<std::string(TaskId)>& name) {
  constexpr std::size_t kShown = 10;  // at each end
  std::vector<std::string> names;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    if (ring.size() > 2 * kShown && i == kShown) {
      names.push_back("... " + std::to_string(ring.size() - 2 * kShown) + " more ...");
      i = ring.size() - kShown;
    }
    names.push_back(name(ring[i]));
  }
  names.push_back(name(ring.front()));
  return base::join(names, " -> ");
}

}  // namespace cfy::graph
