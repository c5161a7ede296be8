// The checks of fields.hpp.
#include "dispatch/fields.hpp"

#include <fmt/format.h>

namespace cfy::dispatch {

using nlohmann::json;

Fields::Fields(std::string what, const json& object) : what_(std::move(what)), object_(object) {
  if (!object.is_object()) error_ = fmt::format("{} must be an object", what_);
}

const json& Fields::any(const char* key) const {
  static const json kNull;
  if (!object_.is_object()) return kNull;
  const auto found = object_.find(key);
  return found == object_.end() ? kNull : *found;
}

void Fields::refuse(const char* key, const char* expected) {
  if (error_.empty()) error_ = fmt::format("{}: '{}' must be {}", what_, key, expected);
}

std::string Fields::text(const char* key) {
  const json& value = any(key);
  if (value.is_string()) return value.get<std::string>();
  if (!value.is_null()) refuse(key, "a text");
  return {};
}

std::string Fields::needed_text(const char* key) {
  std::string value = text(key);
  if (value.empty()) refuse(key, "a text that is not empty");
  return value;
}

std::int64_t Fields::number(const char* key) {
  const json& value = any(key);
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_null()) refuse(key, "a whole number");
  return 0;
}

bool Fields::truth(const char* key) {
  const json& value = any(key);
  if (value.is_boolean()) return value.get<bool>();
  if (!value.is_null()) refuse(key, "true or false");
  return false;
}

std::optional<double> Fields::seconds(const char* key) {
  const json& value = any(key);
  if (value.is_null()) return std::nullopt;
  if (value.is_number() && value.get<double>() >= 0) return value.get<double>();
  refuse(key, "a number of seconds");
  return std::nullopt;
}

json Fields::object(const char* key) {
  const json& value = any(key);
  if (value.is_object()) return value;
  if (!value.is_null()) refuse(key, "an object");
  return json::object();
}

json Fields::array(const char* key) {
  const json& value = any(key);
  if (value.is_array()) return value;
  if (!value.is_null()) refuse(key, "an array");
  return json::array();
}

}  // namespace cfy::dispatch
