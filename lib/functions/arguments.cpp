// Argument forms, one small function for each family.
#include "functions/arguments.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "schema/types.hpp"

namespace cfy::functions {
namespace {

using MaybeFault = std::optional<Fault>;

constexpr const char* kValueError = "ValueError";
constexpr const char* kValidationError = "FunctionValidationError";

bool is_path_step(const json& value) {
  return is_path_item(value) || is_function(value);
}

bool is_path(const json& value, std::size_t least) {
  return value.is_array() && value.size() >= least &&
         std::all_of(value.begin(), value.end(), is_path_step);
}

Fault wanted(const char* type, const FunctionForm& form, std::string_view expected) {
  return {type, fmt::format("{} needs {}, got {}", form.name, expected,
                            schema::describe(*form.arguments))};
}

MaybeFault check_get_input(const FunctionForm& form) {
  const json& arguments = *form.arguments;
  if (arguments.is_string() || is_function(arguments) || is_path(arguments, 1)) return {};
  return wanted(kValueError, form, "the name of an input, or a list [input, key or index, ...]");
}

MaybeFault check_node_path(const FunctionForm& form) {
  if (is_path(*form.arguments, 2)) return {};
  return wanted(kValueError, form, "a list [node, name, key or index, ...]");
}

// Each further argument is an attribute or a list, its path; two must not have the same dotted
// text, so that all of it must be text.
MaybeFault check_attributes_dict(const FunctionForm& form) {
  const json& arguments = *form.arguments;
  if (!arguments.is_array() || arguments.empty() || !is_path_step(arguments[0]))
    return wanted(kValueError, form, "a list [node, attribute or [attribute, key, ...], ...]");
  std::set<std::string> seen;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const json path = arguments[i].is_array() ? arguments[i] : json::array({arguments[i]});
    if (path.empty() ||
        !std::all_of(path.begin(), path.end(), [](const json& step) { return step.is_string(); }))
      return wanted(kValueError, form, "a list [node, attribute or [attribute, key, ...], ...]");
    const std::string text = dotted(path);
    if (!seen.insert(text).second)
      return Fault{"FunctionEvaluationError",
                   fmt::format("{} is asked twice for the attribute '{}'", form.name, text)};
  }
  return {};
}

MaybeFault check_get_secret(const FunctionForm& form) {
  const json& arguments = *form.arguments;
  if (arguments.is_string() || is_function(arguments)) return {};
  if (arguments.is_array() && arguments.size() > 1) return {};
  return wanted(kValidationError, form,
                "the name of a secret, or a list [secret, key or index, ...]");
}

MaybeFault check_list(const FunctionForm& form) {
  if (form.arguments->is_array()) return {};
  return wanted(kValueError, form, "a list");
}

MaybeFault check_capability(const FunctionForm& form) {
  if (is_path(*form.arguments, 2)) return {};
  return wanted(kValueError, form, "a list [deployment, capability, key or index, ...]");
}

MaybeFault check_group_capability(const FunctionForm& form) {
  const json& arguments = *form.arguments;
  const auto fault = [&] {
    return wanted(kValueError, form,
                  "a list [group, capability or list of them, key or index, ...]");
  };
  if (!arguments.is_array() || arguments.size() < 2) return fault();
  for (std::size_t i = 0; i < arguments.size(); ++i)
    if (!is_path_step(arguments[i]) && !(i == 1 && arguments[i].is_array())) return fault();
  return {};
}

MaybeFault check_environment_capability(const FunctionForm& form) {
  const json& arguments = *form.arguments;
  if (arguments.is_string()) return {};
  if (!arguments.is_array() || arguments.size() < 2)
    return wanted(kValidationError, form,
                  "the name of a capability, or a list [capability, key or index, ...]");
  if (is_path(arguments, 2)) return {};
  return wanted(kValueError, form, "strings, integers or functions in its list");
}

bool is_digits(const json& value) {
  if (!value.is_string()) return false;
  const auto& text = value.get_ref<const std::string&>();
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

MaybeFault check_get_label(const FunctionForm& form) {
  const json& arguments = *form.arguments;
  if (arguments.is_string() || is_function(arguments)) return {};
  const bool is_pair = arguments.is_array() && arguments.size() == 2;
  if (is_pair && (arguments[0].is_string() || is_function(arguments[0])) &&
      (is_path_item(arguments[1]) && (!arguments[1].is_string() || is_digits(arguments[1]))))
    return {};
  return wanted(kValidationError, form, "the key of a label, or a list [key, index]");
}

MaybeFault check_get_sys(const FunctionForm& form) {
  const json& arguments = *form.arguments;
  if (!is_path(arguments, 2)) return wanted(kValueError, form, "a list [entity, property]");
  const json& entity = arguments[0];
  const json& property = arguments[1];
  if (is_function(entity)) return {};
  if (entity != "tenant" && entity != "deployment")
    return Fault{"UnknownSysEntityError", fmt::format("get_sys knows tenant and deployment, not {}",
                                                      schema::describe(entity))};
  if (is_function(property)) return {};
  const bool is_known = entity == "tenant" ? property == "name"
                                           : property == "id" || property == "name" ||
                                                 property == "blueprint" || property == "owner";
  if (is_known) return {};
  return Fault{"UnknownSysPropertyError",
               fmt::format("get_sys knows {} of a {}, not {}",
                           entity == "tenant" ? "the name" : "id, name, blueprint and owner",
                           entity.get<std::string>(), schema::describe(property))};
}

MaybeFault check_get_consumers(const FunctionForm& form) {
  const json& property = *form.arguments;
  if (property == "ids" || property == "names" || property == "count") return {};
  return wanted(kValueError, form, "one of ids, names and count");
}

enum class Wanted { text, integer };

MaybeFault check_item(const FunctionForm& form, const json& value, Wanted kind) {
  if (is_function(value)) return {};
  const bool is_good =
      kind == Wanted::text ? value.is_string() : value.is_number_integer() || value.is_boolean();
  if (is_good) return {};
  return Fault{kValidationError, fmt::format("{} needs {}, got {}", form.name,
                                             kind == Wanted::text ? "a string" : "an integer",
                                             schema::describe(value))};
}

// `texts` strings, then perhaps one integer.
MaybeFault check_texts(const FunctionForm& form, std::size_t texts, bool may_have_integer) {
  const json& arguments = *form.arguments;
  const std::size_t most = texts + (may_have_integer ? 1 : 0);
  if (!arguments.is_array() || arguments.size() < texts || arguments.size() > most)
    return wanted(kValidationError, form,
                  fmt::format("a list of {} strings{}", texts,
                              may_have_integer ? " and perhaps an integer" : ""));
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (i >= texts && arguments[i].is_null()) continue;
    if (auto fault = check_item(form, arguments[i], i < texts ? Wanted::text : Wanted::integer))
      return fault;
  }
  return {};
}

MaybeFault check_one_text(const FunctionForm& form) {
  if (form.arguments->is_string() || is_function(*form.arguments)) return {};
  return wanted(kValidationError, form, "one string");
}

}  // namespace

bool is_relative(std::string_view node_name) {
  return node_name == "SELF" || node_name == "SOURCE" || node_name == "TARGET";
}

bool is_path_item(const json& value) {
  return value.is_string() || value.is_number_integer() || value.is_boolean();
}

std::string path_text(const json& items, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < items.size(); ++i) {
    const json& item = items[i];
    const std::string name = item.is_string() ? item.get<std::string>() : item.dump();
    if (i == first)
      text = name;
    else
      text += item.is_number_integer() ? fmt::format("[{}]", name) : "." + name;
  }
  return text;
}

std::string dotted(const json& path) {
  std::string text;
  for (const json& step : path) {
    if (!text.empty()) text += '.';
    text += step.is_string() ? step.get<std::string>() : step.dump();
  }
  return text;
}

std::optional<Fault> check_arguments(const FunctionForm& form) {
  const std::string_view name = form.name;
  if (name == "get_input") return check_get_input(form);
  if (name == "get_property" || name == "get_attribute" || name == "get_attributes_list")
    return check_node_path(form);
  if (name == "get_attributes_dict") return check_attributes_dict(form);
  if (name == "get_secret") return check_get_secret(form);
  if (name == "concat" || name == "merge") return check_list(form);
  if (name == "get_capability") return check_capability(form);
  if (name == "get_group_capability") return check_group_capability(form);
  if (name == "get_environment_capability") return check_environment_capability(form);
  if (name == "get_label") return check_get_label(form);
  if (name == "get_sys") return check_get_sys(form);
  if (name == "get_consumers") return check_get_consumers(form);
  if (name == "string_find") return check_texts(form, 2, false);
  if (name == "string_replace") return check_texts(form, 3, true);
  if (name == "string_split") return check_texts(form, 2, true);
  return check_one_text(form);
}

}  // namespace cfy::functions
