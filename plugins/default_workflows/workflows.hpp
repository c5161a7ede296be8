// The built-in workflows. Parameters and defaults are those that blueprints/types/types.yaml
// declares; what they mean is told in README.md of the project.
#pragma once

#include <cfy/plugin.hpp>

namespace workflows {

void install(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
void uninstall(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
void reinstall(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
/// Instances in the middle of a step go back to before it.
void rollback(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);

void execute_operation(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
void start(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
void stop(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
void restart(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
void pull(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);

/// What validation.check_status says is kept in the instances' system properties.
void check_status(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
/// The same for lifecycle.check_drift, and for that of relationships.
void check_drift(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
/// Check, heal what is unhealthy, reinstall what cannot be healed.
void heal(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);

/// More or fewer instances of a node or scaling group.
void scale(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);

/// From the old definitions to the new ones; only as `cfy-run update` starts it.
void update(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);

}  // namespace workflows
