// Contained subgraph. get_contained_subgraph() gives an instance and all that is contained in it,
// at any depth; contained_instances() gives what is directly in it.
#include <map>
#include <set>

#include "examples.hpp"

namespace {

/// One check for each instance on the host, that of its container first.
void add_checks(const cfy::TaskGraph& graph, const cfy::NodeInstance& host) {
  std::map<cfy::NodeInstance, cfy::Task> checks;
  for (const cfy::NodeInstance& instance : host.get_contained_subgraph()) {
    checks[instance] = instance.execute_operation("examples.interfaces.care.check");
    graph.add_task(checks[instance]);
  }
  for (const auto& [container, check] : checks)
    for (const cfy::NodeInstance& inner : container.contained_instances())
      graph.add_dependency(checks.at(inner), check);
}

}  // namespace

void examples::check_hosts(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  std::set<cfy::NodeInstance> hosts;  // several instances may be on one
  for (const cfy::NodeInstance& instance : instances_of(ctx, parameters)) {
    const auto host = instance.host();
    if (!host) throw cfy::NonRecoverable("'" + instance.id() + "' is on no host");
    hosts.insert(*host);
  }

  const cfy::TaskGraph graph = ctx.graph_mode();
  for (const cfy::NodeInstance& host : hosts)
    add_checks(graph, host);
  graph.execute();
}
