// Built-in types: their names, and which values suit them.
#include "schema/types.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "schema/pattern.hpp"

namespace cfy::schema {
namespace {

constexpr std::size_t kShownCharacters = 60;

const std::vector<std::string>& id_type_names() {
  static const std::vector<std::string> kNames = {
      "blueprint_id", "deployment_id", "capability_value", "scaling_group", "node_id",
      "node_type",    "node_instance", "secret_key",       "operation_name"};
  return kNames;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A cut must not fall into the middle of a UTF-8 sequence.
std::string shortened(std::string text) {
  if (text.size() <= kShownCharacters) return text;
  std::size_t end = kShownCharacters;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  return text.substr(0, end) + "...";
}

std::string dumped(const json& value) {
  return shortened(value.dump(-1, ' ', false, json::error_handler_t::replace));
}

}  // namespace

const std::vector<std::string>& builtin_type_names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names = {"string", "integer", "float", "boolean",
                                      "list",   "dict",    "regex", "textarea"};
    names.insert(names.end(), id_type_names().begin(), id_type_names().end());
    return names;
  }();
  return kNames;
}

bool is_builtin_type(std::string_view name) {
  return contains(builtin_type_names(), name);
}

bool is_id_type(std::string_view name) {
  return contains(id_type_names(), name);
}

int builtin_type_since(std::string_view name) {
  if (name == "operation_name") return 5;
  return is_id_type(name) ? 4 : 0;
}

bool is_map(const json& value) {
  return value.is_object() && !is_foreign_scalar(value);
}

bool suits_builtin_type(const json& value, std::string_view type) {
  if (type == "integer") return value.is_number_integer();
  if (type == "float")
    return value.is_number() || (is_foreign_scalar(value) && value.contains("$float"));
  if (type == "boolean") return value.is_boolean();
  if (type == "list") return value.is_array();
  if (type == "dict") return is_map(value);
  if (type == "regex")
    return value.is_string() && Pattern::parse(value.get_ref<const std::string&>()).has_value();
  return is_builtin_type(type);
}

std::string_view kind_of(const json& value) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return "boolean";
  if (value.is_number_integer()) return "integer";
  if (value.is_number()) return "float";
  if (value.is_string()) return "string";
  if (value.is_array()) return "list";
  if (!is_foreign_scalar(value)) return "dict";
  if (value.contains("$float")) return "float";
  return value.contains("$binary") ? "binary" : "timestamp";
}

std::string describe(const json& value) {
  if (value.is_null()) return "null";
  if (is_foreign_scalar(value)) {
    const json& text = *value.begin();
    return fmt::format("{} {}", kind_of(value),
                       text.is_string() ? shortened(text.get<std::string>()) : dumped(text));
  }
  if (value.empty() && value.is_structured()) return fmt::format("an empty {}", kind_of(value));
  return fmt::format("{} {}", kind_of(value), dumped(value));
}

}  // namespace cfy::schema
