// Bound operations: merged declarations with their mappings resolved, ready for the plan.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dsl/mapping.hpp"
#include "dsl/operations.hpp"
#include "plan/plan.hpp"

namespace cfy::dsl {

/// The interfaces of a node (or of one side of a relationship) as the plan holds them. Nodes that
/// add nothing to their type share one.
struct BoundInterfaces {
  std::shared_ptr<const json> interfaces;
  std::shared_ptr<const plan::OperationMap> operations;
  std::vector<std::string> plugins;       ///< that the operations use, in order, once each
  std::vector<std::string> host_plugins;  ///< those used with the executor host_agent
  /// Inputs that are missing or wrong; who uses these interfaces reports them at its own place.
  schema::Problems input_problems;
  /// Mappings that lead nowhere; they stand where the operation is declared.
  std::vector<std::pair<schema::Problem, base::SourceRange>> mapping_problems;
};

/// Resolve all mappings. An unknown one is a problem with `unknown_code` (10 of a node, 19 of a
/// relationship); also 60, 61 and 91. Problems' paths start with interface and operation.
/// @param input_problems  what merge_interfaces() found
BoundInterfaces bind_interfaces(const Context& context, const Interfaces& interfaces,
                                schema::Problems input_problems, const plan::Plan& plan,
                                MappingResolver& resolver, int unknown_code);

}  // namespace cfy::dsl
