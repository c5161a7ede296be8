// Snapshot: nodes and node instances of the deployment as a workflow function sees them, with the
// ids that cross the plugin boundary. Never changes; a modification makes a new one, in which all
// ids of the one before mean the same.
#pragma once

#include <atomic>
#include <memory>
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
  /// The same deployment later. Instances keep their ids, those that are gone as well; new ones
  /// come at the end. The same holds for the relationships of each.
  /// @param counts  a plan of the same nodes with the numbers of instances as they are now
  Snapshot(const Snapshot& before, const plan::Plan& counts,
           std::vector<store::NodeInstance> instances);
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  const std::vector<plugin::NodeView>& nodes() const { return nodes_; }
  const std::vector<plugin::InstanceView>& instances() const { return views_; }
  /// The rows behind the instances, in their order.
  const std::vector<store::NodeInstance>& rows() const { return records_; }
  /// By instance: it is not there any more.
  const std::vector<bool>& is_gone() const { return is_gone_; }
  std::optional<plugin::InstanceId> find(std::string_view id) const;
  /// The places of these relationships among those of the instance.
  std::vector<std::uint32_t> places_of(
      plugin::InstanceId instance,
      const std::vector<plan::InstanceRelationship>& relationships) const;

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
  void set_counts(const plan::Plan& counts);
  void add_instances(const Snapshot* before);
  void add_relationships(plugin::InstanceView& view, const store::NodeInstance& instance) const;

  const plan::Plan& plan_;
  std::vector<store::NodeInstance> records_;  // in the order of the views
  std::vector<plugin::NodeView> nodes_;       // in the order of the plan
  std::vector<plugin::InstanceView> views_;
  std::vector<bool> is_gone_;  // by instance
  std::unordered_map<std::string_view, std::uint32_t> node_index_, instance_index_;
};

/// The snapshot that holds now. Those before it stay, as views of them may still be in use.
class Snapshots {
 public:
  explicit Snapshots(std::unique_ptr<const Snapshot> first) { replace(std::move(first)); }
  /// Any thread.
  const Snapshot& current() const { return *current_.load(); }
  /// [workflow thread]
  void replace(std::unique_ptr<const Snapshot> next) {
    all_.push_back(std::move(next));
    current_ = all_.back().get();
  }

 private:
  std::vector<std::unique_ptr<const Snapshot>> all_;
  std::atomic<const Snapshot*> current_{nullptr};
};

}  // namespace cfy::exec
