// Value: what an expression of a template gives: JSON, or nothing ("undefined"), with the manners
// of Python where the two differ.
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace cfy::templates {

using nlohmann::json;

/// What is wrong, without the place; whoever knows the line adds it.
class TemplateError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
  TemplateError(int line, const std::string& message) : std::runtime_error(message), line_(line) {}
  int line() const { return line_; }  ///< 0: not known yet

 private:
  int line_ = 0;
};

/// Cheap to copy: members of a map share the map.
class Value {
 public:
  Value(json value) : data_(std::make_shared<const json>(std::move(value))) {}  // NOLINT
  /// An undefined value; `name` is what was asked for.
  static Value undefined(std::string name);
  /// Somebody else's, who keeps it alive.
  static Value borrowed(const json& value);
  /// A part of this one.
  Value part(const json& value) const;

  bool is_defined() const { return data_ != nullptr; }
  /// Throws TemplateError when undefined.
  const json& get() const;
  const std::string& name() const { return name_; }  ///< of what is undefined

  bool is_true() const;
  /// What is printed: as Python's str(), nothing for an undefined value.
  std::string text() const;

 private:
  Value() = default;
  std::shared_ptr<const json> data_;
  std::string name_;
};

/// Python's word for the type: "str", "list", ...
const char* type_name(const json& value);
bool is_integer(const json& value);  ///< truth values are none here

/// `value`, which a template has put together. Throws TemplateError when it is nested so deeply
/// that printing or copying it would exhaust the stack.
json checked_depth(json value);

/// Python's ==: 1 equals 1.0 and True.
bool equals(const json& left, const json& right);
/// Python's <. Throws TemplateError where the two have no order.
bool is_less(const json& left, const json& right);
/// Python's `item in container`. Throws TemplateError for what contains nothing.
bool contains(const json& container, const json& item);

std::optional<double> to_number(const json& value);  ///< of numbers and truth values
/// Throws TemplateError: "`what` must be a whole number, not ...".
std::int64_t to_integer(const json& value, const char* what);
/// Throws TemplateError.
const std::string& to_text(const json& value, const char* what);

/// The characters of a text, each a text of its own. Bytes that are not UTF-8 count as one each.
std::vector<std::string> characters(const std::string& text);
/// What a loop goes over: items of a list, keys of a map, characters of a text. Throws
/// TemplateError for what has none.
std::vector<Value> items_of(const Value& value);

}  // namespace cfy::templates
