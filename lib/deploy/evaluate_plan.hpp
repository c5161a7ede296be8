// Evaluates the functions of a plan in place, as far as they can be before anything runs.
#pragma once

#include "base/diagnostics.hpp"
#include "plan/plan.hpp"

namespace cfy::deploy {

/// Needs the values of inputs in `plan.inputs`. Operations that nodes share are copied where a node
/// gets values of its own; has_intrinsic_functions tells which inputs wait for the run. Each fault
/// becomes a Diagnostic, and its value stays as it was.
/// Cost: linear in the plan and in what functions give.
void evaluate_plan(plan::Plan& plan, base::Diagnostics& diagnostics);

/// Values of inputs as they are for whoever asks: defaults may be functions, of other inputs
/// mostly. What cannot be known before a run, and what fails, stays as it is.
plan::json evaluate_inputs(const plan::json& inputs);

}  // namespace cfy::deploy
