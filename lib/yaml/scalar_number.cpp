// Integers and floats of YAML 1.1: bases 2, 8, 10, 16 and 60, underscores between digits.
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "yaml/scalar.hpp"

namespace cfy::yaml {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A reader of a text from its start. Each take_x says whether it found what it looks for.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}
  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool take(char wanted) {
    if (at_end() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  bool take_sign() { return take('-') || take('+'); }
  // One or more characters that `accept` likes.
  template <typename Accept>
  bool take_run(Accept accept) {
    const std::size_t start = at_;
    while (!at_end() && accept(text_[at_]))
      ++at_;
    return at_ > start;
  }
  bool take_exponent() {
    if (!take('e') && !take('E')) return true;
    return take_sign() && take_run(is_digit);
  }
  // ":SS" groups of base 60; at least one.
  bool take_sixties() {
    bool any = false;
    while (take(':')) {
      const char first = peek();
      if (!is_digit(first)) return false;
      take(first);
      if (is_digit(peek())) {
        if (first > '5') return false;
        take(peek());
      }
      any = true;
    }
    return any;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

bool is_digit_or_underscore(char c) {
  return is_digit(c) || c == '_';
}

bool is_plain_float(std::string_view text) {
  Cursor at(text);
  if (at.peek() == '.') {
    at.take('.');
    return is_digit(at.peek()) && at.take_run(is_digit_or_underscore) && at.take_exponent() &&
           at.at_end();
  }
  at.take_sign();
  if (!is_digit(at.peek()) || !at.take_run(is_digit_or_underscore) || !at.take('.')) return false;
  at.take_run(is_digit_or_underscore);
  return at.take_exponent() && at.at_end();
}

bool is_sixties_float(std::string_view text) {
  Cursor at(text);
  at.take_sign();
  if (!is_digit(at.peek()) || !at.take_run(is_digit_or_underscore) || !at.take_sixties() ||
      !at.take('.'))
    return false;
  at.take_run(is_digit_or_underscore);
  return at.at_end();
}

bool is_special_float(std::string_view text) {
  if (text == ".nan" || text == ".NaN" || text == ".NAN") return true;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  return text == ".inf" || text == ".Inf" || text == ".INF";
}

std::string without_underscores(std::string_view text) {
  std::string kept;
  for (const char c : text)
    if (c != '_') kept += c;
  return kept;
}

// base * number + digit, on a decimal text: for integers beyond 64 bits.
void multiply_add(std::string& decimal, unsigned base, unsigned digit) {
  unsigned carry = digit;
  for (std::size_t i = decimal.size(); i-- > 0;) {
    const unsigned product = static_cast<unsigned>(decimal[i] - '0') * base + carry;
    decimal[i] = static_cast<char>('0' + product % 10);
    carry = product / 10;
  }
  while (carry > 0) {
    decimal.insert(decimal.begin(), static_cast<char>('0' + carry % 10));
    carry /= 10;
  }
}

// The decimal digits of a number in another base; nothing when a character is no digit of it.
std::optional<std::string> to_decimal(std::string_view digits, unsigned base) {
  if (digits.empty()) return std::nullopt;
  std::string decimal = "0";
  for (const char c : digits) {
    unsigned digit = 0;
    const auto [end, error] = std::from_chars(&c, &c + 1, digit, static_cast<int>(base));
    if (error != std::errc() || end != &c + 1) return std::nullopt;
    multiply_add(decimal, base, digit);
  }
  return decimal;
}

// Sum of the ":" groups in base 60; nothing when a group is no number.
template <typename Number>
std::optional<Number> parse_sixties(std::string_view text) {
  Number sum = 0;
  for (;;) {
    const std::size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    Number part = 0;
    const auto [end, error] = std::from_chars(group.data(), group.data() + group.size(), part);
    if (error != std::errc() || end != group.data() + group.size()) return std::nullopt;
    if constexpr (std::is_integral_v<Number>)
      if (sum > (std::numeric_limits<Number>::max() - part) / 60) return std::nullopt;
    sum = sum * 60 + part;
    if (colon == std::string_view::npos) return sum;
    text.remove_prefix(colon + 1);
  }
}

// Longer numbers are refused: turning them into decimal is quadratic in their length.
constexpr std::size_t kMaxDigits = 4300;

const Value* make_wide(std::string decimal, bool is_negative, Arena& arena,
                       const base::SourceRange& range) {
  if (is_negative) decimal.insert(decimal.begin(), '-');
  std::int64_t number = 0;
  const auto [end, error] =
      std::from_chars(decimal.data(), decimal.data() + decimal.size(), number);
  if (error == std::errc() && end == decimal.data() + decimal.size())
    return arena.make_integer(number, range);
  return arena.make_special(Kind::wide_integer, decimal, range);
}

}  // namespace

bool is_float_text(std::string_view text) {
  return is_plain_float(text) || is_special_float(text) || is_sixties_float(text);
}

bool is_integer_text(std::string_view text) {
  Cursor at(text);
  at.take_sign();
  if (at.take('0')) {
    if (at.at_end()) return true;
    if (at.take('b'))
      return at.take_run([](char c) { return c == '0' || c == '1' || c == '_'; }) && at.at_end();
    if (at.take('x'))
      return at.take_run([](char c) {
        return is_digit_or_underscore(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      }) && at.at_end();
    return at.take_run([](char c) { return (c >= '0' && c <= '7') || c == '_'; }) && at.at_end();
  }
  if (!at.take_run(is_digit_or_underscore)) return false;
  if (text.find_first_of("123456789") > 1) return false;  // a sign, then a digit but 0
  return at.at_end() || (at.take_sixties() && at.at_end());
}

const Value* parse_integer(std::string_view text, Arena& arena, const base::SourceRange& range) {
  const std::string kept = without_underscores(text);
  std::string_view digits = kept;
  const bool is_negative = !digits.empty() && digits.front() == '-';
  if (!digits.empty() && (digits.front() == '-' || digits.front() == '+')) digits.remove_prefix(1);
  if (digits.empty() || digits.size() > kMaxDigits) return nullptr;
  if (digits.find(':') != std::string_view::npos) {
    const auto sum = parse_sixties<std::int64_t>(digits);
    return sum ? arena.make_integer(is_negative ? -*sum : *sum, range) : nullptr;
  }
  unsigned base = 10;
  if (digits.size() > 1 && digits.front() == '0') {
    base = digits[1] == 'b' ? 2 : digits[1] == 'x' ? 16 : 8;
    digits.remove_prefix(base == 8 ? 1 : 2);
  }
  auto decimal = to_decimal(digits, base);
  return decimal ? make_wide(*std::move(decimal), is_negative, arena, range) : nullptr;
}

std::optional<double> parse_float(std::string_view text) {
  const std::string kept = without_underscores(text);
  std::string_view digits = kept;
  const double sign = !digits.empty() && digits.front() == '-' ? -1.0 : 1.0;
  if (!digits.empty() && (digits.front() == '-' || digits.front() == '+')) digits.remove_prefix(1);
  if (digits == ".inf" || digits == ".Inf" || digits == ".INF")
    return sign * std::numeric_limits<double>::infinity();
  if (digits == ".nan" || digits == ".NaN" || digits == ".NAN")
    return std::numeric_limits<double>::quiet_NaN();
  if (digits.find(':') != std::string_view::npos) {
    const auto sum = parse_sixties<double>(digits);
    return sum ? std::optional<double>(sign * *sum) : std::nullopt;
  }
  double number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (end != digits.data() + digits.size() || digits.empty()) return std::nullopt;
  if (error == std::errc::result_out_of_range)
    number = std::strtod(std::string(digits).c_str(), nullptr);
  else if (error != std::errc())
    return std::nullopt;
  return sign * number;
}

}  // namespace cfy::yaml
