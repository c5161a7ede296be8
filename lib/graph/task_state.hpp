// Ids and states of tasks: the words that the graph, the coordinator and the store share.
#pragma once

#include <cstdint>
#include <string_view>

namespace cfy::graph {

/// Position of a task in its TaskGraph.
enum class TaskId : std::uint32_t {};
inline constexpr TaskId kNoTask{0xFFFFFFFF};

constexpr std::uint32_t index_of(TaskId task) {
  return static_cast<std::uint32_t>(task);
}

/// What is true of a task now; lib/exec/README.md draws the transitions.
enum class TaskState : std::uint8_t {
  pending,      ///< waits for other tasks, or for a free place to run
  started,      ///< runs
  responded,    ///< an answer is in, a handler of the workflow has not judged it yet
  rescheduled,  ///< waits for the due time of its next try
  succeeded,    ///< final
  failed,       ///< final: what depends on it never starts
  ignored,      ///< final: failed, but a handler let it count as done
  skipped,      ///< final: never started, because a task that it waits for failed
};
inline constexpr std::size_t kTaskStateCount = 8;

constexpr bool is_final(TaskState state) {
  return state >= TaskState::succeeded;
}
/// Final, and what depends on it may start.
constexpr bool lets_dependents_start(TaskState state) {
  return state == TaskState::succeeded || state == TaskState::ignored;
}
/// "pending", "started", ...
std::string_view to_string(TaskState state);

}  // namespace cfy::graph
