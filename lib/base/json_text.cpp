// Both texts are written by one walk; they differ in the words for scalars.
#include "base/json_text.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace cfy::base {
namespace {

using nlohmann::json;

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string python_scalar(const json& value) {
  if (value.is_null()) return "None";
  if (value.is_boolean()) return value.get<bool>() ? "True" : "False";
  return value.is_string() ? python_quoted(value.get_ref<const std::string&>()) : dump(value);
}

template <typename Scalar>
void write(const json& value, const Scalar& scalar, std::string& out) {
  if (!value.is_structured()) {
    out += scalar(value);
    return;
  }
  const char* separator = "";
  out += value.is_object() ? '{' : '[';
  for (const auto& item : value.items()) {
    out += separator;
    separator = ", ";
    if (value.is_object()) out += scalar(item.key()) + ": ";
    write(item.value(), scalar, out);
  }
  out += value.is_object() ? '}' : ']';
}

}  // namespace

std::string to_spaced_json(const json& value) {
  std::string out;
  write(value, dump, out);
  return out;
}

std::string to_python_text(const json& value) {
  return value.is_string() ? value.get<std::string>() : to_python_repr(value);
}

std::string to_python_repr(const json& value) {
  std::string out;
  write(value, python_scalar, out);
  return out;
}

}  // namespace cfy::base
