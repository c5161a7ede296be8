// Five workflows to copy from, each in a file of its own, each about one thing that workflows do;
// and an operation whose instances take turns. blueprints/examples is what they run on;
// plugins/README.md walks through them.
#pragma once

#include <cfy/plugin.hpp>

namespace examples {

/// Handlers: what the end of a task means. All four answers.
void open_sites(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
/// Deployment modification: more instances of a node, or none of them when one fails.
void grow(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
/// Subgraphs: nested, one after the other, tried again as a whole.
void upgrade(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
/// Contained subgraph: a host and all that it holds.
void check_hosts(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
/// Without a graph: tasks one by one, their results, and a cancel that leaves nothing locked.
cfy::json backup(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);

/// Serial operation: an instance waits for those before it.
cfy::json join(cfy::OperationContext& ctx);

/// The instances of the node that parameter `node_id` names. Throws when there is no such node.
std::vector<cfy::NodeInstance> instances_of(const cfy::WorkflowContext& ctx,
                                            const cfy::Parameters& parameters);

}  // namespace examples
