// Each does what the workflow_description of its case says.
#pragma once

#include <string>

#include <cfy/plugin.hpp>

namespace conformance {

// Standard mode.
std::string standard(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
void standard_cancel(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
std::string standard_ignores_cancel(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
void use_contained_subgraph(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);

/// Modifies the deployment to `count` instances of a node.
cfy::json use_modify(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);

// Graph mode.
std::string graph_cancel_cleanup(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
void task_handlers(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
void use_forkjoin(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
void use_subgraphs(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);

/// The only instance of a node.
inline cfy::NodeInstance instance_of(const cfy::WorkflowContext& ctx, std::string_view node) {
  return ctx.get_node(node).value().instances().at(0);
}

}  // namespace conformance
