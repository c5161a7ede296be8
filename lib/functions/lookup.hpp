// Steps into lists and maps as Python takes them: keys of maps, indices of lists, -1 the last one.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace cfy::functions {

using nlohmann::json;

enum class Step {
  found,
  no_key,        ///< the map has no such key
  no_index,      ///< the list is shorter
  not_an_index,  ///< a list was asked for a text
  no_container,  ///< neither list nor map
};

/// Moves `value` to the part of it that `item` names; unchanged unless found.
Step step_into(const json*& value, const json& item);

}  // namespace cfy::functions
