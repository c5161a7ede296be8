// A TaskGraph and its states from one line of text, and what happened to it as text.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "graph/task_states.hpp"

namespace cfy::test {

class GraphFixture : private graph::StateObserver {
 public:
  explicit GraphFixture(std::string_view text);

  graph::TaskId id(const std::string& name) const { return ids_.at(name); }
  std::string name(graph::TaskId task) const;
  /// Names of what is ready, in order: "a c".
  std::string ready();
  void start(const std::string& name) { states.set(id(name), graph::TaskState::started); }
  void succeed(const std::string& name) { states.set(id(name), graph::TaskState::succeeded); }
  void fail(const std::string& name) { states.set(id(name), graph::TaskState::failed); }
  void run(const std::string& name) {
    start(name);
    succeed(name);
  }
  std::string_view state(const std::string& name) const {
    return graph::to_string(states.state(id(name)));
  }
  /// "skipped b, skipped c" since the last call.
  std::string take_trace();
  /// "a -> b -> a", or empty.
  std::string ring() const;
  std::string answered();

  graph::TaskGraph graph;
  graph::TaskStates states{graph, this};

 private:
  void on_state(graph::TaskId task, graph::TaskState from, graph::TaskState to) override;

  std::map<std::string, graph::TaskId> ids_;
  std::string trace_;
};

}  // namespace cfy::test
