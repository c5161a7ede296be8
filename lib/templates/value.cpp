#include "templates/value.hpp"

#include <cmath>

#include <fmt/format.h>

#include "base/json_text.hpp"

namespace cfy::templates {

Value Value::undefined(std::string name) {
  Value value;
  value.name_ = std::move(name);
  return value;
}

Value Value::borrowed(const json& value) {
  Value made;
  made.data_ = std::shared_ptr<const json>(std::shared_ptr<const json>(), &value);
  return made;
}

Value Value::part(const json& value) const {
  Value made;
  made.data_ = std::shared_ptr<const json>(data_, &value);
  return made;
}

const json& Value::get() const {
  if (!data_) throw TemplateError(fmt::format("'{}' is undefined", name_));
  return *data_;
}

bool Value::is_true() const {
  if (!data_ || data_->is_null()) return false;
  if (data_->is_boolean()) return data_->get<bool>();
  if (data_->is_number()) return data_->get<double>() != 0;
  if (data_->is_string()) return !data_->get_ref<const std::string&>().empty();
  return !data_->empty();
}

std::string Value::text() const {
  return data_ ? base::to_python_text(*data_) : std::string();
}

const char* type_name(const json& value) {
  switch (value.type()) {
    case json::value_t::null:
      return "None";
    case json::value_t::boolean:
      return "bool";
    case json::value_t::string:
      return "str";
    case json::value_t::array:
      return "list";
    case json::value_t::object:
      return "dict";
    default:
      return value.is_number_integer() ? "int" : "float";
  }
}

bool is_integer(const json& value) {
  return value.is_number_integer();
}

std::optional<double> to_number(const json& value) {
  if (value.is_boolean()) return value.get<bool>() ? 1 : 0;
  if (value.is_number()) return value.get<double>();
  return std::nullopt;
}

std::int64_t to_integer(const json& value, const char* what) {
  if (value.is_boolean()) return value.get<bool>() ? 1 : 0;
  if (!is_integer(value))
    throw TemplateError(
        fmt::format("{} must be a whole number, not {}", what, base::to_python_text(value)));
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX)
    throw TemplateError(fmt::format("{} is too large: {}", what, value.dump()));
  return value.get<std::int64_t>();
}

const std::string& to_text(const json& value, const char* what) {
  if (!value.is_string())
    throw TemplateError(fmt::format("{} must be a text, not {}", what, type_name(value)));
  return value.get_ref<const std::string&>();
}

namespace {

bool is_deeper_than(const json& value, int levels) {
  if (!value.is_structured()) return false;
  if (levels == 0) return true;
  for (const json& member : value)
    if (is_deeper_than(member, levels - 1)) return true;
  return false;
}

}  // namespace

json checked_depth(json value) {
  constexpr int kDeepestValue = 500;
  if (is_deeper_than(value, kDeepestValue)) throw TemplateError("the value is nested too deeply");
  return value;
}

bool equals(const json& left, const json& right) {
  if (is_integer(left) && is_integer(right)) return left == right;
  const auto left_number = to_number(left), right_number = to_number(right);
  if (left_number && right_number) return *left_number == *right_number;
  if (left.type() != right.type() || left.size() != right.size()) return left == right;
  if (left.is_array()) {
    for (std::size_t i = 0; i < left.size(); ++i)
      if (!equals(left[i], right[i])) return false;
    return true;
  }
  if (left.is_object()) {
    for (const auto& [key, value] : left.items()) {
      const auto other = right.find(key);
      if (other == right.end() || !equals(value, *other)) return false;
    }
    return true;
  }
  return left == right;
}

bool is_less(const json& left, const json& right) {
  if (is_integer(left) && is_integer(right)) return left < right;
  const auto left_number = to_number(left), right_number = to_number(right);
  if (left_number && right_number) return *left_number < *right_number;
  if (left.is_string() && right.is_string()) return left < right;
  if (left.is_array() && right.is_array()) {
    for (std::size_t i = 0; i < left.size() && i < right.size(); ++i)
      if (!equals(left[i], right[i])) return is_less(left[i], right[i]);
    return left.size() < right.size();
  }
  throw TemplateError(
      fmt::format("{} and {} have no order to compare by", type_name(left), type_name(right)));
}

bool contains(const json& container, const json& item) {
  if (container.is_object()) return item.is_string() && container.contains(item.get<std::string>());
  if (container.is_string())
    return container.get_ref<const std::string&>().find(to_text(item, "what is looked for")) !=
           std::string::npos;
  if (!container.is_array())
    throw TemplateError(fmt::format("'in' needs a list, a dict or a text on its right, not {}",
                                    type_name(container)));
  for (const json& one : container)
    if (equals(one, item)) return true;
  return false;
}

std::vector<std::string> characters(const std::string& text) {
  std::vector<std::string> found;
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    length = std::min(length, text.size() - at);
    for (std::size_t i = 1; i < length; ++i)
      if ((static_cast<unsigned char>(text[at + i]) & 0xC0U) != 0x80) length = 1;
    found.push_back(text.substr(at, length));
    at += length;
  }
  return found;
}

std::vector<Value> items_of(const Value& value) {
  std::vector<Value> items;
  if (!value.is_defined()) return items;  // as Jinja2: a loop over nothing does nothing
  const json& data = value.get();
  if (data.is_array()) {
    for (const json& one : data)
      items.push_back(value.part(one));
  } else if (data.is_object()) {
    for (const auto& [key, member] : data.items())
      items.emplace_back(json(key));
  } else if (data.is_string()) {
    for (std::string& one : characters(data.get<std::string>()))
      items.emplace_back(json(std::move(one)));
  } else {
    throw TemplateError(fmt::format("{} has no items to go over", type_name(data)));
  }
  return items;
}

}  // namespace cfy::templates
