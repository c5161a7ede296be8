// Step 5: operations of relationships. With is_node_operation false, the middle of each chain is a
// forkjoin: the operation on both sides of all relationships of the instance, side by side. An
// instance without relationships gives an empty forkjoin, which the sequence leaves out.
#include <map>
#include <vector>

#include "tutorial.hpp"

namespace {

/// The operation on the source side and on the target side of every relationship of `instance`.
cfy::ForkJoin relationship_operations(const cfy::NodeInstance& instance,
                                      const std::string& operation, const cfy::json& kwargs) {
  std::vector<cfy::Task> tasks;
  for (const cfy::RelationshipInstance& relationship : instance.relationships()) {
    tasks.push_back(relationship.execute_source_operation(operation, {.kwargs = kwargs}));
    tasks.push_back(relationship.execute_target_operation(operation, {.kwargs = kwargs}));
  }
  return cfy::forkjoin(tasks);
}

}  // namespace

void tutorial::step_5(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const auto operation = parameters.get<std::string>("operation");
  const auto type_name = parameters.get<std::string>("type_name");
  const auto is_node_operation = parameters.get<bool>("is_node_operation");
  const cfy::json& operation_kwargs = parameters["operation_kwargs"];

  const cfy::TaskGraph graph = ctx.graph_mode();
  std::map<cfy::NodeInstance, cfy::Task> starting, done;
  for (const cfy::Node& node : ctx.nodes()) {
    if (!node.is_of_type(type_name)) continue;
    for (const cfy::NodeInstance& instance : node.instances()) {
      const auto start = starting[instance] = instance.send_event("Starting to run operation");
      const auto end = done[instance] = instance.send_event("Done running operation");
      if (is_node_operation)
        graph.sequence().add(
            start, instance.execute_operation(operation, {.kwargs = operation_kwargs}), end);
      else
        graph.sequence().add(start, relationship_operations(instance, operation, operation_kwargs),
                             end);
    }
  }

  for (const auto& [instance, start] : starting)
    for (const cfy::RelationshipInstance& relationship : instance.relationships()) {
      const auto target = done.find(relationship.target_node_instance());
      if (target != done.end()) graph.add_dependency(start, target->second);
    }
  graph.execute();
}
