// Which instances a scaling is to remove first, and which it is to spare.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "selection.hpp"

namespace workflows {

struct RemovalHints {
  std::vector<std::string> included, excluded;  ///< ids, also of instances of groups
  bool empty() const { return included.empty() && excluded.empty(); }
};

/// The parameters include_instances and exclude_instances: a list, one id, or nothing.
RemovalHints read_hints(const cfy::Parameters& parameters);

/// Throws NonRecoverable, which tells all that is wrong, when the hints cannot be kept.
/// @param entity  the node or scaling group that was named
/// @param delta   below zero
void check_hints(const cfy::WorkflowContext& ctx, const RemovalHints& hints,
                 const std::string& entity, std::int64_t delta, bool scale_compute);

}  // namespace workflows
