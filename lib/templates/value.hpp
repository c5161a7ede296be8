// Value: what an expression of a template gives, with the manners of Python.
#pragma once

#include <concepts>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <variant>
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

class Value;
class Object;
struct List;
struct Dict;
using Items = std::vector<Value>;
using Members = std::vector<std::pair<Value, Value>>;

/// Never changes once it is made, and is cheap to copy: copies share texts, lists and dicts.
class Value {
 public:
  Value(std::nullptr_t) : data_(json()) {}                          // NOLINT
  Value(std::same_as<bool> auto truth) : data_(json(truth)) {}      // NOLINT
  Value(double number) : data_(json(number)) {}                     // NOLINT
  Value(std::string text) : data_(Text{share(std::move(text))}) {}  // NOLINT
  Value(const char* text) : Value(std::string(text)) {}             // NOLINT
  template <std::integral Number>
  requires(!std::same_as<Number, bool>) Value(Number number) : data_(json(number)) {}  // NOLINT

  /// An undefined value; `name` is what was asked for.
  static Value undefined(std::string name);
  /// A text that escaping leaves alone: Python's Markup.
  static Value safe(std::string text);
  /// The rest throw TemplateError when it would be too deep or too large.
  static Value list(Items items);
  static Value tuple(Items items);
  static Value dict(Members members);  ///< of equal keys, the last one's value counts
  static Value of(List list);
  static Value from_json(const json& value);
  /// Does not keep it alive: see Scope::keep().
  static Value of(const std::shared_ptr<Object>& object);

  bool is_defined() const { return !std::holds_alternative<Undefined>(data_); }
  bool is_none() const { return is_scalar() && scalar().is_null(); }
  bool is_boolean() const { return is_scalar() && scalar().is_boolean(); }
  bool is_integer() const { return is_scalar() && scalar().is_number_integer(); }
  bool is_float() const { return is_scalar() && scalar().is_number_float(); }
  bool is_number() const { return is_scalar() && !scalar().is_null(); }  ///< truth values, too
  bool is_text() const { return std::holds_alternative<Text>(data_); }
  bool is_safe() const { return is_text() && std::get<Text>(data_).is_safe; }
  bool is_object() const { return std::holds_alternative<std::weak_ptr<Object>>(data_); }

  /// Nothing, a truth value or a number.
  const json& scalar() const { return std::get<json>(data_); }
  bool is_scalar() const { return std::holds_alternative<json>(data_); }
  /// Of a text only.
  const std::string& str() const { return *std::get<Text>(data_).text; }
  const List* as_list() const;  ///< also tuples, ranges, ...; nullptr: something else
  const Dict* as_dict() const;  ///< nullptr: something else
  /// Throws TemplateError when the object is gone; nullptr: something else.
  std::shared_ptr<Object> as_object() const;

  /// Itself. Throws TemplateError when undefined.
  const Value& defined() const;
  /// Of what is undefined: what was asked for.
  std::string name() const;
  bool is_true() const;
  /// What is printed: Python's str(), nothing for an undefined value.
  std::string text() const;
  /// What is printed within a list: Python's repr().
  std::string shown() const;
  /// Python's word for the type: "str", "list", ...
  std::string type() const;
  /// Throws TemplateError for what JSON has no form for.
  json to_json() const;

  int depth() const;          ///< of lists in lists; 0 for what has no items
  std::size_t bytes() const;  ///< about; what is shared counts as often as it is printed
  bool is_same(const Value& other) const;  ///< Python's `is`

 private:
  struct Undefined {
    std::string name;
  };
  struct Text {
    std::shared_ptr<const std::string> text;
    bool is_safe = false;
  };
  Value() = default;
  static std::shared_ptr<const std::string> share(std::string text) {
    return std::make_shared<const std::string>(std::move(text));
  }
  static Value from_json(const json& value, int depth);

  std::variant<Undefined, json, Text, std::shared_ptr<const List>, std::shared_ptr<const Dict>,
               std::weak_ptr<Object>>
      data_;
};

/// Whatever has items in a row.
struct List {
  /// `group` is a tuple of groupby's: its parts have names.
  enum class Kind { list, tuple, group, range, keys, values, items };
  Kind kind = Kind::list;
  Items items{};
  std::string range{};  ///< of a range: how it is printed
  int depth = 0;
  std::size_t bytes = 0;

  bool is_tuple() const { return kind == Kind::tuple || kind == Kind::group; }
  bool is_view() const { return kind >= Kind::keys; }  ///< of a dict: has no places
};

struct Dict {
  Members members{};  ///< in the order in which they came
  std::unordered_map<std::string, std::size_t> places{};
  int depth = 0;
  std::size_t bytes = 0;

  /// nullptr: there is none. Throws TemplateError for what cannot be a key.
  const Value* find(const Value& key) const;
};

/// Of numbers and truth values.
std::optional<double> to_number(const Value& value);
/// Throws TemplateError: "`what` must be a whole number, not ...".
std::int64_t to_integer(const Value& value, const char* what);
/// Throws TemplateError: "`what` must be a text, not ...".
const std::string& to_text(const Value& value, const char* what);

/// What a loop goes over: items of a list, keys of a dict, characters of a text; nothing for what
/// is undefined. Throws TemplateError for what has none.
Items items_of(const Value& value);

}  // namespace cfy::templates
