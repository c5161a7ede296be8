// Changes of a deployment that exists: other numbers of instances, or other nodes. Says what has to
// be added and removed; changes nothing itself. Used by scaling and by deployment updates.
#pragma once

#include "base/error.hpp"
#include "deploy/grow.hpp"
#include "plan/plan.hpp"

namespace cfy::deploy {

/// What is to become of an instance. related: nothing, it is there because of its relationships.
enum class Fate { related, added, removed, extended, reduced };

/// "added", ...; "" for related ones. As in Cloudify's node instances.
std::string_view to_string(Fate fate);

struct ModifiedInstance {
  plan::NodeInstance instance;  ///< related ones hold only the relationships concerned
  Fate fate = Fate::related;
};

/// Four lists, each in the order of nodes and instances.
struct Modification {
  std::vector<ModifiedInstance> added_and_related;
  std::vector<ModifiedInstance> removed_and_related;
  std::vector<ModifiedInstance> extended_and_related;  ///< stay, with new relationships
  std::vector<ModifiedInstance> reduced_and_related;   ///< stay, with fewer relationships
  /// All instances as they are after the change.
  std::vector<plan::NodeInstance> all;
};

struct ModifyRequest {
  const std::vector<plan::Node>& nodes;           ///< after the change
  const std::vector<plan::Node>& previous_nodes;  ///< before it
  const std::vector<plan::NodeInstance>& previous_instances;
  const ScalingGroups& scaling_groups;
  CountChanges changes = {};
  /// Those of `previous_instances` that are really there, with the relationships that they really
  /// have, when an earlier change did not come to its end: what is missing here counts as added.
  /// nullptr: all of them.
  const std::vector<plan::NodeInstance>* established = nullptr;
};

/// Instances that stay keep their ids. Errors: invalid. Cost: linear in instances and
/// relationships.
base::Result<Modification> modify_deployment(const ModifyRequest& request);

}  // namespace cfy::deploy
