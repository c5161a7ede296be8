// Parameters of an execution, checked before anything starts.
#pragma once

#include <optional>
#include <string_view>

#include "base/diagnostics.hpp"
#include "deploy/given.hpp"
#include "functions/evaluate.hpp"
#include "plan/plan.hpp"
#include "schema/constraints.hpp"

namespace cfy::deploy {

struct ParameterOptions {
  bool allow_custom = false;  ///< pass on parameters that the workflow does not declare
  schema::ValueLookup lookup;
  ReadText read_text;
  /// What functions in given values and defaults may ask for; nullptr: inputs and properties of
  /// the plan only.
  functions::Storage* storage = nullptr;
};

/// The parameters that `workflow` of a deployment plan is called with: given values converted to
/// the declared types, defaults for the others (`default: null` is one; a given value replaces a
/// default whole), functions evaluated. A parameter that is not required and has no default stays
/// absent.
///
/// All mistakes are reported at once: mandatory parameters that are missing, unknown ones with the
/// near name, values that do not suit type or constraints.
/// @return the parameters, or nothing when `diagnostics` got errors
std::optional<json> check_parameters(const plan::Plan& plan, std::string_view workflow,
                                     const GivenValues& given, const ParameterOptions& options,
                                     base::Diagnostics& diagnostics);

}  // namespace cfy::deploy
