// Both texts are written by one walk; they differ in the words for scalars.
#include "base/json_text.hpp"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace cfy::base {
namespace {

using nlohmann::json;

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// Exponents from 1e+16 on, and a point in what is whole.
std::string shown(double number) {
  std::string digits = fmt::format("{}", number);
  if (digits.find_first_not_of("-0123456789") == std::string::npos) digits += ".0";
  return digits;
}

std::string python_scalar(const json& value) {
  if (value.is_null()) return "None";
  if (value.is_boolean()) return value.get<bool>() ? "True" : "False";
  if (value.is_number_float()) return shown(value.get<double>());
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

void make_plain(json& value) {
  if (is_foreign_scalar(value) && value.begin()->is_string()) {
    json text = std::move(*value.begin());
    value = std::move(text);
  } else if (value.is_structured()) {
    for (json& part : value)
      make_plain(part);
  }
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

bool is_foreign_scalar(const json& value) {
  if (!value.is_object() || value.size() != 1) return false;
  const std::string& key = value.begin().key();
  return key == "$timestamp" || key == "$binary" || key == "$float";
}

json plain_value(json value) {
  make_plain(value);
  return value;
}

}  // namespace cfy::base
