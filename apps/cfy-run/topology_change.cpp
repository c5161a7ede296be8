#include "topology_change.hpp"

#include <map>
#include <utility>

#include <fmt/format.h>

namespace cfy::app {
namespace {

using Nodes = std::map<std::string_view, const plan::Node*>;

Nodes by_name(const plan::Plan& plan) {
  Nodes nodes;
  for (const plan::Node& node : plan.nodes)
    nodes.emplace(node.id, &node);
  return nodes;
}

std::vector<std::pair<std::string, std::string>> relationships_of(const plan::Node& node) {
  std::vector<std::pair<std::string, std::string>> relationships;
  for (const plan::Relationship& one : node.relationships)
    relationships.emplace_back(one.type, one.target_id);
  return relationships;
}

std::string shown(const plan::json& number) {
  return number.dump();
}

void compare(const plan::Node& before, const plan::Node& after, std::vector<std::string>& changes) {
  if (relationships_of(before) != relationships_of(after))
    changes.push_back(fmt::format("the relationships of node '{}' changed", after.id));
  if (before.scalable.default_instances != after.scalable.default_instances)
    changes.push_back(fmt::format("node '{}' has {} instances now, had {}", after.id,
                                  shown(after.scalable.default_instances),
                                  shown(before.scalable.default_instances)));
}

void compare_groups(const plan::Plan& before, const plan::Plan& after,
                    std::vector<std::string>& changes) {
  for (const auto& [name, group] : after.scaling_groups) {
    const auto old = before.scaling_groups.find(name);
    const bool is_same =
        old != before.scaling_groups.end() && old->second.members == group.members &&
        old->second.properties.default_instances == group.properties.default_instances;
    if (!is_same) changes.push_back(fmt::format("scaling group '{}' changed", name));
  }
  for (const auto& [name, group] : before.scaling_groups)
    if (!after.scaling_groups.contains(name))
      changes.push_back(fmt::format("scaling group '{}' is gone", name));
}

}  // namespace

std::vector<std::string> find_topology_changes(const plan::Plan& before, const plan::Plan& after) {
  std::vector<std::string> changes;
  const Nodes old_nodes = by_name(before), new_nodes = by_name(after);
  for (const auto& [name, node] : new_nodes) {
    const auto old = old_nodes.find(name);
    if (old == old_nodes.end())
      changes.push_back(fmt::format("node '{}' is new", name));
    else
      compare(*old->second, *node, changes);
  }
  for (const auto& [name, node] : old_nodes)
    if (!new_nodes.contains(name)) changes.push_back(fmt::format("node '{}' is gone", name));
  compare_groups(before, after, changes);
  return changes;
}

}  // namespace cfy::app
