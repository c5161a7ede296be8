// The first node instances of a deployment.
#pragma once

#include <vector>

#include "deploy/grow.hpp"
#include "plan/plan.hpp"

namespace cfy::deploy {

/// The instances of all nodes of `plan`, in the order of the nodes; each with host_id,
/// relationships, scaling groups and its index. The numbers of instances must be evaluated. Faults
/// as grow().
std::variant<std::vector<plan::NodeInstance>, Fault> make_node_instances(const plan::Plan& plan);

}  // namespace cfy::deploy
