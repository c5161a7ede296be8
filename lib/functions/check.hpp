// The parse stage of intrinsic functions: arguments are checked, nothing is evaluated.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "functions/info.hpp"
#include "schema/problem.hpp"

namespace cfy::functions {

using nlohmann::json;

/// What the check needs to know of the blueprint. Answers should cost no more than a look-up.
class Catalog {
 public:
  virtual ~Catalog() = default;
  virtual bool has_input(std::string_view name) const = 0;
  virtual bool has_node(std::string_view name) const = 0;
  /// The merged properties of a node template; nullptr when they are not known.
  virtual const json* find_properties(std::string_view node) const = 0;
  /// Only asked for hints, after an error.
  virtual std::vector<std::string> input_names() const = 0;
  virtual std::vector<std::string> node_names() const = 0;
  /// 4 for cloudify_dsl_1_4.
  virtual int dsl_minor() const = 0;
};

/// Where the checked value stands.
struct Place {
  Scope scope = Scope::none;
  std::string_view node;    ///< what SELF or SOURCE is: the node template that holds the value
  std::string_view target;  ///< what TARGET is: the target of the relationship that holds it
};

/// Check all functions in `value`, nested ones too.
///
/// Called for what a deployment evaluates: properties and capabilities of node templates, inputs of
/// their operations and of their relationships' operations, outputs, capabilities, properties of
/// policies and scaling groups, labels, deployment_settings. Properties of relationships and
/// parameters of workflows are not checked (nor evaluated).
/// Problems: types of the reference, without a code (UnknownInputError, FunctionValidationError,
/// ValueError, KeyError, ...); the path leads to the function inside `value`.
/// Cost: linear in `value`.
void check_functions(const json& value, const Place& place, const Catalog& catalog,
                     schema::Problems& problems);

/// Appends what `value` needs from outside to the plan's `requirements`: the arguments of
/// get_secret to requirements["secrets"], the paths of get_environment_capability to
/// requirements["parent_capabilities"], with repetitions, in order.
void collect_requirements(const json& value, json& requirements);

}  // namespace cfy::functions
