// get_input: the value of an input, or a part of it.
#include <fmt/format.h>

#include "functions/call.hpp"
#include "functions/lookup.hpp"
#include "schema/types.hpp"

namespace cfy::functions {
namespace {

Fault input_error(std::string message) {
  return {"InputEvaluationError", std::move(message)};
}

// Steps into `value`, an input, along items 1.. of `path`.
std::optional<Fault> follow_input(Call& call, const json*& value, const json& path) {
  for (std::size_t i = 1; i < path.size(); ++i) {
    const json head(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(i));
    const std::string where = path_text(head);
    const std::string item = path[i].is_string() ? path[i].get<std::string>() : path[i].dump();
    switch (step_into(value, path[i])) {
      case Step::found:
        break;
      case Step::no_key:
        return input_error(fmt::format("input '{}' has no key '{}'", where, item));
      case Step::no_index:
        return input_error(fmt::format("input '{}' has {} items, there is no index {}", where,
                                       value->size(), item));
      case Step::not_an_index:
        return input_error(fmt::format("input '{}' is a list, '{}' must be an index", where, item));
      case Step::no_container:
        return call.failure(fmt::format("input '{}' is {}, it has no attribute {}", where,
                                        schema::describe(*value), item));
    }
  }
  return {};
}

}  // namespace

Outcome get_input(Call& call) {
  const json path =
      call.arguments().is_array() ? call.arguments() : json::array({call.arguments()});
  if (contains_function(path)) return call.failure("an argument is not known at this stage");
  const std::string name = path[0].is_string() ? path[0].get<std::string>() : path[0].dump();
  const json* value = call.storage().find_input(name);
  if (value == nullptr)
    return Fault{"UnknownInputError", fmt::format("get_input names the unknown input '{}'", name)};
  if (auto fault = follow_input(call, value, path)) return *fault;
  const json* type = call.result_type();
  if (type != nullptr && type->is_string() &&
      !schema::suits_builtin_type(*value, type->get_ref<const std::string&>()))
    return input_error(fmt::format("input '{}' must be {} here, got {}", path_text(path),
                                   type->get<std::string>(), schema::describe(*value)));
  return *value;
}

}  // namespace cfy::functions
