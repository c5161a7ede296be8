// The inputs that an operation runs with: those of the blueprint with those of the call.
#pragma once

#include "base/error.hpp"
#include "plan/plan.hpp"

namespace cfy::exec {

/// The operation's inputs and the call's kwargs in one object. Nothing is evaluated yet, so a value
/// that is an intrinsic function is not checked against its type.
///
/// @param allow_override  whether a key of `kwargs` may replace an input of the same name
/// Errors: invalid, naming all keys that stand in both, or all that do not fit the type declared.
base::Result<nlohmann::json> merge_kwargs(const plan::Operation& operation, nlohmann::json kwargs,
                                          bool allow_override);

}  // namespace cfy::exec
