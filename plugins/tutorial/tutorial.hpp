// The five steps of the tutorial, each a workflow of its own and each in a file of its own. Read
// them in order; every step changes a little of the one before.
#pragma once

#include <cfy/plugin.hpp>

namespace tutorial {

/// Run the `configure` operation of every node instance.
void step_1(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
/// Run any operation, of the instances of one type, with inputs.
void step_2(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
/// Tell what is going on, before and after.
void step_3(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
/// Start an instance only after the instances it has relationships to.
void step_4(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
/// Run operations of relationships as well. This is the finished `run_operation`.
void step_5(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);

}  // namespace tutorial
