#include "templates/literals.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

#include "templates/characters.hpp"

namespace cfy::templates {
namespace {

bool is_octal(char byte) {
  return byte >= '0' && byte <= '7';
}
bool is_binary(char byte) {
  return byte == '0' || byte == '1';
}
bool is_hex(char byte) {
  return is_digit(byte) || (lower(byte) >= 'a' && lower(byte) <= 'f');
}

class Unescaper {
 public:
  explicit Unescaper(std::string_view text) : text_(text) {}

  std::string run() {
    std::string plain;
    while (at_ < text_.size()) {
      const char byte = text_[at_++];
      if (byte == '\\' && at_ < text_.size())
        plain += take_escape();
      else
        plain += byte;
    }
    return plain;
  }

 private:
  std::string take_escape() {
    const char kind = text_[at_++];
    constexpr std::string_view kLetters = "abfnrtv\\'\"", kMeanings = "\a\b\f\n\r\t\v\\'\"";
    if (const std::size_t found = kLetters.find(kind); found != std::string_view::npos)
      return {kMeanings[found]};
    if (kind == '\n') return "";
    if (is_octal(kind)) {
      std::size_t end = at_;
      while (end < text_.size() && end < at_ + 2 && is_octal(text_[end]))
        ++end;
      return take_code(at_ - 1, end, 8);
    }
    if (kind == 'x') return take_hex(2);
    if (kind == 'u') return take_hex(4);
    if (kind == 'U') return take_hex(8);
    if (kind == 'N') throw TemplateError("\\N{name} is not supported: use \\u and the code");
    return {'\\', kind};
  }

  std::string take_hex(std::size_t digits) {
    std::size_t end = at_;
    while (end < text_.size() && end < at_ + digits && is_hex(text_[end]))
      ++end;
    if (end != at_ + digits)
      throw TemplateError(
          fmt::format("'\\{}' needs {} hexadecimal digits", text_[at_ - 1], digits));
    return take_code(at_, end, 16);
  }

  std::string take_code(std::size_t from, std::size_t end, int base) {
    std::uint32_t code = 0;
    std::from_chars(text_.data() + from, text_.data() + end, code, base);
    at_ = end;
    return to_utf8(code);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

// Where digits, which may have one '_' before each, end.
std::size_t end_of_digits(std::string_view text, std::size_t at, bool (*is_one)(char)) {
  for (;;) {
    const std::size_t next = at < text.size() && text[at] == '_' ? at + 1 : at;
    if (next >= text.size() || !is_one(text[next])) return at;
    at = next + 1;
  }
}

// Where what makes a float out of digits ends.
std::size_t end_of_fraction(std::string_view text, std::size_t at) {
  if (at + 1 < text.size() && text[at] == '.' && is_digit(text[at + 1]))
    at = end_of_digits(text, at + 1, is_digit);
  if (at >= text.size() || lower(text[at]) != 'e') return at;
  std::size_t digits = at + 1;
  if (digits < text.size() && (text[digits] == '+' || text[digits] == '-')) ++digits;
  return digits < text.size() && is_digit(text[digits]) ? end_of_digits(text, digits, is_digit)
                                                        : at;
}

}  // namespace

std::string unescape(std::string_view text) {
  return Unescaper(text).run();
}

std::size_t end_of_number(std::string_view text, std::size_t at, bool is_index) {
  if (is_index) return end_of_digits(text, at, is_digit);
  if (text[at] == '0' && at + 1 < text.size()) {
    const char kind = lower(text[at + 1]);
    const auto is_one = kind == 'x' ? is_hex : kind == 'o' ? is_octal : is_binary;
    const std::size_t end = end_of_digits(text, at + 2, is_one);
    if ((kind == 'x' || kind == 'o' || kind == 'b') && end > at + 2) return end;
  }
  return end_of_fraction(text, end_of_digits(text, at, is_digit));
}

Value parse_number_literal(std::string_view text) {
  std::string digits(text);
  std::erase(digits, '_');
  const char kind = digits.size() > 1 && digits[0] == '0' ? lower(digits[1]) : '0';
  const int base = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 10;
  if (base == 10 && digits.find_first_of(".eE") != std::string::npos) {
    const double number = std::strtod(digits.c_str(), nullptr);
    if (!std::isfinite(number))
      throw TemplateError(fmt::format("the number {} is too large", text));
    return number;
  }
  if (base == 10 && digits[0] == '0' && digits.find_first_not_of('0') != std::string::npos)
    throw TemplateError(fmt::format("the number {} must not start with 0", text));
  std::int64_t number = 0;
  const char* start = digits.data() + (base == 10 ? 0 : 2);
  const auto [end, error] = std::from_chars(start, digits.data() + digits.size(), number, base);
  if (error != std::errc()) throw TemplateError(fmt::format("the number {} is too large", text));
  return number;
}

}  // namespace cfy::templates
