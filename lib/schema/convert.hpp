// Texts to the type that is declared, as Cloudify's server does it for inputs and parameters.
#pragma once

#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "schema/complete.hpp"
#include "schema/constraints.hpp"

namespace cfy::schema {

/// A text given for the type integer, float or boolean ("true" and "false" in any letter case) as a
/// value of that type; anything else, and texts that do not read as the type, unchanged.
json convert_text(const json& value, std::string_view type);

/// `value` of a workflow parameter as an execution gets it: texts converted (items of a list with
/// an item_type too), checked against the type, data types completed, then constraints.
///
/// Stricter than complete_value: a `string` (or textarea) must be one. Functions pass unchecked.
/// Problems as for complete_value and check_constraints; on any, the value is returned as given.
json check_execution_value(const json& value, const json& schema, const CompleteOptions& options,
                           const ValueLookup& lookup, Problems& problems);

}  // namespace cfy::schema
