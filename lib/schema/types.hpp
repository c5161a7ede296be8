// The built-in types of the DSL and the shapes of values. Data types are in complete.hpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/json_text.hpp"

namespace cfy::schema {

using nlohmann::json;

/// string, integer, ..., and the types that name things of a deployment (node_id, secret_key, ...).
bool is_builtin_type(std::string_view name);
const std::vector<std::string>& builtin_type_names();

/// The types whose values name something that exists: deployment_id, node_instance, ...
bool is_id_type(std::string_view name);

/// The minor version of the DSL (1_x) that brought a built-in type: 4 or 5 for id types, else 0.
int builtin_type_since(std::string_view name);

/// Whether a value suits a built-in type at the parse stage: `string`, `textarea` and the id types
/// take anything, a float may be an integer, a boolean is no number.
bool suits_builtin_type(const json& value, std::string_view type);

using base::is_foreign_scalar;   // which are scalars for every rule
bool is_map(const json& value);  ///< an object that is not a foreign scalar

/// "integer 5", "string \"80a\"", "null", "a list", "a map": a value in a message, cut when long.
std::string describe(const json& value);

/// "string", "integer", "float", "boolean", "list", "map", "null".
std::string_view kind_of(const json& value);

}  // namespace cfy::schema
