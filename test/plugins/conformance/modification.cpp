#include "workflows.hpp"

namespace conformance {

cfy::json use_modify(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const cfy::Node node = ctx.get_node("webserver_vm").value();
  const auto count = parameters.get<std::int64_t>("count");
  const std::int64_t now = node.number_of_instances();
  if (now == count) return "no change";
  const auto modification =
      ctx.deployment().start_modification({{node.id(), {.instances = count}}});
  cfy::ModificationGuard guard(modification);
  const bool is_growing = count > now;
  const cfy::ModifiedInstances& changed =
      is_growing ? modification.added() : modification.removed();
  for (const cfy::NodeInstance& instance : changed.node_instances()) {
    std::string operation = "my_interface.related";
    if (instance.modification())
      operation = is_growing ? "my_interface.added" : "my_interface.removed";
    static_cast<void>(instance.execute_operation(operation).get());
  }
  guard.finish();
  return nullptr;
}

}  // namespace conformance
