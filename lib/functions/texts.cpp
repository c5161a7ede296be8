// Python's str() and repr() for the values that JSON has.
#include "functions/texts.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "schema/types.hpp"

namespace cfy::functions {
namespace {

using nlohmann::json;

std::string float_text(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
  std::string text = fmt::format("{}", number);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string timestamp_text(const json& value) {
  std::string text =
      value.begin()->is_string() ? value.begin()->get<std::string>() : value.begin()->dump();
  if (value.contains("$timestamp")) std::replace(text.begin(), text.end(), 'T', ' ');
  return text;
}

std::string repr(const json& value);

std::string list_text(const json& value) {
  std::string text = "[";
  for (const json& item : value) {
    if (text.size() > 1) text += ", ";
    text += repr(item);
  }
  return text + "]";
}

std::string map_text(const json& value) {
  std::string text = "{";
  for (auto member = value.begin(); member != value.end(); ++member) {
    if (text.size() > 1) text += ", ";
    text += base::python_quoted(member.key()) + ": " + repr(*member);
  }
  return text + "}";
}

std::string repr(const json& value) {
  return value.is_string() ? base::python_quoted(value.get_ref<const std::string&>())
                           : python_text(value);
}

}  // namespace

std::string python_text(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return "None";
  if (value.is_boolean()) return value.get<bool>() ? "True" : "False";
  if (value.is_number_float()) return float_text(value.get<double>());
  if (value.is_array()) return list_text(value);
  if (schema::is_foreign_scalar(value)) return timestamp_text(value);
  if (value.is_object()) return map_text(value);
  return value.dump();
}

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace cfy::functions
