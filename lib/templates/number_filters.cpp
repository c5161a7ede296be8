// Filters that give numbers, or make something of them.
#include <array>
#include <charconv>
#include <cmath>

#include "templates/characters.hpp"
#include "templates/filters.hpp"
#include "templates/operators.hpp"

namespace cfy::templates {
namespace {

std::string trimmed(const std::string& text) {
  const std::size_t start = text.find_first_not_of(kBlanks);
  if (start == std::string::npos) return "";
  return text.substr(start, text.find_last_not_of(kBlanks) + 1 - start);
}

// Takes '_' out. False: one does not stand between digits.
bool drop_underscores(std::string& text) {
  for (std::size_t at = text.find('_'); at != std::string::npos; at = text.find('_', at + 1))
    if (at == 0 || at + 1 == text.size() || text[at - 1] == '_' || !is_word(text[at - 1]) ||
        !is_word(text[at + 1]))
      return false;
  std::erase(text, '_');
  return true;
}

// Python's int(text, base): '_' between digits, a prefix that fits the base.
std::optional<std::int64_t> parse_whole(const std::string& text, int base) {
  std::string digits = trimmed(text);
  const bool is_negative = digits.starts_with('-');
  if (is_negative || digits.starts_with('+')) digits.erase(0, 1);
  constexpr std::array<std::pair<std::string_view, int>, 3> kPrefixes{
      {{"0x", 16}, {"0o", 8}, {"0b", 2}}};
  for (const auto& [prefix, meant] : kPrefixes)
    if (lower(digits).starts_with(prefix) && (base == 0 || base == meant)) {
      digits.erase(0, digits.size() > 2 && digits[2] == '_' ? 3 : 2);
      base = meant;
      break;
    }
  if (base == 0) base = 10;
  if (!drop_underscores(digits) || digits.empty() || digits[0] == '-') return std::nullopt;
  if (is_negative) digits.insert(0, "-");
  std::int64_t number = 0;
  const char* last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, number, base);
  if (error == std::errc::result_out_of_range && end == last)
    throw TemplateError("the number is too large");
  return error == std::errc() && end == last ? std::optional(number) : std::nullopt;
}

std::optional<double> parse_number(const std::string& text) {
  std::string digits = trimmed(text);
  if (!drop_underscores(digits) || digits.find_first_not_of("+-0123456789.eE") != std::string::npos)
    return std::nullopt;
  char* end = nullptr;
  const double number = std::strtod(digits.c_str(), &end);
  return !digits.empty() && *end == '\0' && std::isfinite(number) ? std::optional(number)
                                                                  : std::nullopt;
}

// What is no number is the default.
Value filter_int(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"default", "base"});
  const Value otherwise = arguments.has(0) ? arguments.value(0) : Value(0);
  const std::int64_t base = arguments.integer(1, 10);
  if (base != 0 && (base < 2 || base > 36)) throw TemplateError("'int' knows bases from 2 to 36");
  const Value& value = call.value.defined();
  if (value.is_integer()) return value;
  std::optional<double> number = to_number(value);
  if (value.is_text()) {
    if (const auto whole = parse_whole(value.str(), static_cast<int>(base))) return *whole;
    number = parse_number(value.str());
  }
  if (!number) return otherwise;
  constexpr double kLargest = 9.2e18;
  if (std::fabs(*number) > kLargest) throw TemplateError("the number is too large");
  return static_cast<std::int64_t>(*number);
}

Value filter_float(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"default"});
  const Value& value = call.value.defined();
  const auto number = value.is_text() ? parse_number(value.str()) : to_number(value);
  if (number) return *number;
  return arguments.has(0) ? arguments.value(0) : Value(0.0);
}

Value filter_abs(const FilterCall& call) {
  const ArgumentReader none(call.name, call.arguments, {});
  const auto number = to_number(call.value.defined());
  if (!number) throw TemplateError(fmt::format("'abs' needs a number, not {}", call.value.type()));
  return *number < 0 || call.value.is_boolean()
             ? negate(*number < 0 ? call.value : negate(call.value))
             : call.value;
}

// As Python's round(): by the decimal digits that the number really has, halves to even.
double rounded(double number, int precision) {
  if (precision < 0) {
    const double factor = std::pow(10.0, -precision);
    return std::nearbyint(number / factor) * factor;
  }
  return std::strtod(fmt::format("{:.{}f}", number, precision).c_str(), nullptr);
}

Value filter_round(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"precision", "method"});
  const std::string method = arguments.text(1, "common");
  const auto number = to_number(call.value.defined());
  const std::int64_t precision = arguments.integer(0, 0);
  if (!number)
    throw TemplateError(fmt::format("'round' needs a number, not {}", call.value.type()));
  if (precision < -300 || precision > 300) throw TemplateError("'round' cannot be that precise");
  if (method == "common") {
    if (!call.value.is_float() && precision >= 0) return to_integer(call.value, "the value");
    const double result = rounded(*number, static_cast<int>(precision));
    return call.value.is_float() ? Value(result) : Value(static_cast<std::int64_t>(result));
  }
  const double factor = std::pow(10.0, static_cast<double>(precision));
  const double scaled = *number * factor;
  if (method != "ceil" && method != "floor")
    throw TemplateError("the method of 'round' is common, ceil or floor");
  const double result = (method == "ceil" ? std::ceil(scaled) : std::floor(scaled)) / factor;
  if (!std::isfinite(result)) throw TemplateError("the number is too large");
  return result;
}

Value filter_filesizeformat(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"binary"});
  const bool is_binary = arguments.truth(0, false);
  const Value& value = call.value.defined();
  const auto number = value.is_text() ? parse_number(value.str()) : to_number(value);
  if (!number)
    throw TemplateError(fmt::format("'filesizeformat' needs a number, not {}", value.shown()));
  const double base = is_binary ? 1024 : 1000;
  if (*number == 1) return "1 Byte";
  if (*number < base) return fmt::format("{:.0f} Bytes", std::trunc(*number));
  const std::string_view letters = is_binary ? "KMGTPEZY" : "kMGTPEZY";
  double unit = base;
  std::size_t place = 0;
  for (; place + 1 < letters.size() && *number >= unit * base; ++place)
    unit *= base;
  return fmt::format("{:.1f} {}{}", *number / unit, letters[place], is_binary ? "iB" : "B");
}

constexpr std::array<NamedFilter, 5> kNumberFilters{{{"abs", filter_abs},
                                                     {"filesizeformat", filter_filesizeformat},
                                                     {"float", filter_float},
                                                     {"int", filter_int},
                                                     {"round", filter_round}}};

}  // namespace

std::span<const NamedFilter> number_filters() {
  return kNumberFilters;
}

}  // namespace cfy::templates
