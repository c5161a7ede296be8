#include "order.hpp"

namespace workflows {

void put_in_order(const cfy::WorkflowContext& ctx, Subgraphs& subgraphs) {
  const cfy::TaskGraph graph = ctx.graph_mode();
  for (const cfy::NodeInstance& instance : ctx.node_instances())
    if (!subgraphs.contains(instance)) subgraphs.emplace(instance, graph.subgraph(instance.id()));
  for (const auto& [instance, made] : subgraphs)
    for (const cfy::RelationshipInstance& relationship : instance.relationships())
      graph.add_dependency(made, subgraphs.at(relationship.target_node_instance()));
}

}  // namespace workflows
