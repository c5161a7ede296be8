// concat, merge and the string_* functions. Positions in texts count characters.
#include <algorithm>

#include <fmt/format.h>

#include "functions/call.hpp"
#include "functions/texts.hpp"
#include "schema/types.hpp"

namespace cfy::functions {
namespace {

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::int64_t find_text(const std::string& haystack, const std::string& needle) {
  const std::size_t at = haystack.find(needle);
  if (at == std::string::npos) return -1;
  return std::count_if(haystack.begin(), haystack.begin() + static_cast<std::ptrdiff_t>(at),
                       [](char c) { return !is_continuation(c); });
}

// An empty needle stands before each character and at the end.
std::string replace_nothing(const std::string& text, const std::string& by, std::int64_t count) {
  std::string result;
  for (const char c : text) {
    if (!is_continuation(c) && count != 0) {
      result += by;
      --count;
    }
    result += c;
  }
  return count == 0 ? result : result + by;
}

// `count` below zero: all.
std::string replace_text(const std::string& text, const std::string& what, const std::string& by,
                         std::int64_t count) {
  if (what.empty()) return replace_nothing(text, by, count);
  std::string result;
  std::size_t from = 0;
  for (; count != 0; --count) {
    const std::size_t at = text.find(what, from);
    if (at == std::string::npos) break;
    result.append(text, from, at - from).append(by);
    from = at + what.size();
  }
  return result.append(text, from);
}

json split_text(const std::string& text, const std::string& separator) {
  json parts = json::array();
  std::size_t from = 0;
  for (std::size_t at = 0; (at = text.find(separator, from)) != std::string::npos;
       from = at + separator.size())
    parts.push_back(text.substr(from, at - from));
  parts.push_back(text.substr(from));
  return parts;
}

// Letters outside ASCII stay as they are.
std::string cased(std::string text, bool is_upper) {
  for (char& c : text) {
    if (is_upper && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (!is_upper && c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

std::int64_t integer_of(const json& value) {
  return value.is_boolean() ? static_cast<std::int64_t>(value.get<bool>())
                            : value.get<std::int64_t>();
}

Outcome split(const json& arguments) {
  const auto& separator = arguments[1].get_ref<const std::string&>();
  if (separator.empty())
    return Fault{"ValueError", "string_split needs a separator that is not empty"};
  json parts = split_text(arguments[0].get_ref<const std::string&>(), separator);
  if (arguments.size() < 3 || arguments[2].is_null()) return parts;
  std::int64_t index = integer_of(arguments[2]);
  const auto size = static_cast<std::int64_t>(parts.size());
  if (index < 0) index += size;
  if (index < 0 || index >= size)
    return Fault{"IndexError", fmt::format("string_split gives {} parts, there is no index {}",
                                           size, integer_of(arguments[2]))};
  return parts[static_cast<std::size_t>(index)];
}

}  // namespace

Outcome concat(Call& call) {
  std::string joined;
  for (const json& item : call.arguments()) {
    if (contains_function(item)) return StaysRaw{};
    joined += python_text(item);
  }
  return json(std::move(joined));
}

Outcome merge(Call& call) {
  json merged = json::object();
  for (const json& item : call.arguments()) {
    if (is_function(item)) return StaysRaw{};
    if (!schema::is_map(item))
      return Fault{"ValueError", fmt::format("merge needs dicts, got {}", schema::describe(item))};
    merged.update(item);
  }
  return merged;
}

Outcome string_function(Call& call) {
  const json& arguments = call.arguments();
  if (is_function(arguments) || (arguments.is_array() && contains_function(arguments)))
    return call.failure("an argument is not known at this stage");
  if (call.name() == "string_lower") return json(cased(arguments.get<std::string>(), false));
  if (call.name() == "string_upper") return json(cased(arguments.get<std::string>(), true));
  const auto& text = arguments[0].get_ref<const std::string&>();
  const auto& second = arguments[1].get_ref<const std::string&>();
  if (call.name() == "string_find") return json(find_text(text, second));
  if (call.name() == "string_split") return split(arguments);
  const bool has_count = arguments.size() > 3 && !arguments[3].is_null();
  return json(replace_text(text, second, arguments[2].get_ref<const std::string&>(),
                           has_count ? integer_of(arguments[3]) : -1));
}

}  // namespace cfy::functions
