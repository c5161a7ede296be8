// Builds the tree of containment.
#include "deploy/topology.hpp"

#include <charconv>

#include <fmt/format.h>

namespace cfy::deploy {
namespace {

// Numbers may come from inputs that are texts.
std::optional<std::int64_t> count_of(const plan::json& value) {
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_ref<const std::string&>();
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || text.empty()) return std::nullopt;
  return number;
}

Fault count_fault(std::string_view name, const plan::json& value, std::string path) {
  return {"ValueError",
          fmt::format("the number of instances of '{}' must be an integer, got {}", name,
                      value.dump(-1, ' ', false, plan::json::error_handler_t::replace)),
          "", std::move(path)};
}

}  // namespace

bool is_supported(const plan::Relationship& relationship) {
  return relationship.is_derived_from(plan::kDependsOn) ||
         relationship.is_derived_from(plan::kContainedIn) ||
         relationship.is_derived_from(plan::kConnectedTo);
}

std::variant<Topology, Fault> Topology::make(const std::vector<plan::Node>& nodes,
                                             const ScalingGroups& groups) {
  Topology topology;
  topology.vertices_.reserve(nodes.size() + groups.size());  // numbers_ views the names in it
  if (auto fault = topology.add_nodes(nodes)) return *std::move(fault);
  if (auto fault = topology.add_groups(groups)) return *std::move(fault);
  topology.link_containment();
  if (auto fault = topology.sort()) return *std::move(fault);
  return topology;
}

std::optional<Fault> Topology::add_nodes(const std::vector<plan::Node>& nodes) {
  for (const plan::Node& node : nodes) {
    const auto count = count_of(node.scalable.current_instances);
    if (!count)
      return count_fault(node.id, node.scalable.current_instances,
                         "nodes." + node.id + ".capabilities.scalable.default_instances");
    for (const plan::Relationship& relationship : node.relationships)
      if (!is_supported(relationship))
        return Fault{"UnsupportedRelationship",
                     fmt::format("node '{}' has a relationship of type '{}', which is not derived "
                                 "from {}, {} or {}",
                                 node.id, relationship.type, plan::kDependsOn, plan::kConnectedTo,
                                 plan::kContainedIn),
                     "", "nodes." + node.id};
    vertices_.push_back({node.id, &node, *count});
  }
  for (std::size_t i = 0; i < vertices_.size(); ++i)
    numbers_.emplace(vertices_[i].name, static_cast<int>(i));
  return {};
}

std::optional<Fault> Topology::add_groups(const ScalingGroups& groups) {
  for (const auto& [name, group] : groups) {
    const auto count = count_of(group.properties.current_instances);
    if (!count)
      return count_fault(name, group.properties.current_instances, "scaling_groups." + name);
    vertices_.push_back({name, nullptr, *count});
    numbers_.emplace(vertices_.back().name, static_cast<int>(vertices_.size() - 1));
  }
  for (const auto& [name, group] : groups)
    for (const std::string& member : group.members)
      if (const int number = find(member); number != kNone)
        vertices_[static_cast<std::size_t>(number)].parent = find(name);
  return {};
}

// A member of a group is in the group, and the outermost group is in what the member is in.
void Topology::link_containment() {
  for (std::size_t i = 0; i < vertices_.size(); ++i) {
    if (vertices_[i].is_group()) continue;
    const plan::Relationship* containment = vertices_[i].node->find_containment();
    if (containment == nullptr) continue;
    const int container = find(containment->target_id);
    std::size_t outermost = i;
    for (std::size_t steps = 0; vertices_[outermost].parent != kNone; ++steps) {
      const auto above = static_cast<std::size_t>(vertices_[outermost].parent);
      if (!vertices_[above].is_group() || steps > vertices_.size()) break;
      outermost = above;
    }
    vertices_[outermost].parent = container;
  }
}

// Parents first, without recursion: a chain of containers may be long.
std::optional<Fault> Topology::sort() {
  std::vector<std::vector<int>> children(vertices_.size());
  for (std::size_t i = 0; i < vertices_.size(); ++i) {
    const int parent = vertices_[i].parent;
    if (parent == kNone)
      order_.push_back(static_cast<int>(i));
    else
      children[static_cast<std::size_t>(parent)].push_back(static_cast<int>(i));
  }
  for (std::size_t i = 0; i < order_.size(); ++i) {
    const int above = order_[i];
    for (const int child : children[static_cast<std::size_t>(above)]) {
      vertices_[static_cast<std::size_t>(child)].nearest_group =
          vertex(above).is_group() ? above : vertex(above).nearest_group;
      order_.push_back(child);
    }
  }
  if (order_.size() == vertices_.size()) return {};
  return Fault{"ValueError", "nodes or groups contain each other in a circle"};
}

int Topology::find(std::string_view name) const {
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? kNone : found->second;
}

int Topology::shared_group(int one, int other) const {
  for (int group = vertex(one).nearest_group; group != kNone; group = vertex(group).nearest_group)
    for (int its = vertex(other).nearest_group; its != kNone; its = vertex(its).nearest_group)
      if (its == group) return group;
  return kNone;
}

}  // namespace cfy::deploy
