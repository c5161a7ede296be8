// An execution as users and workflows see it.
#pragma once

#include <nlohmann/json.hpp>

#include "store/records.hpp"

namespace cfy::exec {

/// With Cloudify's field names; secrets of its parameters are named, not shown.
nlohmann::json to_json(const store::Execution& row);

}  // namespace cfy::exec
