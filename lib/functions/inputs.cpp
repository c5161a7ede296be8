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

// An input may have a function as its value, by its default: what that gives is what can be stepped
// into and has a type.
/// @param own  holds what `value` points to then
std::optional<Outcome> evaluate_reached(Call& call, const json*& value, json& own) {
  if (!find_function(*value)) return {};
  Answer answer = call.evaluate(*value, call.context());
  if (!answer.ok()) return *std::move(answer.fault);
  own = std::move(answer.value);
  value = &own;
  if (find_function(own)) return StaysRaw{};
  return {};
}

// Steps into `value`, an input, along items 1.. of `path`.
std::optional<Outcome> follow_input(Call& call, const json*& value, json& own, const json& path) {
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (auto end = evaluate_reached(call, value, own)) return end;
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
  json own;
  if (auto end = follow_input(call, value, own, path)) return *std::move(end);
  const json* type = call.result_type();
  if (type != nullptr)
    if (auto end = evaluate_reached(call, value, own)) return *std::move(end);
  if (type != nullptr && type->is_string() &&
      !schema::suits_builtin_type(*value, type->get_ref<const std::string&>()))
    return input_error(fmt::format("input '{}' must be {} here, got {}", path_text(path),
                                   type->get<std::string>(), schema::describe(*value)));
  return *value;
}

}  // namespace cfy::functions
