// Step 2: parameters. The blueprint declares them, `cfy-run execute -p name=value` sets them, and
// cfy-run has checked them before this function is called: `operation` has no default and is always
// there, the others have their defaults.
#include "tutorial.hpp"

void tutorial::step_2(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const auto operation = parameters.get<std::string>("operation");
  const auto type_name = parameters.get<std::string>("type_name");
  const cfy::json& operation_kwargs = parameters["operation_kwargs"];

  const cfy::TaskGraph graph = ctx.graph_mode();
  for (const cfy::Node& node : ctx.nodes()) {
    if (!node.is_of_type(type_name)) continue;  // its own type, or any it is derived from
    for (const cfy::NodeInstance& instance : node.instances())
      graph.add_task(instance.execute_operation(operation, {.kwargs = operation_kwargs}));
  }
  graph.execute();
}
