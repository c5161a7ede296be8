// Growing a Forest: how many instances there are of what, in what, and what they are related to.
#pragma once

#include <functional>

#include "deploy/forest.hpp"

namespace cfy::deploy {

/// New number of instances of a node or group, within each instance of its container.
struct CountChange {
  std::int64_t instances = 1;
  /// Ids of instances to remove first, and to spare as far as possible, when there are too many.
  /// For a group: of the group's instance or of a member in it.
  std::vector<std::string> removed_ids_include_hint;
  std::vector<std::string> removed_ids_exclude_hint;
};
using CountChanges = std::map<std::string, CountChange, std::less<>>;

/// Ids of new instances: "<node>_<6 characters>".
using MakeId = std::function<std::string(const std::string& node)>;
/// Random ids that are not in use in `previous` (may be nullptr) and differ from each other.
MakeId random_ids(const Forest* previous);

struct GrowOptions {
  const Forest* previous = nullptr;       ///< instances to go on from
  const CountChanges* changes = nullptr;  ///< with `previous`
  MakeId make_id;
};

/// All instances that `topology` asks for: those of `previous` that stay, with their ids, and new
/// ones. All relationships are made anew.
/// Faults: IllegalConnectedToConnectionType, UnsupportedAllToOneInGroup, IllegalAllToOneState, too
/// many instances or relationships. Cost: linear in instances and relationships.
std::variant<Forest, Fault> grow(const Topology& topology, const GrowOptions& options);

}  // namespace cfy::deploy
