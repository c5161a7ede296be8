// Step 1: the smallest workflow. In graph mode, execute_operation() makes a task and add_task()
// puts it into the graph; execute() then runs the graph, here all tasks in parallel, and waits for
// it.
#include "tutorial.hpp"

void tutorial::step_1(cfy::WorkflowContext& ctx, const cfy::Parameters&) {
  const cfy::TaskGraph graph = ctx.graph_mode();
  for (const cfy::Node& node : ctx.nodes())
    for (const cfy::NodeInstance& instance : node.instances())
      graph.add_task(instance.execute_operation("cloudify.interfaces.lifecycle.configure"));
  graph.execute();
}
