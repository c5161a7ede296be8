// What changed between two plans of one deployment that a run cannot take over by itself.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace cfy::app {

/// One sentence for each node, relationship or number of instances that differs; empty when the new
/// plan fits the instances that were made from the old one. Cost: linear in both plans.
std::vector<std::string> find_topology_changes(const plan::Plan& before, const plan::Plan& after);

}  // namespace cfy::app
