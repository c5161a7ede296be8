#include "templates/operators.hpp"

#include <cmath>

#include "templates/comparison.hpp"
#include "templates/formatting.hpp"
#include "templates/markup.hpp"

namespace cfy::templates {
namespace {

[[noreturn]] void refuse_operands(const std::string& sign, const Value& left, const Value& right) {
  throw TemplateError(
      fmt::format("'{}' does not work on {} and {}", sign, left.type(), right.type()));
}

[[noreturn]] void refuse_overflow() {
  throw TemplateError("the number is too large");
}

[[noreturn]] void refuse_zero() {
  throw TemplateError("division by zero");
}

bool is_whole(const Value& value) {
  return value.is_boolean() || value.is_integer();
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

Value arithmetic(const std::string& sign, double left, double right) {
  double result = 0;
  if (sign == "+") result = left + right;
  if (sign == "-") result = left - right;
  if (sign == "*") result = left * right;
  if (sign == "**" && left == 0 && right < 0) refuse_zero();
  if (sign == "**") result = std::pow(left, right);
  if (sign == "/" || sign == "//" || sign == "%") {
    if (right == 0) refuse_zero();
    result = sign == "/" ? left / right : std::floor(left / right);
    if (sign == "%") result = left - right * result;
  }
  if (!std::isfinite(result)) refuse_overflow();
  return result;
}

Value whole_arithmetic(const std::string& sign, std::int64_t left, std::int64_t right) {
  std::int64_t result = 0;
  bool overflows = false;
  if (sign == "+") overflows = __builtin_add_overflow(left, right, &result);
  if (sign == "-") overflows = __builtin_sub_overflow(left, right, &result);
  if (sign == "*") overflows = __builtin_mul_overflow(left, right, &result);
  if (overflows) refuse_overflow();
  if (sign == "//") return floor_divide(left, right);
  if (sign == "%") return left - right * floor_divide(left, right);
  if (sign == "**" && right >= 0) return power(left, right);
  if (sign == "**") return arithmetic(sign, static_cast<double>(left), static_cast<double>(right));
  if (sign == "/" && right == 0) refuse_zero();
  if (sign == "/") return static_cast<double>(left) / static_cast<double>(right);
  return result;
}

// Whether it may stand on the left of + and *.
bool has_items(const Value& value) {
  const List* list = value.as_list();
  return value.is_text() ||
         (list != nullptr && (list->is_tuple() || list->kind == List::Kind::list));
}

Value with_items(const List& like, Items items) {
  return like.is_tuple() ? Value::tuple(std::move(items)) : Value::list(std::move(items));
}

Value repeated(const Value& what, std::int64_t times, Scope& scope) {
  const List* list = what.as_list();
  const std::size_t size = list != nullptr ? list->items.size() * sizeof(Value) : what.str().size();
  const auto count = size == 0 ? 0 : static_cast<std::uint64_t>(std::max<std::int64_t>(times, 0));
  if (count > 0) scope.check_size(count > SIZE_MAX / size ? SIZE_MAX : count * size);
  if (list != nullptr) {
    Items items;
    for (std::uint64_t i = 0; i < count; ++i)
      items.insert(items.end(), list->items.begin(), list->items.end());
    return with_items(*list, std::move(items));
  }
  std::string text;
  text.reserve(count * size);
  while (text.size() < count * size)
    text.append(text.empty() ? what.str() : text, 0, count * size - text.size());
  return what.is_safe() ? Value::safe(text) : Value(text);
}

Value joined_texts(const Value& left, const Value& right, Scope& scope) {
  scope.check_size(left.str().size() + right.str().size());
  if (!left.is_safe() && !right.is_safe()) return left.str() + right.str();
  return Value::safe(escaped(left, scope) + escaped(right, scope));
}

Value joined_lists(const Value& left, const Value& right, Scope& scope) {
  const List &first = *left.as_list(), &second = *right.as_list();
  if (first.is_tuple() != second.is_tuple()) refuse_operands("+", left, right);
  scope.count_steps((first.items.size() + second.items.size()) / 16);
  Items items = first.items;
  items.insert(items.end(), second.items.begin(), second.items.end());
  return with_items(first, std::move(items));
}

Value combine(const std::string& sign, const Value& left, const Value& right, Scope& scope) {
  if (is_whole(left) && is_whole(right))
    return whole_arithmetic(sign, to_integer(left, "a number"), to_integer(right, "a number"));
  const auto left_number = to_number(left), right_number = to_number(right);
  if (left_number && right_number) return arithmetic(sign, *left_number, *right_number);
  if (sign == "*" && has_items(left) && is_whole(right))
    return repeated(left, to_integer(right, "a number"), scope);
  if (sign == "*" && is_whole(left) && has_items(right)) return combine(sign, right, left, scope);
  if (sign != "+" || !has_items(left) || !has_items(right) || left.is_text() != right.is_text())
    refuse_operands(sign, left, right);
  return left.is_text() ? joined_texts(left, right, scope) : joined_lists(left, right, scope);
}

Value compare(const std::string& sign, const Value& left, const Value& right) {
  if (sign == "==") return equals(left, right);
  if (sign == "!=") return !equals(left, right);
  if (sign == "in") return contains(right, left);
  if (sign == "not in") return !contains(right, left);
  if (sign == "<") return is_less(left, right);
  if (sign == ">") return is_less(right, left);
  return sign == "<=" ? !is_less(right, left) : !is_less(left, right);
}

}  // namespace

Value apply_operator(const std::string& sign, const Value& left, const Value& right, Scope& scope) {
  const auto count_both = [&] {
    scope.count_size(left);
    scope.count_size(right);
  };
  if (sign == "~") {
    count_both();
    std::string text = left.text(), tail = right.text();
    scope.check_size(text.size() + tail.size());
    return std::move(text) + tail;
  }
  for (const char* comparison : {"==", "!=", "in", "not in", "<", ">", "<=", ">="})
    if (sign == comparison) {
      scope.count_steps(std::min(left.bytes(), right.bytes()) / 256);
      if (right.as_list() != nullptr) scope.count_steps(right.as_list()->items.size() / 16);
      return compare(sign, left, right);
    }
  count_both();
  // A format prints what is undefined as nothing.
  if (sign == "%" && left.is_text()) return format_percent(left, right, scope);
  return combine(sign, left.defined(), right.defined(), scope);
}

Value negate(const Value& value) {
  if (is_whole(value.defined())) return whole_arithmetic("-", 0, to_integer(value, "a number"));
  if (!value.is_number()) throw TemplateError(fmt::format("'-' does not work on {}", value.type()));
  return -*to_number(value);
}

}  // namespace cfy::templates
