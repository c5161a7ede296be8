#include "exec/stored_deployment.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "plan/to_json.hpp"

namespace cfy::exec {

base::Result<StoredDeployment> load_stored_deployment(store::Store& store, const std::string& id) {
  auto row = store.deployments().get(id);
  if (!row) return row.error();
  auto plan = stored_plan(*row);
  if (!plan) return plan.error();
  auto instances = store.node_instances().list(id);
  if (!instances) return instances.error();
  auto book = std::make_unique<InstanceBook>(in_blueprint_order(*std::move(instances), *plan));
  return StoredDeployment{*std::move(row), *std::move(plan), std::move(book)};
}

base::Result<plan::Plan> stored_plan(const store::Deployment& row) {
  auto plan = plan::from_json(row.plan);
  if (plan) return plan;
  return base::make_error(base::ErrorKind::state,
                          "the state database is damaged: 'plan' of '{}' in the table "
                          "'deployments' is not what it must be: {}",
                          row.id, plan.error().message());
}

std::vector<store::NodeInstance> in_blueprint_order(std::vector<store::NodeInstance> instances,
                                                    const plan::Plan& plan) {
  std::unordered_map<std::string_view, std::size_t> order;
  for (const plan::Node& node : plan.nodes)
    order.emplace(node.id, order.size());
  const auto rank = [&](const store::NodeInstance& instance) {
    const auto found = order.find(instance.node_id);
    return std::pair(found == order.end() ? order.size() : found->second, instance.index);
  };
  // One of a node that the plan does not have is nobody's to work on.
  std::erase_if(instances, [&](const auto& i) { return !order.contains(i.node_id); });
  std::stable_sort(instances.begin(), instances.end(),
                   [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return instances;
}

}  // namespace cfy::exec
