// Constraints of inputs and parameters: whether one is well formed, and whether a value obeys them.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "schema/problem.hpp"

namespace cfy::schema {

using nlohmann::json;

/// Asked for values that name things (types deployment_id, node_id, ...): whether `value` exists
/// and fits the lookup constraints (filter_id, labels, ...) among `constraints`. Without an
/// answerer such values pass.
using ValueLookup =
    std::function<bool(std::string_view type, const json& value, const json& constraints)>;

/// One item of a `constraints` list: {operator: argument}, perhaps with `error_message`.
/// Problems: 1 not of that form, 103 unknown operator, 212 bad argument. An argument that is an
/// intrinsic function is accepted. Whether the DSL version allows `error_message` (1_5) is for the
/// caller to say.
std::optional<Problem> check_constraint(const json& definition);

/// `value` against the `constraints`, `type` and `item_type` of an input or parameter; with an item
/// type, each item of a list is checked (type first, 105) instead of the list.
///
/// Problems: ConstraintException without a code, 213 for a function as value. Constraints whose
/// argument is an intrinsic function are left out: evaluate them before.
void check_constraints(const json& value, const json& schema, const ValueLookup& lookup,
                       Problems& problems);

}  // namespace cfy::schema
