#include "graph/task_state.hpp"

#include <array>

namespace cfy::graph {

std::string_view to_string(TaskState state) {
  static constexpr std::array<std::string_view, kTaskStateCount> kNames{
      "pending",   "started", "responded", "rescheduled",
      "succeeded", "failed",  "ignored",   "skipped"};
  return kNames[static_cast<std::size_t>(state)];
}

}  // namespace cfy::graph
