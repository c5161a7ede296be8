#include "templates/operators.hpp"

#include <cmath>

#include "base/text.hpp"

namespace cfy::templates {
namespace {

[[noreturn]] void refuse_operands(const std::string& sign, const json& left, const json& right) {
  throw TemplateError(
      fmt::format("'{}' does not work on {} and {}", sign, type_name(left), type_name(right)));
}

[[noreturn]] void refuse_overflow() {
  throw TemplateError("the number is too large");
}

[[noreturn]] void refuse_zero() {
  throw TemplateError("division by zero");
}

bool is_whole(const json& value) {
  return value.is_boolean() || is_integer(value);
}

// Python rounds towards minus infinity.
std::int64_t floor_divide(std::int64_t left, std::int64_t right) {
  if (right == 0) refuse_zero();
  if (right == -1 && left == INT64_MIN) refuse_overflow();
  const std::int64_t quotient = left / right;
  return left % right != 0 && (left < 0) != (right < 0) ? quotient - 1 : quotient;
}

std::int64_t power(std::int64_t base, std::int64_t exponent) {
  std::int64_t result = 1;
  if (base == 0 || base == 1) return exponent == 0 ? 1 : base;
  if (base == -1) return exponent % 2 == 0 ? 1 : -1;
  for (; exponent > 0; --exponent)
    if (__builtin_mul_overflow(result, base, &result)) refuse_overflow();
  return result;
}

json whole_arithmetic(const std::string& sign, std::int64_t left, std::int64_t right) {
  std::int64_t result = 0;
  bool overflows = false;
  if (sign == "+") overflows = __builtin_add_overflow(left, right, &result);
  if (sign == "-") overflows = __builtin_sub_overflow(left, right, &result);
  if (sign == "*") overflows = __builtin_mul_overflow(left, right, &result);
  if (overflows) refuse_overflow();
  if (sign == "//") return floor_divide(left, right);
  if (sign == "%") return left - right * floor_divide(left, right);
  if (sign == "**" && right >= 0) return power(left, right);
  if (sign == "**") return std::pow(static_cast<double>(left), static_cast<double>(right));
  if (sign == "/" && right == 0) refuse_zero();
  if (sign == "/") return static_cast<double>(left) / static_cast<double>(right);
  return result;
}

json arithmetic(const std::string& sign, double left, double right) {
  double result = 0;
  if (sign == "+") result = left + right;
  if (sign == "-") result = left - right;
  if (sign == "*") result = left * right;
  if (sign == "**") result = std::pow(left, right);
  if (sign == "/" || sign == "//" || sign == "%") {
    if (right == 0) refuse_zero();
    result = sign == "/" ? left / right : std::floor(left / right);
    if (sign == "%") result = left - right * result;
  }
  if (!std::isfinite(result)) refuse_overflow();
  return result;
}

json repeated(const json& what, std::int64_t times, Scope& scope) {
  json result = what.is_string() ? json("") : json::array();
  if (times <= 0) return result;
  const auto count = static_cast<std::uint64_t>(times);
  const std::size_t size =
      what.is_string() ? what.get_ref<const std::string&>().size() : what.size() * sizeof(json);
  if (size > 0) scope.check_size(count > SIZE_MAX / size ? SIZE_MAX : count * size);
  if (size == 0) return result;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (what.is_string())
      result.get_ref<std::string&>() += what.get_ref<const std::string&>();
    else
      result.insert(result.end(), what.begin(), what.end());
  }
  return result;
}

Value combine(const std::string& sign, const json& left, const json& right, Scope& scope) {
  if (is_whole(left) && is_whole(right))
    return whole_arithmetic(sign, to_integer(left, "a number"), to_integer(right, "a number"));
  const auto left_number = to_number(left), right_number = to_number(right);
  if (left_number && right_number) return arithmetic(sign, *left_number, *right_number);
  const bool has_items = left.is_string() || left.is_array();
  if (sign == "*" && has_items && is_whole(right))
    return repeated(left, to_integer(right, "a number"), scope);
  if (sign != "+" || !has_items || left.type() != right.type()) refuse_operands(sign, left, right);
  if (left.is_string()) {
    scope.check_size(left.get_ref<const std::string&>().size() +
                     right.get_ref<const std::string&>().size());
    return json(left.get<std::string>() + right.get<std::string>());
  }
  scope.check_size((left.size() + right.size()) * sizeof(json));
  json joined = left;
  joined.insert(joined.end(), right.begin(), right.end());
  return joined;
}

// The place of a Python index, which may count from the end; nothing when outside.
std::optional<std::size_t> place_of(std::int64_t index, std::size_t size) {
  const auto count = static_cast<std::int64_t>(size);
  if (index < 0) index += count;
  if (index < 0 || index >= count) return std::nullopt;
  return static_cast<std::size_t>(index);
}

std::string part_name(const Value& value, const json& key) {
  const std::string shown = key.is_string() ? key.get<std::string>() : key.dump();
  return value.name().empty() ? shown : value.name() + "." + shown;
}

}  // namespace

Value apply_operator(const std::string& sign, const Value& left, const Value& right, Scope& scope) {
  if (sign == "~") {
    std::string text = left.text(), tail = right.text();
    scope.check_size(text.size() + tail.size());
    return json(std::move(text) + tail);
  }
  if (sign == "==" || sign == "!=") {
    // An undefined value equals undefined ones only.
    const bool same = left.is_defined() && right.is_defined()
                          ? equals(left.get(), right.get())
                          : left.is_defined() == right.is_defined();
    return json(same == (sign == "=="));
  }
  if (sign == "in" || sign == "not in") {
    if (!right.is_defined()) return json(sign != "in");
    return json(left.is_defined() && contains(right.get(), left.get()) ? sign == "in"
                                                                       : sign != "in");
  }
  if (sign == "<") return json(is_less(left.get(), right.get()));
  if (sign == ">") return json(is_less(right.get(), left.get()));
  if (sign == "<=") return json(!is_less(right.get(), left.get()));
  if (sign == ">=") return json(!is_less(left.get(), right.get()));
  return combine(sign, left.get(), right.get(), scope);
}

Value negate(const Value& value) {
  const json& data = value.get();
  if (is_whole(data)) return whole_arithmetic("-", 0, to_integer(data, "a number"));
  if (!data.is_number())
    throw TemplateError(fmt::format("'-' does not work on {}", type_name(data)));
  return json(-data.get<double>());
}

Value find_part(const Value& value, const json& key) {
  const json& data = value.get();
  if (data.is_object() && key.is_string()) {
    const auto found = data.find(key.get_ref<const std::string&>());
    if (found != data.end()) return value.part(*found);
  } else if (data.is_array() && is_integer(key)) {
    if (const auto place = place_of(to_integer(key, "an index"), data.size()))
      return value.part(data[*place]);
  } else if (data.is_string() && is_integer(key)) {
    const auto letters = characters(data.get<std::string>());
    if (const auto place = place_of(to_integer(key, "an index"), letters.size()))
      return json(letters[*place]);
  }
  return Value::undefined(part_name(value, key));
}

Value cut_slice(const Value& value, const Value& from, const Value& to, const Value& step) {
  const json& data = value.get();
  if (!data.is_string() && !data.is_array())
    throw TemplateError(fmt::format("[:] does not work on {}", type_name(data)));
  const std::vector<Value> items = items_of(value);
  const auto size = static_cast<std::int64_t>(items.size());
  const auto number = [](const Value& given, std::int64_t otherwise) {
    return given.is_defined() && !given.get().is_null() ? to_integer(given.get(), "a slice's bound")
                                                        : otherwise;
  };
  const std::int64_t by = number(step, 1);
  if (by == 0) throw TemplateError("the step of a slice cannot be 0");
  const std::int64_t low = by > 0 ? 0 : -1, high = by > 0 ? size : size - 1;
  const auto bound = [&](const Value& given, std::int64_t otherwise) {
    if (!given.is_defined() || given.get().is_null()) return otherwise;
    std::int64_t at = number(given, 0);
    if (at < 0) at = at < -size ? -1 - size : at + size;
    return std::clamp(at, low, high);
  };
  const std::int64_t first = bound(from, by > 0 ? low : high);
  const std::int64_t last = bound(to, by > 0 ? high : low);
  json list = json::array();
  std::string text;
  for (std::int64_t at = first; by > 0 ? at < last : at > last;) {
    const json& item = items[static_cast<std::size_t>(at)].get();
    if (data.is_string())
      text += item.get_ref<const std::string&>();
    else
      list.push_back(item);
    if (__builtin_add_overflow(at, by, &at)) break;
  }
  return data.is_string() ? Value(json(text)) : Value(std::move(list));
}

}  // namespace cfy::templates
