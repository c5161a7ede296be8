// JSON is read without recursion, but all that is done with it later recurses, so its depth is
// looked at before. Both texts are written by one walk; they differ in the words for scalars.
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

bool is_deeper(std::string_view text, std::size_t deepest) {
  if (text.size() <= deepest) return false;
  std::size_t depth = 0;
  bool is_in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\' && is_in_string)
      ++at;
    else if (c == '"')
      is_in_string = !is_in_string;
    else if (!is_in_string && (c == '[' || c == '{') && ++depth > deepest)
      return true;
    else if (!is_in_string && (c == ']' || c == '}') && depth > 0)
      --depth;
  }
  return false;
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

Result<json> parse_json(std::string_view text, std::size_t deepest) {
  if (is_deeper(text, deepest))
    return make_error(ErrorKind::invalid, "is nested more than {} levels deep", deepest);
  json value = json::parse(text, nullptr, false);
  if (value.is_discarded()) return Error(ErrorKind::invalid, "is not JSON");
  return value;
}

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
