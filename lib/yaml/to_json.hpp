// Value to JSON, for everything from the plan on.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "yaml/value.hpp"

namespace cfy::yaml {

/// What JSON lacks is written as a map of one key: {"$timestamp": ISO 8601}, {"$binary": base64},
/// {"$float": "inf" | "-inf" | "nan"}; an integer beyond 64 bits becomes the text of its digits.
/// Keys that are not strings become their JSON text. Cost: O(weight()).
nlohmann::json to_json(const Value& value);

}  // namespace cfy::yaml
