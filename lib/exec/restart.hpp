// Restart: reads what an execution that was cut off left in the store, and decides for each task
// whether it counts as done, runs again or must not. Pure: rows in, decisions out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "exec/replay.hpp"
#include "store/operations.hpp"
#include "store/records.hpp"

namespace cfy::exec {

/// An operation that had started and whose end nobody wrote down.
struct CutOffOperation {
  std::string id;         ///< of the task
  std::string operation;  ///< "cloudify.interfaces.lifecycle.create"
  std::string instance;   ///< "web_x81k2a", or "web_x81k2a->db_1" of a relationship
  std::string plugin, function;
  bool may_run_again = false;  ///< for the caller to say
};

/// In the result of a task that was skipped: the number of the one that failed.
inline constexpr const char* kBecause = "skipped_because";

struct Restart {
  std::optional<store::GraphId> graph;  ///< nothing was stored: the run begins anew
  std::vector<StoredTask> tasks;        ///< those that a resumed run looks for
  std::uint32_t next_number = 0;
  std::vector<CutOffOperation> cut_off;
  std::vector<std::uint32_t> reset;  ///< rows that go back to pending, their retries counted anew
  std::vector<std::uint32_t> given_up;  ///< started rows of an earlier resume that nobody looks for
};

/// @param is_reset  operations that had started are counted as not yet tried
Restart plan_restart(const std::vector<store::Operation>& rows, bool is_reset);

}  // namespace cfy::exec
