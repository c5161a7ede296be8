// The steps of preparing a deployment.
#include "deploy/prepare.hpp"

#include "deploy/evaluate_plan.hpp"
#include "deploy/instances.hpp"
#include "deploy/report.hpp"

namespace cfy::deploy {

std::optional<plan::Plan> prepare_deployment(plan::Plan plan, const PrepareOptions& options,
                                             base::Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.error_count();
  const auto has_failed = [&] { return diagnostics.error_count() > before; };
  apply_inputs(plan, options.inputs, options.input_options, diagnostics);
  if (has_failed()) return std::nullopt;
  if (!options.runtime_only_evaluation) evaluate_plan(plan, diagnostics);
  if (has_failed()) return std::nullopt;
  check_secrets(plan, options.has_secret, diagnostics);
  auto instances = make_node_instances(plan);
  if (const auto* fault = std::get_if<functions::Fault>(&instances))
    report_fault(plan, *fault, "nodes", diagnostics);
  if (has_failed()) return std::nullopt;
  plan.node_instances = std::get<std::vector<plan::NodeInstance>>(std::move(instances));
  plan.inter_deployment_functions = find_inter_deployment_functions(plan);
  return plan;
}

}  // namespace cfy::deploy
