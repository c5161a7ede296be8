// JSON as operations know it; as texts, it is what scripts know from the original: a blank after
// each comma and colon, `["a", {"b": 1}]`. A script may compare or cut such texts, so the blanks
// are part of what we promise.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace cfy::base {

/// One line; bytes that are not UTF-8 are replaced. Cost: linear.
std::string to_spaced_json(const nlohmann::json& value);

/// The value as the original prints it where no JSON is asked for: texts as they are, `True`,
/// `None`, numbers, and `{'a': ['b', 1]}` for what is nested.
std::string to_python_text(const nlohmann::json& value);

/// The same with a text between quotes, as Python's repr().
std::string to_python_repr(const nlohmann::json& value);

/// Values that YAML has and JSON lacks are maps of one key in plans and all that is stored:
/// {"$timestamp": ISO 8601}, {"$binary": base64} or {"$float": "inf" | "-inf" | "nan"}.
bool is_foreign_scalar(const nlohmann::json& value);

/// `value` as operations see it: each foreign scalar in it is its text. The rest is moved, so that
/// what is given away costs a look at each value and no copy.
nlohmann::json plain_value(nlohmann::json value);

}  // namespace cfy::base
