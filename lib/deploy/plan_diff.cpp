#include "deploy/plan_diff.hpp"

#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "functions/info.hpp"

namespace cfy::deploy {
namespace {

using plan::json;
using Differences = std::vector<Difference>;
using Nodes = std::unordered_map<std::string_view, const plan::Node*>;

constexpr std::string_view kAdded = "added", kRemoved = "removed", kChanged = "changed";

bool is_map(const json& value) {
  return value.is_object() && !functions::is_function(value);
}

// Down to the innermost key that differs; a function is a value.
void compare_values(const json& before, const json& after, const std::string& path,
                    Differences& found) {
  if (before == after) return;
  if (!is_map(before) || !is_map(after)) {
    found.push_back({path, kChanged});
    return;
  }
  const std::string prefix = path.empty() ? path : path + ".";
  for (const auto& [key, value] : after.items())
    if (const auto old = before.find(key); old != before.end())
      compare_values(*old, value, prefix + key, found);
    else
      found.push_back({prefix + key, kAdded});
  for (const auto& [key, value] : before.items())
    if (!after.contains(key)) found.push_back({prefix + key, kRemoved});
}

bool is_same(const plan::Operation& a, const plan::Operation& b) {
  return a.plugin == b.plugin && a.operation == b.operation && a.executor == b.executor &&
         a.max_retries == b.max_retries && a.retry_interval_s == b.retry_interval_s &&
         a.timeout_s == b.timeout_s && a.timeout_recoverable == b.timeout_recoverable &&
         a.inputs == b.inputs;
}

// The mapped one of that name; bare names are other keys for the same.
const plan::Operation* find_mapped(const plan::OperationMap* operations, std::string_view name) {
  if (operations == nullptr) return nullptr;
  const auto found = operations->find(name);
  return found == operations->end() || found->second->is_noop() ? nullptr : found->second.get();
}

void compare_operations(const plan::OperationMap* before, const plan::OperationMap* after,
                        const std::string& prefix, Differences& found) {
  if (before == after) return;
  std::set<std::string_view> names;
  for (const plan::OperationMap* map : {before, after})
    if (map != nullptr)
      for (const auto& [name, operation] : *map)
        if (name.find('.') != std::string::npos) names.insert(name);
  for (const std::string_view name : names) {
    const plan::Operation* old = find_mapped(before, name);
    const plan::Operation* now = find_mapped(after, name);
    if (old == now || (old != nullptr && now != nullptr && is_same(*old, *now))) continue;
    found.push_back({prefix + std::string(name), old == nullptr   ? kAdded
                                                 : now == nullptr ? kRemoved
                                                                  : kChanged});
  }
}

std::string name_of(const plan::Relationship& relationship) {
  return fmt::format("{} -> {}", relationship.type, relationship.target_id);
}

// Relationships of a template by type and target, several alike in their order.
using Relationships = std::map<std::pair<std::string, std::size_t>, std::size_t>;
Relationships by_name(const plan::Node& node) {
  Relationships places;
  std::map<std::string, std::size_t> count;
  for (std::size_t place = 0; place < node.relationships.size(); ++place) {
    const std::string name = name_of(node.relationships[place]);
    places.emplace(std::pair(name, count[name]++), place);
  }
  return places;
}

void compare_relationships(const plan::Node& before, const plan::Node& after, NodeDiff& node,
                           PlanDiff& diff) {
  const Relationships old_places = by_name(before), new_places = by_name(after);
  for (const auto& [key, place] : new_places) {
    const auto old_place = old_places.find(key);
    if (old_place == old_places.end()) {
      node.relationships.push_back({key.first, kAdded});
      continue;
    }
    if (old_place->second != place) node.relationships.push_back({key.first, "moved"});
    const plan::Relationship& old = before.relationships[old_place->second];
    const plan::Relationship& now = after.relationships[place];
    compare_operations(old.source_operations.get(), now.source_operations.get(),
                       key.first + ": source ", node.relationship_operations);
    compare_operations(old.target_operations.get(), now.target_operations.get(),
                       key.first + ": target ", node.relationship_operations);
    Differences properties;
    compare_values(old.properties, now.properties, "", properties);
    for (const Difference& one : properties)
      diff.unsupported.push_back(
          fmt::format("the property '{}' of the relationship of node '{}' to '{}' is {}", one.path,
                      after.id, now.target_id, one.action));
  }
  for (const auto& [key, place] : old_places)
    if (!new_places.contains(key)) node.relationships.push_back({key.first, kRemoved});
}

std::string container_of(const plan::Node& node) {
  const plan::Relationship* containment = node.find_containment();
  return containment == nullptr ? std::string() : containment->target_id;
}

// What the blueprint says; how many there are is another matter.
json shown(const plan::Scalable& scalable) {
  return {{"default_instances", scalable.default_instances},
          {"min_instances", scalable.min_instances},
          {"max_instances", scalable.max_instances}};
}

void compare_nodes(const plan::Node& before, const plan::Node& after, PlanDiff& diff) {
  if (before.type != after.type) {
    diff.unsupported.push_back(
        fmt::format("node '{}' changes its type from {} to {}", after.id, before.type, after.type));
    return;
  }
  if (container_of(before) != container_of(after)) {
    const auto shown = [](const std::string& name) {
      return name.empty() ? std::string("nothing") : "'" + name + "'";
    };
    diff.unsupported.push_back(
        fmt::format("node '{}' changes what it is contained in from {} to {}", after.id,
                    shown(container_of(before)), shown(container_of(after))));
    return;
  }
  NodeDiff node;
  node.id = after.id;
  compare_values(before.properties, after.properties, "", node.properties);
  compare_operations(before.operations.get(), after.operations.get(), "", node.operations);
  compare_relationships(before, after, node, diff);
  compare_values(shown(before.scalable), shown(after.scalable), "scalable", node.capabilities);
  compare_values(before.capabilities, after.capabilities, "", node.capabilities);
  if (node.has_other_definitions() || !node.relationships.empty() || !node.capabilities.empty())
    diff.nodes.push_back(std::move(node));
}

std::set<json> members_of(const json& group) {
  const json members = group.value("members", json::array());
  return {members.begin(), members.end()};
}

bool is_same_group(json before, json after) {
  if (members_of(before) != members_of(after)) return false;
  before.erase("members");
  after.erase("members");
  return before == after;
}

void compare_groups(const plan::Plan& before, const plan::Plan& after, PlanDiff& diff) {
  std::set<std::string> names;
  const auto has = [](const plan::Plan& plan, const std::string& name) {
    return plan.groups.contains(name) || plan.scaling_groups.contains(name);
  };
  for (const plan::Plan* plan : {&before, &after}) {
    for (const auto& [name, group] : plan->groups.items())
      names.insert(name);
    for (const auto& [name, group] : plan->scaling_groups)
      names.insert(name);
  }
  for (const std::string& name : names) {
    if (!has(before, name) || !has(after, name)) {
      diff.unsupported.push_back(
          fmt::format("group '{}' is {}", name, has(after, name) ? "new" : "gone"));
      continue;
    }
    const bool is_same =
        before.scaling_groups.contains(name) == after.scaling_groups.contains(name) &&
        is_same_group(before.groups.value(name, json::object()),
                      after.groups.value(name, json::object()));
    if (!is_same) diff.unsupported.push_back(fmt::format("group '{}' is changed", name));
  }
}

json shown(const std::map<std::string, plan::Output, std::less<>>& outputs) {
  json all = json::object();
  for (const auto& [name, output] : outputs)
    all[name] = {{"value", output.value}, {"description", output.description}};
  return all;
}

json shown(const std::map<std::string, plan::ScalingGroup, std::less<>>& groups) {
  json all = json::object();
  for (const auto& [name, group] : groups)
    all[name] = shown(group.properties);
  return all;
}

json shown(const std::map<std::string, plan::Workflow, std::less<>>& workflows) {
  json all = json::object();
  for (const auto& [name, workflow] : workflows)
    all[name] = {workflow.plugin, workflow.operation, workflow.parameters, workflow.is_cascading,
                 workflow.availability_rules};
  return all;
}

json shown(const std::map<std::string, plan::Plugin, std::less<>>& plugins) {
  json all = json::object();
  for (const auto& [name, plugin] : plugins)
    all[name] = {plugin.executor,
                 plugin.install,
                 plugin.source.value_or(""),
                 plugin.package_name.value_or(""),
                 plugin.package_version.value_or(""),
                 plugin.properties,
                 plugin.rest};
  return all;
}

// Entries of a section, each as a whole.
void compare_section(const json& before, const json& after, const std::string& name,
                     Differences& found) {
  if (before == after) return;
  if (!before.is_object() || !after.is_object()) {
    found.push_back({name, before.is_null() ? kAdded : after.is_null() ? kRemoved : kChanged});
    return;
  }
  for (const auto& [key, value] : after.items())
    if (const auto old = before.find(key); old == before.end())
      found.push_back({name + "." + key, kAdded});
    else if (*old != value)
      found.push_back({name + "." + key, kChanged});
  for (const auto& [key, value] : before.items())
    if (!after.contains(key)) found.push_back({name + "." + key, kRemoved});
}

void compare_sections(const plan::Plan& before, const plan::Plan& after, Differences& found) {
  compare_section(before.description, after.description, "description", found);
  compare_section(before.inputs, after.inputs, "inputs", found);
  compare_section(shown(before.outputs), shown(after.outputs), "outputs", found);
  compare_section(shown(before.capabilities), shown(after.capabilities), "capabilities", found);
  compare_section(shown(before.workflows), shown(after.workflows), "workflows", found);
  compare_section(shown(before.plugins), shown(after.plugins), "plugins", found);
  compare_section(shown(before.scaling_groups), shown(after.scaling_groups), "scaling_groups",
                  found);
  compare_section(before.labels, after.labels, "labels", found);
  compare_section(before.resource_tags, after.resource_tags, "resource_tags", found);
  compare_section(before.deployment_settings, after.deployment_settings, "deployment_settings",
                  found);
}

json to_json(const Differences& differences) {
  json list = json::array();
  for (const Difference& one : differences)
    list.push_back({{"path", one.path}, {"action", one.action}});
  return list;
}

}  // namespace

PlanDiff compare_plans(const plan::Plan& before, const plan::Plan& after) {
  PlanDiff diff;
  Nodes old_nodes, new_nodes;
  for (const plan::Node& node : before.nodes)
    old_nodes.emplace(node.id, &node);
  for (const plan::Node& node : after.nodes) {
    new_nodes.emplace(node.id, &node);
    if (const auto old = old_nodes.find(node.id); old == old_nodes.end())
      diff.added_nodes.push_back(node.id);
    else
      compare_nodes(*old->second, node, diff);
  }
  for (const plan::Node& node : before.nodes)
    if (!new_nodes.contains(node.id)) diff.removed_nodes.push_back(node.id);
  compare_groups(before, after, diff);
  compare_sections(before, after, diff.sections);
  return diff;
}

json to_json(const PlanDiff& diff) {
  json changed = json::array();
  for (const NodeDiff& node : diff.nodes)
    changed.push_back({{"id", node.id},
                       {"properties", to_json(node.properties)},
                       {"operations", to_json(node.operations)},
                       {"relationships", to_json(node.relationships)},
                       {"relationship_operations", to_json(node.relationship_operations)},
                       {"capabilities", to_json(node.capabilities)}});
  return {{"nodes",
           {{"added", diff.added_nodes},
            {"removed", diff.removed_nodes},
            {"changed", std::move(changed)}}},
          {"sections", to_json(diff.sections)},
          {"unsupported", diff.unsupported}};
}

}  // namespace cfy::deploy
