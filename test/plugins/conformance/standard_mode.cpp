#include <chrono>
#include <thread>

#include "workflows.hpp"

namespace conformance {

std::string standard(cfy::WorkflowContext& ctx, const cfy::Parameters&) {
  const cfy::NodeInstance a = instance_of(ctx, "a"), b = instance_of(ctx, "b");
  static_cast<void>(ctx.send_event("conf: first part").get());
  const cfy::json result = a.execute_operation("my_interface.work").get();
  ctx.logger().info("conf: result " +
                    (result.is_string() ? result.get<std::string>() : result.dump()));
  static_cast<void>(b.set_state("prepared").get());
  static_cast<void>(b.execute_operation("my_interface.work"));
  static_cast<void>(b.send_event("conf: started b"));
  return "all done";
}

// Neither of the two waits by sleeping for something: how long they take is what the case is about.
void standard_cancel(cfy::WorkflowContext& ctx, const cfy::Parameters&) {
  const cfy::NodeInstance a = instance_of(ctx, "a");
  for (int i = 0; i < 40; ++i) {
    if (ctx.has_cancel_request()) {
      ctx.logger().info("conf: cancel seen");
      throw cfy::ExecutionCancelled();
    }
    if (i == 0) static_cast<void>(a.execute_operation("my_interface.work").get());
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  static_cast<void>(a.execute_operation("my_interface.late").get());
}

std::string standard_ignores_cancel(cfy::WorkflowContext& ctx, const cfy::Parameters&) {
  static_cast<void>(instance_of(ctx, "a").execute_operation("my_interface.work").get());
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  return "finished anyway";
}

void use_contained_subgraph(cfy::WorkflowContext& ctx, const cfy::Parameters&) {
  const cfy::NodeInstance container = instance_of(ctx, "some_node");
  for (const cfy::NodeInstance& instance : container.contained_instances())
    static_cast<void>(instance.execute_operation("my_interface.direct").get());
  for (const cfy::NodeInstance& instance : container.get_contained_subgraph())
    static_cast<void>(instance.execute_operation("my_interface.recursive").get());
}

}  // namespace conformance
