// Step 3: events. An event is a task like any other: it is told when its turn comes. The sequence
// gives each instance its own chain of three tasks; the chains run side by side.
#include "tutorial.hpp"

void tutorial::step_3(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const auto operation = parameters.get<std::string>("operation");
  const auto type_name = parameters.get<std::string>("type_name");
  const cfy::json& operation_kwargs = parameters["operation_kwargs"];

  const cfy::TaskGraph graph = ctx.graph_mode();
  for (const cfy::Node& node : ctx.nodes()) {
    if (!node.is_of_type(type_name)) continue;
    for (const cfy::NodeInstance& instance : node.instances())
      graph.sequence().add(instance.send_event("Starting to run operation"),
                           instance.execute_operation(operation, {.kwargs = operation_kwargs}),
                           instance.send_event("Done running operation"));
  }
  graph.execute();
}
