// Dotted paths into JSON, as ctx takes them: "a.b[2].c".
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

namespace cfy::script {

/// A step into an object, or into a list.
using PathStep = std::variant<std::string, std::size_t>;

/// Nothing when it is no path: "", "a..b", "a[x]", "a[1".
std::optional<std::vector<PathStep>> parse_path(const std::string& path);

/// nullptr when there is nothing of that path.
const nlohmann::json* find_at(const nlohmann::json& root, const std::vector<PathStep>& path);

/// Objects on the way are made; list items must be there (or one past the end, which appends).
/// False: a step does not fit what is there, and nothing was changed.
bool set_at(nlohmann::json& root, const std::vector<PathStep>& path, nlohmann::json value);

}  // namespace cfy::script
