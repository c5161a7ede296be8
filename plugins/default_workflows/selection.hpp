// Selection: the instances that the parameters type_names, node_ids and node_instance_ids name.
#pragma once

#include <vector>

#include <cfy/plugin.hpp>

namespace workflows {

using Instances = std::vector<cfy::NodeInstance>;

struct Selection {
  Instances chosen, others;  ///< in blueprint order
};

/// The three filters are and-ed; one that is empty or missing lets all through. Warns of names that
/// do not exist, and when nothing is chosen.
Selection select(const cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);

/// A parameter that is a switch; null and 0 are off, other numbers on. Anything else is an error.
bool is_on(const cfy::Parameters& parameters, const char* name, bool otherwise);

/// All instances that are not in `chosen`.
Instances all_but(const cfy::WorkflowContext& ctx, const Instances& chosen);

}  // namespace workflows
