// Functions that ask for what is not in the blueprint: secrets, capabilities, labels, the system.
#include <fmt/format.h>

#include "base/json_text.hpp"
#include "functions/call.hpp"
#include "functions/lookup.hpp"
#include "functions/texts.hpp"
#include "schema/types.hpp"

namespace cfy::functions {
namespace {

Outcome to_outcome(Answer answer) {
  if (!answer.ok()) return *std::move(answer.fault);
  return std::move(answer.value);
}

// The list form reads the secret as JSON and steps into it.
Outcome get_secret(Call& call) {
  const json& arguments = call.arguments();
  if (!arguments.is_array()) return to_outcome(call.storage().secret(text_of(arguments)));
  const std::string name = text_of(arguments[0]);
  Answer answer = call.storage().secret(name);
  if (!answer.ok()) return *std::move(answer.fault);
  const auto content = answer.value.is_string()
                           ? base::parse_json(answer.value.get_ref<const std::string&>())
                           : base::Result<json>(std::move(answer.value));
  if (!content)
    return call.failure(
        fmt::format("the value of secret '{}' {}", name, content.error().message()));
  const json* value = &*content;
  for (std::size_t i = 1; i < arguments.size(); ++i)
    if (step_into(value, arguments[i]) != Step::found)
      return call.failure(fmt::format("secret '{}' has no '{}'", name, path_text(arguments, 1)));
  return *value;
}

Outcome get_label(Call& call) {
  const json& arguments = call.arguments();
  const json& key = arguments.is_array() ? arguments[0] : arguments;
  Answer answer = call.storage().label(text_of(key));
  if (!answer.ok() || !arguments.is_array()) return to_outcome(std::move(answer));
  // The index may be written as a text.
  const auto index = arguments[1].is_string()
                         ? base::parse_json(arguments[1].get_ref<const std::string&>())
                         : base::Result<json>(arguments[1]);
  const json* value = &answer.value;
  if (!index || step_into(value, *index) != Step::found)
    return call.failure(
        fmt::format("label '{}' has no value number {}", text_of(key), text_of(arguments[1])));
  return *value;
}

}  // namespace

Outcome outside_function(Call& call) {
  const json& arguments = call.arguments();
  if (contains_function(arguments)) return call.failure("an argument is not known at this stage");
  Storage& storage = call.storage();
  if (call.name() == "get_secret") return get_secret(call);
  if (call.name() == "get_label") return get_label(call);
  if (call.name() == "get_capability") return to_outcome(storage.capability(arguments));
  if (call.name() == "get_group_capability") return to_outcome(storage.group_capability(arguments));
  if (call.name() == "get_environment_capability")
    return to_outcome(storage.environment_capability(
        arguments.is_array() ? arguments : json::array({arguments})));
  if (call.name() == "get_sys")
    return to_outcome(storage.sys(text_of(arguments[0]), text_of(arguments[1])));
  return to_outcome(storage.consumers(text_of(arguments)));
}

}  // namespace cfy::functions
