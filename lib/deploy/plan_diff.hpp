// What differs between two plans of one deployment: for an update, and for whoever wants to know
// before. Compares values; knows no instance.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plan/plan.hpp"

namespace cfy::deploy {

struct Difference {
  std::string path;         ///< "port", "config.ports", "outputs.url"
  std::string_view action;  ///< added, removed, changed; of relationships also: moved
};

/// A node of both plans that differs.
struct NodeDiff {
  std::string id;
  std::vector<Difference> properties;
  std::vector<Difference> operations;     ///< its own, by full name
  std::vector<Difference> relationships;  ///< "type -> target"
  /// Of relationships that stay: "type -> target: source cloudify....establish".
  std::vector<Difference> relationship_operations;
  std::vector<Difference> capabilities;  ///< "scalable.default_instances"

  /// Instances of it are to be updated or reinstalled.
  bool has_other_definitions() const {
    return !properties.empty() || !operations.empty() || !relationship_operations.empty();
  }
};

struct PlanDiff {
  std::vector<std::string> added_nodes, removed_nodes;
  std::vector<NodeDiff> nodes;       ///< those of both plans that differ
  std::vector<Difference> sections;  ///< "inputs.size", "outputs.url", "workflows.check", ...
  /// One sentence each: what no update can change.
  std::vector<std::string> unsupported;

  bool is_empty() const {
    return added_nodes.empty() && removed_nodes.empty() && nodes.empty() && sections.empty() &&
           unsupported.empty();
  }
};

/// As in Cloudify, a relationship is known by its type and its target, several alike by their
/// order. An operation that is not mapped is as good as none. Cost: linear in both plans.
PlanDiff compare_plans(const plan::Plan& before, const plan::Plan& after);

plan::json to_json(const PlanDiff& diff);

}  // namespace cfy::deploy
