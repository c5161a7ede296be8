#include "exec/snapshot.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/check.hpp"

namespace cfy::exec {
namespace {

using nlohmann::json;
using plugin::InstanceId;
using plugin::NodeId;

std::uint32_t count_of(const json& number) {
  return number.is_number_integer() && number.get<std::int64_t>() > 0 ? number.get<std::uint32_t>()
                                                                      : 0;
}

std::vector<std::string_view> mapped_names(const plan::OperationMap* operations) {
  std::vector<std::string_view> names;
  if (operations != nullptr)
    for (const auto& [name, operation] : *operations)
      if (!operation->is_noop()) names.push_back(name);
  return names;
}

}  // namespace

Snapshot::Snapshot(const plan::Plan& plan, std::vector<store::NodeInstance> instances)
    : plan_(plan), records_(std::move(instances)) {
  for (std::uint32_t i = 0; i < plan.nodes.size(); ++i)
    node_index_.emplace(plan.nodes[i].id, i);
  std::erase_if(records_, [this](const auto& i) { return !node_index_.contains(i.node_id); });
  std::stable_sort(records_.begin(), records_.end(), [this](const auto& a, const auto& b) {
    return std::pair(node_index_.at(a.node_id), a.index) <
           std::pair(node_index_.at(b.node_id), b.index);
  });
  for (std::uint32_t i = 0; i < records_.size(); ++i)
    instance_index_.emplace(records_[i].id, i);
  nodes_.reserve(plan.nodes.size());
  for (const plan::Node& node : plan.nodes)
    add_node(node);
  set_counts(plan);
  add_instances(nullptr);
}

Snapshot::Snapshot(const Snapshot& before, const plan::Plan& counts,
                   std::vector<store::NodeInstance> instances)
    : plan_(before.plan_),
      records_(before.records_),
      nodes_(before.nodes_),
      node_index_(before.node_index_) {
  std::erase_if(instances, [this](const auto& i) { return !node_index_.contains(i.node_id); });
  std::stable_sort(instances.begin(), instances.end(), [this](const auto& a, const auto& b) {
    return std::pair(node_index_.at(a.node_id), a.index) <
           std::pair(node_index_.at(b.node_id), b.index);
  });
  is_gone_.assign(records_.size(), true);
  for (store::NodeInstance& instance : instances) {
    if (const auto known = before.find(instance.id)) {
      is_gone_[static_cast<std::uint32_t>(*known)] = false;
      records_[static_cast<std::uint32_t>(*known)] = std::move(instance);
    } else {
      is_gone_.push_back(false);
      records_.push_back(std::move(instance));
    }
  }
  for (std::uint32_t i = 0; i < records_.size(); ++i)
    instance_index_.emplace(records_[i].id, i);
  for (plugin::NodeView& node : nodes_)
    node.instances.clear();
  set_counts(counts);
  add_instances(&before);
}

void Snapshot::set_counts(const plan::Plan& counts) {
  for (const plan::Node& node : counts.nodes) {
    const auto found = node_index_.find(node.id);
    if (found == node_index_.end()) continue;
    nodes_[found->second].number_of_instances = count_of(node.scalable.current_instances);
    nodes_[found->second].planned_number_of_instances = count_of(node.scalable.planned_instances);
  }
}

void Snapshot::add_node(const plan::Node& node) {
  plugin::NodeView view{};
  view.id = node.id;
  view.type = node.type;
  view.type_hierarchy = node.type_hierarchy.get();
  if (node.host_id)
    if (const auto host = node_index_.find(*node.host_id); host != node_index_.end())
      view.host = NodeId{host->second};
  view.properties = &node.properties;
  for (const plan::Relationship& relationship : node.relationships) {
    const auto target = node_index_.find(relationship.target_id);
    CFY_ASSERT(target != node_index_.end());  // the dsl room refuses unknown targets
    view.relationships.push_back({relationship.type, relationship.type_hierarchy.get(),
                                  NodeId{target->second}, &relationship.properties,
                                  mapped_names(relationship.source_operations.get()),
                                  mapped_names(relationship.target_operations.get())});
  }
  view.operations = mapped_names(node.operations.get());
  nodes_.push_back(std::move(view));
}

void Snapshot::add_instances(const Snapshot* before) {
  views_.reserve(records_.size());
  is_gone_.resize(records_.size(), false);
  for (std::uint32_t i = 0; i < records_.size(); ++i) {
    const store::NodeInstance& instance = records_[i];
    const NodeId node{node_index_.at(instance.node_id)};
    plugin::InstanceView view{};
    view.id = instance.id;
    view.node = node;
    view.index = instance.index;
    view.state = instance.state;
    view.runtime_properties = &instance.runtime_properties;
    view.version = instance.version;
    view.scaling_groups = &instance.scaling_groups;
    view.is_gone = is_gone_[i];
    if (before != nullptr && i < before->views_.size())
      view.relationships = before->views_[i].relationships;
    if (instance.host_id)
      if (const auto host = instance_index_.find(*instance.host_id); host != instance_index_.end())
        view.host = InstanceId{host->second};
    add_relationships(view, instance);
    views_.push_back(std::move(view));
    if (!is_gone_[i]) nodes_[static_cast<std::uint32_t>(node)].instances.push_back(InstanceId{i});
  }
  // Those that came later stand at the end, but an index may have become free before.
  for (plugin::NodeView& node : nodes_)
    std::stable_sort(node.instances.begin(), node.instances.end(),
                     [this](auto a, auto b) { return instance(a).index < instance(b).index; });
}

void Snapshot::add_relationships(plugin::InstanceView& view,
                                 const store::NodeInstance& instance) const {
  const plan::Node& node = plan_.nodes[static_cast<std::uint32_t>(view.node)];
  std::map<std::pair<std::uint32_t, InstanceId>, std::uint32_t> places;
  for (std::uint32_t place = 0; place < view.relationships.size(); ++place)
    places.emplace(
        std::pair(view.relationships[place].relationship, view.relationships[place].target), place);
  // A node may have two relationships of one type to one target, and each of them reaches several
  // instances: the first pair of (relationship, target instance) that is still free is meant.
  std::set<std::pair<std::uint32_t, std::string_view>> taken;
  for (const nlohmann::json& stored : instance.relationships) {
    const auto& target_id = stored.at("target_id").get_ref<const std::string&>();
    const auto target = instance_index_.find(target_id);
    if (target == instance_index_.end()) continue;
    for (std::uint32_t r = 0; r < node.relationships.size(); ++r) {
      const plan::Relationship& candidate = node.relationships[r];
      if (candidate.type != stored.at("type") || candidate.target_id != stored.at("target_name"))
        continue;
      if (!taken.emplace(r, target->first).second) continue;
      const auto next_place = static_cast<std::uint32_t>(view.relationships.size());
      const auto place =
          places.emplace(std::pair(r, InstanceId{target->second}), next_place).first->second;
      if (place == next_place) view.relationships.push_back({r, InstanceId{target->second}});
      view.current_relationships.push_back(place);
      break;
    }
  }
}

std::optional<InstanceId> Snapshot::find(std::string_view id) const {
  const auto found = instance_index_.find(id);
  if (found == instance_index_.end()) return std::nullopt;
  return InstanceId{found->second};
}

std::vector<std::uint32_t> Snapshot::places_of(
    InstanceId of, const std::vector<plan::InstanceRelationship>& relationships) const {
  const plugin::InstanceView& view = instance(of);
  const plan::Node& node = plan_node_of(of);
  std::vector<std::uint32_t> places;
  std::set<std::uint32_t> taken;
  for (const plan::InstanceRelationship& wanted : relationships)
    for (const std::uint32_t place : view.current_relationships) {
      const plugin::RelationshipInstanceView& candidate = view.relationships[place];
      const plan::Relationship& declared = node.relationships[candidate.relationship];
      if (declared.type != wanted.type || declared.target_id != wanted.target_name ||
          instance(candidate.target).id != wanted.target_id || !taken.insert(place).second)
        continue;
      places.push_back(place);
      break;
    }
  return places;
}

bool Snapshot::has(InstanceId instance) const {
  return static_cast<std::uint32_t>(instance) < views_.size();
}

const plugin::InstanceView& Snapshot::instance(InstanceId instance) const {
  CFY_ASSERT(has(instance));
  return views_[static_cast<std::uint32_t>(instance)];
}

const store::NodeInstance& Snapshot::record(InstanceId instance) const {
  CFY_ASSERT(has(instance));
  return records_[static_cast<std::uint32_t>(instance)];
}

const plugin::NodeView& Snapshot::node_of(InstanceId of) const {
  return nodes_[static_cast<std::uint32_t>(instance(of).node)];
}

const plan::Node& Snapshot::plan_node_of(InstanceId of) const {
  return plan_.nodes[static_cast<std::uint32_t>(instance(of).node)];
}

bool Snapshot::has_relationship(InstanceId of, std::uint32_t relationship) const {
  return has(of) && relationship < instance(of).relationships.size();
}

const plan::Relationship& Snapshot::plan_relationship(InstanceId of,
                                                      std::uint32_t relationship) const {
  return plan_node_of(of).relationships[instance(of).relationships[relationship].relationship];
}

const plugin::InstanceView& Snapshot::target(InstanceId of, std::uint32_t relationship) const {
  return instance(instance(of).relationships[relationship].target);
}

}  // namespace cfy::exec
