// Plans in a few lines: nodes as "name", related by "->".
#pragma once

#include <map>
#include <string>

#include <catch2/catch.hpp>

#include "base/diagnostics.hpp"
#include "deploy/prepare.hpp"
#include "plan/plan.hpp"

namespace cfy::deploy {

inline plan::Node make_node(const std::string& id, int count = 1) {
  plan::Node node;
  node.id = id;
  node.type = "t";
  node.scalable.default_instances = node.scalable.current_instances =
      node.scalable.planned_instances = count;
  return node;
}

/// A relationship of the base type that ends in `kind`: contained_in, connected_to, depends_on.
inline void relate(plan::Node& node, const std::string& kind, const std::string& target,
                   const std::string& connection = "all_to_all") {
  plan::Relationship one;
  one.type = "cloudify.relationships." + kind;
  one.type_hierarchy = std::make_shared<const std::vector<std::string>>(
      std::vector<std::string>{std::string(plan::kDependsOn), one.type});
  one.target_id = target;
  one.properties = {{"connection_type", connection}};
  node.relationships.push_back(std::move(one));
}

inline void add_group(plan::Plan& plan, const std::string& name, std::vector<std::string> members,
                      int count) {
  plan::ScalingGroup group;
  group.members = std::move(members);
  group.properties.default_instances = group.properties.current_instances = count;
  plan.scaling_groups[name] = group;
}

inline plan::Plan prepared(plan::Plan plan, PrepareOptions options = {}) {
  base::Diagnostics diagnostics;
  auto result = prepare_deployment(std::move(plan), options, diagnostics);
  for (const auto& one : diagnostics.all())
    UNSCOPED_INFO(one.message);
  REQUIRE(result.has_value());
  return *std::move(result);
}

inline std::vector<base::Diagnostic> refused(plan::Plan plan, PrepareOptions options = {}) {
  base::Diagnostics diagnostics;
  CHECK_FALSE(prepare_deployment(std::move(plan), options, diagnostics).has_value());
  return diagnostics.all();
}

inline std::map<std::string, int> counts(const std::vector<plan::NodeInstance>& instances) {
  std::map<std::string, int> result;
  for (const auto& one : instances)
    ++result[one.node_id];
  return result;
}

inline std::vector<const plan::NodeInstance*> instances_of(const plan::Plan& plan,
                                                           const std::string& node) {
  std::vector<const plan::NodeInstance*> found;
  for (const auto& one : plan.node_instances)
    if (one.node_id == node) found.push_back(&one);
  return found;
}

}  // namespace cfy::deploy
