// What this plugin offers. `grow` is not resumable: a modification that was cut off has to be
// rolled back first, and a run that starts it anew would not know of that.
#include "examples.hpp"

std::vector<cfy::NodeInstance> examples::instances_of(const cfy::WorkflowContext& ctx,
                                                      const cfy::Parameters& parameters) {
  const auto node_id = parameters.get<std::string>("node_id");
  const auto node = ctx.get_node(node_id);
  if (!node) throw cfy::NonRecoverable("there is no node '" + node_id + "'");
  return node->instances();
}

CFY_PLUGIN("examples", "1.0.0",
           cfy::workflow<examples::open_sites>("workflows.open_sites", cfy::resumable),
           cfy::workflow<examples::grow>("workflows.grow"),
           cfy::workflow<examples::upgrade>("workflows.upgrade", cfy::resumable),
           cfy::workflow<examples::check_hosts>("workflows.check_hosts", cfy::resumable),
           cfy::workflow<examples::backup>("workflows.backup", cfy::resumable),
           cfy::serial_operation<examples::join>("operations.join",
                                                 {.workflows = {"install", "scale"}}));
