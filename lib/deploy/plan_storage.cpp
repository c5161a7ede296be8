// Look-ups in a plan.
#include "deploy/plan_storage.hpp"

namespace cfy::deploy {

PlanStorage::PlanStorage(const plan::Plan& plan) : plan_(plan) {
  for (const plan::Node& node : plan.nodes)
    nodes_.emplace(node.id, &node);
}

const plan::json* PlanStorage::find_input(std::string_view name) {
  const auto found = plan_.inputs.find(name);
  return found == plan_.inputs.end() ? nullptr : &*found;
}

std::optional<functions::NodeFacts> PlanStorage::find_node(std::string_view name) {
  const auto found = nodes_.find(name);
  if (found == nodes_.end()) return std::nullopt;
  const plan::Relationship* containment = found->second->find_containment();
  return functions::NodeFacts{&found->second->properties,
                              containment == nullptr ? std::string() : containment->target_id};
}

}  // namespace cfy::deploy
