// Conversion of texts, with the grammar that Python's int() and float() accept.
#include "schema/convert.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "schema/function_form.hpp"
#include "schema/types.hpp"

namespace cfy::schema {
namespace {

std::string lowered(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n\r\f\v";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Python lets one underscore stand between two digits.
std::optional<std::string> without_underscores(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '_') {
      result += text[i];
    } else if (i == 0 || i + 1 == text.size() || !is_digit(text[i - 1]) || !is_digit(text[i + 1])) {
      return std::nullopt;
    }
  }
  return result;
}

// The number without a plus sign, which from_chars does not take.
std::optional<std::string> number_text(std::string_view text) {
  auto cleaned = without_underscores(trimmed(text));
  if (!cleaned || cleaned->empty()) return std::nullopt;
  if (cleaned->front() != '+') return cleaned;
  if (cleaned->size() == 1 || (*cleaned)[1] == '-' || (*cleaned)[1] == '+') return std::nullopt;
  return cleaned->substr(1);
}

std::optional<std::int64_t> read_integer(std::string_view text) {
  const auto cleaned = number_text(text);
  if (!cleaned) return std::nullopt;
  std::int64_t number = 0;
  const char* end = cleaned->data() + cleaned->size();
  const auto [stop, error] = std::from_chars(cleaned->data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::optional<double> read_float(std::string_view text) {
  const auto cleaned = number_text(text);
  if (!cleaned) return std::nullopt;
  double number = 0;
  const char* end = cleaned->data() + cleaned->size();
  const auto [stop, error] = std::from_chars(cleaned->data(), end, number);
  if (error == std::errc::result_out_of_range && stop == end)
    return cleaned->front() == '-' ? -std::numeric_limits<double>::infinity()
                                   : std::numeric_limits<double>::infinity();
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

bool is_text_type(std::string_view type) {
  return type == "string" || type == "textarea";
}

json converted_items(const json& value, std::string_view item_type) {
  json items = value;
  for (json& item : items)
    item = convert_text(item, item_type);
  return items;
}

}  // namespace

json convert_text(const json& value, std::string_view type) {
  if (!value.is_string()) return value;
  const auto& text = value.get_ref<const std::string&>();
  if (type == "integer") {
    if (const auto number = read_integer(text)) return *number;
  } else if (type == "float") {
    if (const auto number = read_float(text)) return *number;
  } else if (type == "boolean") {
    const std::string word = lowered(text);
    if (word == "true") return true;
    if (word == "false") return false;
  }
  return value;
}

json check_execution_value(const json& value, const json& schema, const CompleteOptions& options,
                           const ValueLookup& lookup, Problems& problems) {
  if (is_function(value)) return value;
  const std::size_t before = problems.size();
  const std::string_view type = type_of(schema);
  json converted = convert_text(value, type);
  const auto item_type = schema.find("item_type");
  if (type == "list" && converted.is_array() && item_type != schema.end() && item_type->is_string())
    converted = converted_items(converted, item_type->get_ref<const std::string&>());
  if (is_text_type(type) && !converted.is_string()) {
    problems.push_back({105,
                        "DSLParsingLogicException",
                        fmt::format("must be {}, got {}", type, describe(value)),
                        {},
                        ""});
    return value;
  }
  // Without the default: a given value replaces it whole, so what it lacks of its type is missing.
  converted = complete_value(converted, type, nullptr, options, problems);
  if (problems.size() == before) check_constraints(converted, schema, lookup, problems);
  return problems.size() == before ? converted : value;
}

}  // namespace cfy::schema
