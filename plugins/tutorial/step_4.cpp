// Step 4: dependencies. The first and the last task of every chain are kept by instance. Then, for
// each relationship, the chain of the source instance waits for that of the target instance.
#include <map>

#include "tutorial.hpp"

void tutorial::step_4(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const auto operation = parameters.get<std::string>("operation");
  const auto type_name = parameters.get<std::string>("type_name");
  const cfy::json& operation_kwargs = parameters["operation_kwargs"];

  const cfy::TaskGraph graph = ctx.graph_mode();
  std::map<cfy::NodeInstance, cfy::Task> starting, done;
  for (const cfy::Node& node : ctx.nodes()) {
    if (!node.is_of_type(type_name)) continue;
    for (const cfy::NodeInstance& instance : node.instances()) {
      const auto start = starting[instance] = instance.send_event("Starting to run operation");
      const auto end = done[instance] = instance.send_event("Done running operation");
      graph.sequence().add(
          start, instance.execute_operation(operation, {.kwargs = operation_kwargs}), end);
    }
  }

  for (const auto& [instance, start] : starting)
    for (const cfy::RelationshipInstance& relationship : instance.relationships()) {
      const auto target = done.find(relationship.target_node_instance());
      if (target != done.end()) graph.add_dependency(start, target->second);
    }
  graph.execute();
}
