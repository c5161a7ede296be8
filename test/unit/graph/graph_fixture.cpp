#include "graph_fixture.hpp"

#include <catch2/catch.hpp>

#include "graph/ring.hpp"
#include "support/graph_text.hpp"

namespace cfy::test {

GraphFixture::GraphFixture(std::string_view text) {
  const auto tasks = read_graph_text(text);
  for (const GraphTextTask& task : tasks) {
    const graph::TaskId made = task.is_subgraph ? graph.make_subgraph(0) : graph.make_task(0);
    ids_[task.name] = made;
    REQUIRE(states.add_task(made, task.container.empty() ? graph::kNoTask : id(task.container)));
  }
  for (const GraphTextTask& task : tasks)
    for (const std::string& after : task.after)
      REQUIRE(states.add_dependency(id(task.name), id(after)));
}

std::string GraphFixture::name(graph::TaskId task) const {
  for (const auto& [name, id] : ids_)
    if (id == task) return name;
  return "?";
}

std::string GraphFixture::ready() {
  std::string names;
  for (std::uint32_t i = 0; i < graph.order_size(); ++i) {
    const graph::TaskId task = graph.at(i);
    if (task == graph::kNoTask || !states.is_ready(task)) continue;
    if (names.empty()) CHECK(states.first_ready(0) == task);
    names += (names.empty() ? "" : " ") + name(task);
  }
  CHECK(states.has_ready(0) == !names.empty());
  return names;
}

std::string GraphFixture::take_trace() {
  return std::exchange(trace_, "");
}

void GraphFixture::on_state(graph::TaskId task, graph::TaskState /*from*/, graph::TaskState to) {
  if (!trace_.empty()) trace_ += ", ";
  trace_ += std::string(graph::to_string(to)) + " " + name(task);
}

std::string GraphFixture::ring() const {
  const auto found = graph::find_ring(states);
  if (found.empty()) return "";
  return graph::spell_ring(found, [this](graph::TaskId task) { return name(task); });
}

std::string GraphFixture::answered() {
  const auto task = states.pop_answered_subgraph();
  if (!task) return "";
  const auto failed = states.first_failed(*task);
  return name(*task) + (failed == graph::kNoTask ? "" : " because of " + name(failed));
}

}  // namespace cfy::test
