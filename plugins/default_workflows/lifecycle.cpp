// install, uninstall, reinstall, rollback: the lifecycles of the SDK, for the instances selected.
#include <cfy/lifecycle.hpp>

#include "selection.hpp"
#include "workflows.hpp"

namespace workflows {

void install(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const Selection selected = select(ctx, parameters);
  cfy::install_node_instances(ctx, selected.chosen, {.related = selected.others});
}

void uninstall(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const Selection selected = select(ctx, parameters);
  cfy::uninstall_node_instances(
      ctx, selected.chosen,
      {.related = selected.others, .ignore_failure = is_on(parameters, "ignore_failure", false)});
}

void reinstall(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const Selection selected = select(ctx, parameters);
  cfy::reinstall_node_instances(
      ctx, selected.chosen,
      {.related = selected.others, .ignore_failure = is_on(parameters, "ignore_failure", false)});
}

void rollback(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  Instances unresolved;
  for (const cfy::NodeInstance& instance : select(ctx, parameters).chosen)
    if (cfy::is_unresolved(instance.current_state())) unresolved.push_back(instance);
  // What a half made instance does not give back must not keep the rest from going back.
  cfy::rollback_node_instances(ctx, unresolved,
                               {.related = all_but(ctx, unresolved), .ignore_failure = true});
  if (is_on(parameters, "full_rollback", false))
    cfy::uninstall_node_instances(ctx, ctx.node_instances());
}

}  // namespace workflows
