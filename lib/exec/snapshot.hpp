// Snapshot: nodes and node instances of the deployment as a workflow function sees them, with the
// ids that cross the plugin boundary. Made once for a call; later changes do not show in it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plan/plan.hpp"
#include "plugin/host.hpp"
#include "store/records.hpp"

namespace cfy::exec {

class Snapshot {
 public:
  /// @param plan  borrowed, outlives the snapshot
  /// Instances are put in blueprint order (node, then index). One of a node that the plan does not
  /// have, or a relationship to an instance that does not exist, is left out.
  Snapshot(const plan::Plan& plan, std::vector<store::NodeInstance> instances);
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  const std::vector<plugin::NodeView>& nodes() const { return nodes_; }
  const std::vector<plugin::InstanceView>& instances() const { return views_; }

  bool has(plugin::InstanceId instance) const;
  const plugin::InstanceView& instance(plugin::InstanceId instance) const;
  /// The row it was made from.
  const store::NodeInstance& record(plugin::InstanceId instance) const;
  const plugin::NodeView& node_of(plugin::InstanceId instance) const;
  const plan::Node& plan_node_of(plugin::InstanceId instance) const;
  bool has_relationship(plugin::InstanceId instance, std::uint32_t relationship) const;
  /// The node's relationship behind one of the instance's.
  const plan::Relationship& plan_relationship(plugin::InstanceId instance,
                                              std::uint32_t relationship) const;
  const plugin::InstanceView& target(plugin::InstanceId instance, std::uint32_t relationship) const;

 private:
  void add_node(const plan::Node& node);
  void add_instances(const std::vector<store::NodeInstance>& instances);
  void add_relationships(plugin::InstanceView& view, const store::NodeInstance& instance) const;

  const plan::Plan& plan_;
  std::vector<store::NodeInstance> records_;  // in the order of the views
  std::vector<plugin::NodeView> nodes_;       // in the order of the plan
  std::vector<plugin::InstanceView> views_;
  std::unordered_map<std::string_view, std::uint32_t> node_index_, instance_index_;
};

}  // namespace cfy::exec
