// What counts as an intrinsic function: its form only. Here because the value rules leave functions
// unchecked; what they mean is the business of the functions room.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace cfy::schema {

using nlohmann::json;

/// A view into the map that is the function; lives as long as that.
struct FunctionForm {
  std::string_view name;
  const json* arguments = nullptr;
  const json* result_type = nullptr;  ///< of the form {get_input: x, type: integer}; or nullptr
};

/// The function that `value` is, or nothing when it is plain data. A function is a map whose only
/// key is a function's name, or that has `type` as its second key.
std::optional<FunctionForm> find_function(const json& value);

bool is_function(const json& value);

/// Whether a function stands anywhere in `value`. Cost: linear in its size.
bool contains_function(const json& value);

bool is_function_name(std::string_view name);
const std::vector<std::string>& function_names();

}  // namespace cfy::schema
