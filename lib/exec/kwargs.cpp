#include "exec/kwargs.hpp"

#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace cfy::exec {
namespace {

using nlohmann::json;

/// What an operation may count on; types that the DSL lets hold any value are not asked.
bool fits(const json& value, std::string_view type) {
  if (type == "integer") return value.is_number_integer();
  if (type == "float") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  if (type == "list") return value.is_array();
  if (type == "dict") return value.is_object();
  return true;
}

bool may_be_function(const json& value) {
  return value.is_object() && (value.size() == 1 || (value.size() == 2 && value.contains("type")));
}

std::vector<std::string> find_ill_typed(const json& inputs, const json& types) {
  std::vector<std::string> mistakes;
  if (!types.is_object()) return mistakes;
  for (const auto& [name, declared] : types.items()) {
    const json& type =
        declared.is_object() && declared.contains("type") ? declared["type"] : declared;
    const auto value = inputs.find(name);
    if (!type.is_string() || value == inputs.end() || value->is_null()) continue;
    const auto& wanted = type.get_ref<const std::string&>();
    if (wanted != "dict" && may_be_function(*value)) continue;
    if (!fits(*value, wanted))
      mistakes.push_back("value " + value->dump() + " of '" + name +
                         "' does not match the definition: it must be " + wanted);
  }
  return mistakes;
}

}  // namespace

base::Result<json> merge_kwargs(const plan::Operation& operation, json kwargs,
                                bool allow_override) {
  json merged = operation.inputs.is_object() ? operation.inputs : json::object();
  if (kwargs.is_null()) kwargs = json::object();
  if (!kwargs.is_object())
    return base::make_error(base::ErrorKind::invalid, "kwargs must be an object, got {}",
                            kwargs.type_name());
  std::vector<std::string> both;
  for (auto& [name, value] : kwargs.items()) {
    if (merged.contains(name) && !allow_override) both.push_back("'" + name + "'");
    merged[name] = std::move(value);
  }
  if (!both.empty())
    return base::make_error(
        base::ErrorKind::invalid,
        "duplicate definition of {} in inputs of the operation and in kwargs of the call; "
        "allow_kwargs_override lets the call win",
        base::join(both, ", "));
  if (const auto mistakes = find_ill_typed(merged, operation.inputs_types); !mistakes.empty())
    return base::make_error(base::ErrorKind::invalid, "{}", base::join(mistakes, "; "));
  return merged;
}

}  // namespace cfy::exec
