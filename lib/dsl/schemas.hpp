// Schemas of inputs, properties and parameters: {name: {type, default, required, ...}}. Checked
// for their form and turned into JSON, which the schema room works on.
#pragma once

#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "dsl/context.hpp"

namespace cfy::dsl {

using nlohmann::json;

enum class SchemaOf { property, input, operation_input, parameter, plugin_property };

/// Names of the data types that a blueprint defines.
using TypeNames = std::set<std::string, std::less<>>;

/// The schemas as JSON. An unknown type is reported (103, 102 for one of a later DSL version) and
/// dropped from the schema, so that it is reported once. Errors too: 1, 102, 212, 215-218.
json read_schemas(Context& context, const Value* map, SchemaOf what, const TypeNames& data_types,
                  const Path& path);

/// Check the default of each input or parameter against its type (105-107), and complete it: a
/// value of a data type gets the defaults of that. Those of a blueprint's inputs are checked
/// against their constraints, too.
/// @param schemas     what read_schemas() gave for `map`
/// @param data_types  the plan's flattened data types
void check_defaults(Context& context, const Value* map, json& schemas, SchemaOf what,
                    const json& data_types, const Path& path);

/// The same for properties, whose defaults may be incomplete: a property of a data type has at
/// least the defaults of that. Schemas note the default as written under "initial_default", which
/// schema::merge_property_schemas() wants; drop_initial_defaults() removes it again.
void complete_defaults(Context& context, const Value* map, json& schemas, const json& data_types,
                       const Path& path);
void drop_initial_defaults(json& schemas);

/// How many values a JSON value holds, itself included. Cost: linear.
std::uint64_t count_values(const json& value);

}  // namespace cfy::dsl
