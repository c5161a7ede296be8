// Replay: the tasks that an earlier run of the execution left, as the graph that is built again
// finds them. README.md of this room tells how tasks are matched. Plain data: no thread, no store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "exec/interfaces.hpp"

namespace cfy::exec {

/// A task as an earlier run left it, and what the resumed run makes of it.
struct StoredTask {
  std::uint32_t number = 0;  ///< its row
  std::string key;           ///< TaskEvents::key()
  TaskKind kind = TaskKind::nop;
  std::optional<std::uint32_t> subgraph;  ///< number of the one it is a member of
  std::uint32_t batch = 0;                ///< of which execute()
  bool is_late = false;                   ///< added while that ran
  bool is_expected = true;                ///< else it is no difference when it is missing
  /// pending: it is to run. responded: its attempt ended, a handler judges now. Final: it is not
  /// run again. Subgraphs are always pending: their members decide.
  TaskState state = TaskState::pending;
  TaskState stored_state = TaskState::pending;  ///< as it was in the store
  std::uint32_t attempt = 0;                    ///< of its next try, or of the one that ended it
  plugin::TaskOutcome outcome;                  ///< unless it is to run

  /// It has ended, or its attempt has; nothing of it runs again.
  bool has_answer() const {
    return state >= TaskState::responded && state != TaskState::rescheduled;
  }
  /// What waited for it could start.
  bool was_done() const { return graph::lets_dependents_start(stored_state); }
};

class Replay {
 public:
  /// @param tasks        in the order of their numbers
  /// @param next_number  the first that no row has
  Replay(std::vector<StoredTask> tasks, std::uint32_t next_number);

  /// The first of that key in that subgraph that was not taken yet; nullptr when there is none.
  /// @param subgraph  number of a stored one, or nothing for the graph itself
  const StoredTask* take(std::optional<std::uint32_t> subgraph, std::string_view key);

  bool has_batch(std::uint32_t batch) const { return batch < batches_; }
  /// Work of the batch that is still to be done and that nobody took; nullptr when there is none.
  const StoredTask* find_missing(std::uint32_t batch) const;
  std::uint32_t next_number() const { return next_number_; }

 private:
  struct Places {
    std::vector<std::size_t> all;
    std::size_t next = 0;
  };
  static std::string place_of(std::optional<std::uint32_t> subgraph, std::string_view key);

  std::vector<StoredTask> tasks_;
  std::vector<bool> taken_;
  std::unordered_map<std::string, Places> by_key_;
  std::uint32_t next_number_;
  std::uint32_t batches_ = 0;
};

}  // namespace cfy::exec
