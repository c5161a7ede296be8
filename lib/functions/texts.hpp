// Values as Python writes them: what concat joins.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace cfy::functions {

/// str(value): texts as they are, True, None, 1.5, [1, 'x'], {'a': 1}.
std::string python_text(const nlohmann::json& value);

}  // namespace cfy::functions
