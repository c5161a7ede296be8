// What is known of each intrinsic function beforehand: when it can be evaluated, since which DSL
// version it is there, and what its first argument names.
#pragma once

#include <string_view>
#include <vector>

#include "schema/function_form.hpp"

namespace cfy::functions {

using schema::contains_function;
using schema::find_function;
using schema::FunctionForm;
using schema::is_function;

/// hybrid: evaluated when a deployment is made, unless its arguments have to wait. runtime: only
/// when an operation runs, outputs are read or properties are asked for.
enum class Phase { hybrid, runtime };

/// What the first argument (or the only one, a text) refers to: of use for namespaces.
enum class Refers { nothing, input, node };

struct FunctionInfo {
  std::string_view name;
  Phase phase;
  int since_minor;  ///< 0 or 1 for DSL 1_0, 1_1, ...
  Refers refers;
};

/// nullptr when there is no such function.
const FunctionInfo* find_info(std::string_view name);

/// Where a function stands; decides what SELF, SOURCE and TARGET mean there.
enum class Scope {
  none,
  node_template,  ///< properties, capabilities and operation inputs of a node template
  relationship,   ///< operation inputs of a relationship
  outputs,
  capabilities,
  policies,
  scaling_groups,
  labels,
  deployment_settings,
};

/// "outputs", "a node template", ...: for messages.
std::string_view describe(Scope scope);

/// Functions may be nested this deep in each other, however many lists and dicts are between them.
inline constexpr int kMaxEvaluations = 50;

}  // namespace cfy::functions
