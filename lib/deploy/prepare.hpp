// Prepares a deployment: a plan with inputs applied, functions evaluated and node instances made.
#pragma once

#include <optional>

#include "base/diagnostics.hpp"
#include "deploy/given.hpp"
#include "deploy/inputs.hpp"
#include "deploy/outside_uses.hpp"
#include "plan/plan.hpp"

namespace cfy::deploy {

struct PrepareOptions {
  GivenValues inputs;
  InputOptions input_options;
  HasSecret has_secret;  ///< empty: there is no secret store, so any use of get_secret is an error
  bool runtime_only_evaluation = false;  ///< leave all functions as written
};

/// The deployment plan of a blueprint's plan. Nothing is written anywhere.
///
/// Mistakes in inputs are all reported at once; without any, faults of functions; without any,
/// unknown secrets and what prevents instances. Ids of instances are random.
/// @return nothing when `diagnostics` got errors
std::optional<plan::Plan> prepare_deployment(plan::Plan plan, const PrepareOptions& options,
                                             base::Diagnostics& diagnostics);

}  // namespace cfy::deploy
