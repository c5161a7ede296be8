// A workflow that gives back what it may ask of the whole program, and changes what it may change.
#include <cfy/plugin.hpp>

namespace {

cfy::json facts(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const cfy::NodeInstance instance = ctx.node_instances().at(0);
  cfy::json found = {{"own", ctx.get_execution()},
                     {"other", ctx.get_execution(parameters.get<std::string>("other"))},
                     {"blueprint", ctx.get_resource("blueprint.yaml").size()},
                     {"deployment", instance.deployment_id()},
                     {"creator", ctx.deployment().creator()},
                     {"tenant", ctx.tenant_name()},
                     {"wait_after_fail", ctx.wait_after_fail()},
                     {"operation", instance.node().get_operation("configure")},
                     {"state", instance.get_state().get()}};
  try {
    static_cast<void>(ctx.get_execution("none"));
  } catch (const cfy::NonRecoverable& error) {
    found["unknown"] = error.what();
  }
  instance.set_runtime_properties({{"seen", true}});
  found["result"] = instance.execute_operation("configure").get();
  try {
    instance.set_runtime_properties({{"seen", "again"}});  // the operation was there in between
  } catch (const cfy::StorageConflict& error) {
    found["conflict"] = error.what();
  }
  instance.set_runtime_properties({{"seen", "at last"}});
  ctx.refresh_node_instances();
  found["runtime_properties"] = instance.runtime_properties();
  return found;
}

// Functions that no operation is mapped to.
cfy::json call_functions(cfy::WorkflowContext& ctx, const cfy::Parameters&) {
  const char* run = "script.script_runner.tasks.run";
  const cfy::json kwargs = {{"script_path", "scripts/where.sh"}, {"said", {{"get_input", "word"}}}};
  cfy::json found;
  found["deployment"] = ctx.execute_task(run, {.kwargs = kwargs}).get();
  found["instance"] =
      ctx.execute_task(run, {.kwargs = kwargs, .node_instance = ctx.node_instances().at(0)}).get();
  try {
    static_cast<void>(ctx.execute_task("scrpt.script_runner.tasks.run"));
  } catch (const cfy::NonRecoverable& error) {
    found["unknown"] = error.what();
  }
  return found;
}

}  // namespace

CFY_PLUGIN("looks_around", "1.0.0", cfy::workflow<facts>("workflows.facts"),
           cfy::workflow<call_functions>("workflows.call_functions"));
