// Recognises intrinsic functions by their form.
#include "schema/function_form.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace cfy::schema {

const std::vector<std::string>& function_names() {
  static const std::vector<std::string> kNames = {"concat",
                                                  "get_attribute",
                                                  "get_attributes_dict",
                                                  "get_attributes_list",
                                                  "get_capability",
                                                  "get_consumers",
                                                  "get_environment_capability",
                                                  "get_group_capability",
                                                  "get_input",
                                                  "get_label",
                                                  "get_property",
                                                  "get_secret",
                                                  "get_sys",
                                                  "merge",
                                                  "string_find",
                                                  "string_lower",
                                                  "string_replace",
                                                  "string_split",
                                                  "string_upper"};
  return kNames;  // sorted: is_function_name searches by halves
}

bool is_function_name(std::string_view name) {
  const auto& names = function_names();
  return std::binary_search(names.begin(), names.end(), name);
}

std::optional<FunctionForm> find_function(const json& value) {
  if (!value.is_object() || value.empty() || value.size() > 2) return std::nullopt;
  FunctionForm form;
  for (auto member = value.begin(); member != value.end(); ++member) {
    if (member.key() == "type") {
      form.result_type = &*member;
    } else if (form.arguments == nullptr && is_function_name(member.key())) {
      form.name = member.key();
      form.arguments = &*member;
    } else {
      return std::nullopt;
    }
  }
  if (form.arguments == nullptr) return std::nullopt;
  return form;
}

bool is_function(const json& value) {
  return find_function(value).has_value();
}

bool contains_function(const json& value) {
  if (is_function(value)) return true;
  if (!value.is_structured()) return false;
  return std::any_of(value.begin(), value.end(),
                     [](const json& part) { return contains_function(part); });
}

}  // namespace cfy::schema
