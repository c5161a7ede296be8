// Deployment modification. start_modification() adds the instances at once, so that operations can
// run on them; they stay when it is finished, and go when it is rolled back. The built-in `scale`
// does the same with more choices.
#include <cfy/lifecycle.hpp>

#include "examples.hpp"

void examples::grow(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const auto node_id = parameters.get<std::string>("node_id");
  const auto instances = parameters.get<std::int64_t>("instances");
  const auto node = ctx.get_node(node_id);
  if (!node) throw cfy::NonRecoverable("there is no node '" + node_id + "'");
  if (instances <= node->planned_number_of_instances())
    throw cfy::NonRecoverable("node '" + node_id + "' has " +
                              std::to_string(node->planned_number_of_instances()) +
                              " instances already");

  static_cast<void>(ctx.graph_mode());  // cfy/lifecycle.hpp works with the graph
  const auto modification =
      ctx.deployment().start_modification({{node_id, {.instances = instances}}});
  // From here on an exception must not leave the modification started, as it would block the next
  // one. The guard rolls back unless finish() was called.
  cfy::ModificationGuard guard(modification);

  // Among them are those that the new ones have relationships with; they stay as they are.
  std::vector<cfy::NodeInstance> added, related;
  for (const cfy::NodeInstance& instance : modification.added().node_instances())
    (instance.modification() ? added : related).push_back(instance);
  try {
    cfy::install_node_instances(ctx, added, {.related = related});
  } catch (const cfy::Error&) {
    // A rollback takes the instances away, but runs no operations: what theirs have made in the
    // world goes here. In the scope tasks run, although the reason may be a cancel.
    const cfy::CleanupScope scope(ctx);
    cfy::uninstall_node_instances(ctx, added, {.related = related, .ignore_failure = true});
    throw;
  }
  guard.finish();
}
