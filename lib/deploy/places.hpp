// Places: the values of a plan in which functions are evaluated when a deployment is made, in the
// order in which they are.
#pragma once

#include <functional>
#include <string>

#include "functions/evaluate.hpp"
#include "plan/plan.hpp"

namespace cfy::deploy {

/// A value and where it stands. `path` is the dotted path in the plan.
struct PlaceInPlan {
  functions::Scope scope = functions::Scope::none;
  const plan::Node* node = nullptr;                  ///< SELF or SOURCE
  const plan::Relationship* relationship = nullptr;  ///< leads to TARGET
  std::string path;
};

using VisitPlace = std::function<void(const PlaceInPlan& place, const plan::json& value)>;

/// Calls `visit` for every value that holds a function: properties, capabilities and inputs of
/// operations of nodes (by all names of an operation), inputs of relationship operations, outputs,
/// properties of policies and scaling groups, capabilities, labels, deployment settings.
void visit_places(const plan::Plan& plan, const VisitPlace& visit);

/// What functions at a place see as SELF, SOURCE and TARGET.
functions::Context context_of(const PlaceInPlan& place);

}  // namespace cfy::deploy
