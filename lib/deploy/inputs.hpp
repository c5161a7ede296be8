// The inputs of a deployment: given ones, defaults, what is missing and what is wrong.
#pragma once

#include "base/diagnostics.hpp"
#include "deploy/given.hpp"
#include "plan/plan.hpp"
#include "schema/constraints.hpp"

namespace cfy::deploy {

struct InputOptions {
  /// Convert texts given for integer, float and boolean inputs (texts of the command line always
  /// are).
  bool auto_correct_types = false;
  schema::ValueLookup lookup;  ///< for inputs that name things of a deployment
  ReadText read_text;
};

/// Replace the declarations in `plan.inputs` by values; they stay in `plan.input_schemas`.
///
/// All mistakes are reported at once: MissingRequiredInputError and UnknownInputError for each
/// input concerned, ConstraintException, 214 for a value that does not suit its type, 213, 105.
void apply_inputs(plan::Plan& plan, const GivenValues& given, const InputOptions& options,
                  base::Diagnostics& diagnostics);

}  // namespace cfy::deploy
