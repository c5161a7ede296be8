// Instances for a whole plan.
#include "deploy/instances.hpp"

namespace cfy::deploy {

std::variant<std::vector<plan::NodeInstance>, Fault> make_node_instances(const plan::Plan& plan) {
  auto topology = Topology::make(plan.nodes, plan.scaling_groups);
  if (auto* fault = std::get_if<Fault>(&topology)) return std::move(*fault);
  auto grown =
      grow(std::get<Topology>(topology), GrowOptions{nullptr, nullptr, random_ids(nullptr)});
  if (auto* fault = std::get_if<Fault>(&grown)) return std::move(*fault);
  const Forest& forest = std::get<Forest>(grown);
  std::vector<plan::NodeInstance> instances;
  for (const plan::Node& node : plan.nodes)
    for (const int number : forest.instances_of(node.id))
      instances.push_back(forest.to_instance(number));
  return instances;
}

}  // namespace cfy::deploy
