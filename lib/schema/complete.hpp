// Values against property schemas, as the parse stage and the inputs of a deployment see them:
// types are checked, nothing is converted, and values of data types get the defaults of their type.
// Intrinsic functions are left as they are. Knows no files: problems name the path inside the
// value.
#pragma once

#include <optional>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "schema/problem.hpp"

namespace cfy::schema {

using nlohmann::json;

struct CompleteOptions {
  /// The plan's data_types: name to {properties: {name: {type, default, required, ...}}}, flattened
  /// over derived_from. May be nullptr. Must outlive the call.
  const json* data_types = nullptr;
  /// Whether a missing property without default is a problem (107). Not so for defaults of types,
  /// which a node template may complete.
  bool require_all = true;
};

/// The schema's type, "" when it has none (anything goes).
std::string_view type_of(const json& property_schema);

/// `value` checked against `type` ("": anything), data types completed.
///
/// @param inherited_default  default of the property that the value is given for, or nullptr: for a
///        data type its members win over the defaults of the type
/// @return the completed value; where `problems` grew, the value as given
/// Problems: 105 wrong type, 106 unknown property, 107 missing property, 103 unknown type, 219.
/// Cost: linear in the value and the schemas used.
json complete_value(const json& value, std::string_view type, const json* inherited_default,
                    const CompleteOptions& options, Problems& problems);

/// A map of properties against its schemas (name to {type, default, required}): unknown ones are
/// reported (106), missing ones get their defaults or are reported (107; waived by
/// use_external_resource). Properties that are not required and have no default stay absent.
json complete_properties(const json& given, const json& schemas, const CompleteOptions& options,
                         Problems& problems);

/// The default of a property, completed: that of the schema; for a data type without one the
/// defaults of the type; nothing for a built-in type without (or with a null) default.
std::optional<json> complete_default(const json& property_schema, const CompleteOptions& options,
                                     Problems& problems);

/// The property schemas of a derived type: those of `base`, replaced whole by name by those of
/// `derived`. Only where both declare the same data type are defaults merged, the derived ones
/// winning; `initial_default` (the default as written) is looked at for that, if the derived
/// schema has it.
json merge_property_schemas(const json& base, const json& derived, const CompleteOptions& options);

}  // namespace cfy::schema
