// JSON as operations know it; as texts, it is what scripts know from the original: a blank after
// each comma and colon, `["a", {"b": 1}]`. A script may compare or cut such texts, so the blanks
// are part of what we promise.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "base/error.hpp"

namespace cfy::base {

/// How deep lists and dicts may be nested in JSON that comes from outside. Deeper is nobody's data:
/// whoever copies or prints such a value would use up the stack.
constexpr std::size_t kDeepestJson = 1000;
/// The same for what this program has written itself: values from outside, put into each other.
constexpr std::size_t kDeepestOwnJson = 4000;

/// The only way in for JSON. Cost: linear.
/// Errors: invalid; the message goes on from a subject: "is not JSON", "is nested more than 1000
/// levels deep".
Result<nlohmann::json> parse_json(std::string_view text, std::size_t deepest = kDeepestJson);

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
