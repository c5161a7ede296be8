// A deployment as it is stored: its row, its plan and its instances now.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "exec/instance_book.hpp"
#include "plan/plan.hpp"
#include "store/store.hpp"

namespace cfy::exec {

struct StoredDeployment {
  store::Deployment row;
  plan::Plan plan;
  std::unique_ptr<InstanceBook> book;
};

/// The plan of a row that was read whole. Errors: state (damaged).
base::Result<plan::Plan> stored_plan(const store::Deployment& row);

/// Errors: not_found, state.
base::Result<StoredDeployment> load_stored_deployment(store::Store& store, const std::string& id);

/// Instances in the order of the plan's nodes: the order in which everything is done when the graph
/// leaves a choice, and the one that instance ids of a call refer to.
std::vector<store::NodeInstance> in_blueprint_order(std::vector<store::NodeInstance> instances,
                                                    const plan::Plan& plan);

}  // namespace cfy::exec
