#include "yaml/scalar.hpp"

#include <algorithm>
#include <array>

namespace cfy::yaml {
namespace {

constexpr std::array<std::string_view, 9> kTrue = {"yes",  "Yes", "YES", "true", "True",
                                                   "TRUE", "on",  "On",  "ON"};
constexpr std::array<std::string_view, 9> kFalse = {"no",    "No",  "NO",  "false", "False",
                                                    "FALSE", "off", "Off", "OFF"};

bool is_one_of(const auto& words, std::string_view text) {
  return !text.empty() && std::find(words.begin(), words.end(), text) != words.end();
}

bool is_base64(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/';
}

}  // namespace

bool parse_boolean(std::string_view text) {
  return is_one_of(kTrue, text);
}

bool is_boolean_text(std::string_view text) {
  return is_one_of(kTrue, text) || is_one_of(kFalse, text);
}

// The first character decides which rules can match at all, so most texts cost one look.
PlainType plain_type(std::string_view text) {
  if (text.empty()) return PlainType::null;
  switch (text.front()) {
    case '~':
      return text.size() == 1 ? PlainType::null : PlainType::string;
    case '=':
      return text.size() == 1 ? PlainType::value : PlainType::string;
    case '<':
      return text == "<<" ? PlainType::merge : PlainType::string;
    case 'n':
    case 'N':
      if (text == "null" || text == "Null" || text == "NULL") return PlainType::null;
      return is_boolean_text(text) ? PlainType::boolean : PlainType::string;
    case 'y':
    case 'Y':
    case 't':
    case 'T':
    case 'f':
    case 'F':
    case 'o':
    case 'O':
      return is_boolean_text(text) ? PlainType::boolean : PlainType::string;
    default:
      break;
  }
  const char first = text.front();
  const bool is_digit = first >= '0' && first <= '9';
  if (!is_digit && first != '-' && first != '+' && first != '.') return PlainType::string;
  if (is_float_text(text)) return PlainType::floating;
  if (is_integer_text(text)) return PlainType::integer;
  if (is_digit && is_timestamp_text(text)) return PlainType::timestamp;
  return PlainType::string;
}

std::optional<std::string> parse_binary(std::string_view text) {
  std::string kept;
  for (const char c : text)
    if (is_base64(c) || c == '=')
      kept += c;
    else if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
      return std::nullopt;
  if (kept.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = kept.size() - std::min(kept.find('='), kept.size());
  if (padding > 2 || kept.substr(kept.size() - padding).find_first_not_of('=') != std::string::npos)
    return std::nullopt;
  return kept;
}

}  // namespace cfy::yaml
