#include "workflows.hpp"

namespace conformance {

std::string graph_cancel_cleanup(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const cfy::TaskGraph graph = ctx.graph_mode();
  graph.sequence().add(instance_of(ctx, "a").execute_operation("my_interface.slow"),
                       instance_of(ctx, "b").execute_operation("my_interface.late"));
  try {
    graph.execute();
  } catch (const cfy::ExecutionCancelled&) {
    ctx.logger().info("conf: cleaning up");
    if (!parameters.get<bool>("swallow")) throw;
  }
  return "reached the end";
}

void task_handlers(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const cfy::TaskGraph graph = ctx.graph_mode();
  const cfy::NodeInstance instance = instance_of(ctx, "some_node");
  const auto action = parameters.get<std::string>("on_failure_action");
  const cfy::Task task = instance.execute_operation("my_interface.my_task");
  task.on_success([instance] {
    instance.logger().info("conf: task succeeded");
    return cfy::HandlerResult::cont();
  });
  task.on_failure([instance, action] {
    instance.logger().info("conf: task failed");
    if (action == "ignore") return cfy::HandlerResult::ignore();
    return action == "retry" ? cfy::HandlerResult::retry() : cfy::HandlerResult::fail();
  });
  graph.sequence().add(task, instance.execute_operation("my_interface.after"));
  graph.execute();
}

void use_forkjoin(cfy::WorkflowContext& ctx, const cfy::Parameters&) {
  const cfy::TaskGraph graph = ctx.graph_mode();
  const auto work = [&](const char* node) {
    return instance_of(ctx, node).execute_operation("my_interface.work");
  };
  graph.sequence().add(work("before"), cfy::forkjoin(work("m1"), work("m2"), work("m3")),
                       work("after"));
  graph.execute();
}

void use_subgraphs(cfy::WorkflowContext& ctx, const cfy::Parameters&) {
  const cfy::TaskGraph graph = ctx.graph_mode();
  const cfy::NodeInstance instance = instance_of(ctx, "some_node");
  const auto operation = [&](const char* name) { return instance.execute_operation(name); };
  const cfy::Subgraph start = graph.subgraph("some_start_subgraph");
  start.sequence().add(operation("my_interface.create"), operation("my_interface.configure"),
                       operation("my_interface.start"));
  const cfy::Subgraph upgrade = graph.subgraph("some_upgrade_subgraph");
  upgrade.sequence().add(operation("my_interface.upgrade_step1"),
                         operation("my_interface.upgrade_step2"),
                         operation("my_interface.upgrade_step3"));
  graph.add_dependency(upgrade, start);
  graph.execute();
}

}  // namespace conformance
