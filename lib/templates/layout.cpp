// One number or text, laid out as a Layout wants.
#include "templates/characters.hpp"
#include "templates/formatting.hpp"

namespace cfy::templates {
namespace {

std::string filler(const std::string& fill, std::size_t times) {
  std::string text;
  for (; times > 0; --times)
    text += fill;
  return text;
}

std::string padded(const std::string& sign, const std::string& text, const Layout& layout,
                   char natural) {
  const char align = layout.align != 0 ? layout.align : natural;
  const std::size_t size = count_characters(sign) + count_characters(text);
  const std::size_t missing = layout.width > size ? layout.width - size : 0;
  if (align == '=') return sign + filler(layout.fill, missing) + text;
  const std::size_t left = align == '<' ? 0 : align == '>' ? missing : missing / 2;
  return filler(layout.fill, left) + sign + text + filler(layout.fill, missing - left);
}

std::string digits_of(std::uint64_t number, char type) {
  if (type == 'x') return fmt::format("{:x}", number);
  if (type == 'X') return fmt::format("{:X}", number);
  if (type == 'o') return fmt::format("{:o}", number);
  if (type == 'b') return fmt::format("{:b}", number);
  return fmt::format("{}", number);
}

std::string with_commas(std::string digits) {
  std::size_t whole = 0;
  while (whole < digits.size() && is_digit(digits[whole]))
    ++whole;
  for (std::size_t at = whole; at > 3;)
    digits.insert(at -= 3, ",");
  return digits;
}

std::string with_commas_if(const Layout& layout, std::string digits) {
  return layout.has_commas ? with_commas(std::move(digits)) : digits;
}

std::string lay_out_integer(std::int64_t number, const Layout& layout) {
  const std::uint64_t size =
      number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
  std::string sign = number < 0 ? "-" : layout.sign == '-' ? "" : std::string(1, layout.sign);
  std::string digits = with_commas_if(layout, digits_of(size, layout.type));
  if (layout.precision > static_cast<int>(digits.size()))
    digits.insert(0, static_cast<std::size_t>(layout.precision) - digits.size(), '0');
  if (layout.has_prefix && layout.type != 0 && layout.type != 'd') {
    sign += '0';
    sign += layout.type;
  }
  return padded(sign, digits, layout, '>');
}

std::string unsigned_float(double number, const Layout& layout) {
  const int precision = layout.precision < 0 ? 6 : layout.precision;
  switch (layout.type) {
    case 'e':
      return fmt::format("{:.{}e}", number, precision);
    case 'E':
      return fmt::format("{:.{}E}", number, precision);
    case 'g':
      return fmt::format("{:.{}g}", number, std::max(precision, 1));
    case 'G':
      return fmt::format("{:.{}G}", number, std::max(precision, 1));
    case '%':
      return fmt::format("{:.{}f}%", number * 100, precision);
    case 0: {
      if (layout.precision < 0) return Value(number).text();
      std::string text = fmt::format("{:.{}g}", number, std::max(precision, 1));
      if (text.find_first_of(".e") == std::string::npos) text += ".0";
      return text;
    }
    default:
      return fmt::format("{:.{}f}", number, precision);
  }
}

}  // namespace

std::string lay_out_number(const Value& number, const Layout& layout) {
  const bool is_whole = number.is_integer() || number.is_boolean();
  const std::string_view of_whole("bcdoxX", 6), of_float("eEfFgG%", 7);
  const bool wants_whole = layout.type == 0 ? is_whole : of_whole.find(layout.type) < 6;
  if (!wants_whole && layout.type != 0 && of_float.find(layout.type) == std::string_view::npos)
    throw TemplateError(fmt::format("numbers have no format '{}'", layout.type));
  if (wants_whole) {
    const std::int64_t whole = to_integer(number, "what is formatted as a whole number");
    if (layout.type != 'c') return lay_out_integer(whole, layout);
    if (whole < 0 || whole > 0x10FFFF) throw TemplateError("there is no such character");
    return padded("", to_utf8(static_cast<std::uint32_t>(whole)), layout, '<');
  }
  const double value = *to_number(number);
  const std::string sign = std::signbit(value)  ? "-"
                           : layout.sign == '-' ? ""
                                                : std::string(1, layout.sign);
  return padded(sign, with_commas_if(layout, unsigned_float(std::abs(value), layout)), layout, '>');
}

std::string lay_out_text(const std::string& text, const Layout& layout) {
  if (layout.precision < 0) return padded("", text, layout, '<');
  std::string cut;
  int left = layout.precision;
  for (const std::string& one : characters(text))
    if (left-- > 0) cut += one;
  return padded("", cut, layout, '<');
}

int parse_extent(std::string_view text, std::size_t& at) {
  constexpr int kLargest = 10'000;
  int extent = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) {
    extent = extent * 10 + (text[at] - '0');
    if (extent > kLargest)
      throw TemplateError(fmt::format("widths and precisions are at most {}", kLargest));
  }
  return extent;
}

}  // namespace cfy::templates
