// Values as texts.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace cfy::functions {

/// As Python writes them, str(value): texts as they are, True, None, 1.5, [1, 'x'], {'a': 1}.
/// What concat joins.
std::string python_text(const nlohmann::json& value);

/// A name or an index of an argument list: texts as they are, everything else as JSON.
std::string text_of(const nlohmann::json& value);

}  // namespace cfy::functions
