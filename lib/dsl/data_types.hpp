// The data_types section: flattened over derived_from, defaults completed.
#pragma once

#include <nlohmann/json.hpp>

#include "dsl/merge.hpp"
#include "dsl/schemas.hpp"

namespace cfy::dsl {

struct DataTypes {
  TypeNames names;                  ///< all that are declared, also wrong ones
  json flattened = json::object();  ///< as in the plan: name to {properties, derived_from, ...}
};

/// Errors: 1, 100 rings, 103 unknown parents and types, 104 names of built-in types, 105-107.
DataTypes read_data_types(Context& context, const Merged& merged);

}  // namespace cfy::dsl
