// Filters for the letters of a text; a value that is none is turned into one first, as Jinja2 does.
// Upper and lower case are those of ASCII.
#include <array>

#include "templates/characters.hpp"
#include "templates/filters.hpp"
#include "templates/formatting.hpp"

namespace cfy::templates {
namespace {

Value filter_upper(const FilterCall& call) {
  const ArgumentReader none(call.name, call.arguments, {});
  return text_like(call.value, upper(call.value.text()));
}
Value filter_lower(const FilterCall& call) {
  const ArgumentReader none(call.name, call.arguments, {});
  return text_like(call.value, lower(call.value.text()));
}
Value filter_capitalize(const FilterCall& call) {
  const ArgumentReader none(call.name, call.arguments, {});
  std::string text = lower(call.value.text());
  if (!text.empty()) text[0] = upper(text[0]);
  return text_like(call.value, std::move(text));
}
// A word starts behind blanks and opening brackets only; the method title() knows others.
Value filter_title(const FilterCall& call) {
  const ArgumentReader none(call.name, call.arguments, {});
  std::string text = lower(call.value.text());
  bool starts_word = true;
  for (char& byte : text) {
    if (starts_word) byte = upper(byte);
    starts_word = std::string_view("-({[<").find(byte) != std::string_view::npos ||
                  kBlanks.find(byte) != std::string_view::npos;
  }
  return text;
}

Value filter_trim(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"chars"});
  const std::string text = call.value.text();
  const std::string blanks = arguments.has_some(0) ? arguments.text(0, "") : std::string(kBlanks);
  const std::size_t start = text.find_first_not_of(blanks);
  if (start == std::string::npos) return text_like(call.value, "");
  return text_like(call.value, text.substr(start, text.find_last_not_of(blanks) + 1 - start));
}

// What replacing nothing gives: `fresh` before each character and at the end.
std::string interleaved(const std::string& text, const std::string& fresh, std::int64_t left,
                        const Scope& scope) {
  std::string result;
  for (const std::string& one : characters(text)) {
    if (left != 0) result += fresh;
    if (left > 0) --left;
    result += one;
    scope.check_size(result.size());
  }
  return left != 0 ? result + fresh : result;
}

Value filter_replace(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"old", "new", "count"});
  const std::string text = call.value.text(), old = arguments.text(0, ""),
                    fresh = arguments.text(1, "");
  if (!arguments.has(0) || !arguments.has(1))
    throw TemplateError("'replace' needs the text to replace and the one to put there");
  std::int64_t left = arguments.has_some(2) ? arguments.integer(2, -1) : -1;
  if (old.empty()) return interleaved(text, fresh, left, call.scope);
  std::string result;
  std::size_t at = 0;
  for (; left != 0; --left) {
    const std::size_t found = text.find(old, at);
    if (found == std::string::npos) break;
    result.append(text, at, found - at).append(fresh);
    call.scope.check_size(result.size());
    at = found + old.size();
  }
  return result.append(text, at);
}

Value filter_format(const FilterCall& call) {
  const Value format = call.value.is_text() ? call.value : Value(call.value.text());
  if (call.arguments.named.empty())
    return format_percent(format, Value::tuple(call.arguments.positional), call.scope);
  if (!call.arguments.positional.empty())
    throw TemplateError("'format' takes values with names, or without them");
  Members members;
  for (const auto& [name, value] : call.arguments.named)
    members.emplace_back(name, value);
  return format_percent(format, Value::dict(std::move(members)), call.scope);
}

Value filter_wordcount(const FilterCall& call) {
  const ArgumentReader none(call.name, call.arguments, {});
  std::size_t words = 0;
  bool in_word = false;
  for (const char byte : call.value.text()) {
    if (is_word(byte) && !in_word) ++words;
    in_word = is_word(byte);
  }
  return words;
}

constexpr std::array<NamedFilter, 8> kTextFilters{{{"capitalize", filter_capitalize},
                                                   {"format", filter_format},
                                                   {"lower", filter_lower},
                                                   {"replace", filter_replace},
                                                   {"title", filter_title},
                                                   {"trim", filter_trim},
                                                   {"upper", filter_upper},
                                                   {"wordcount", filter_wordcount}}};

}  // namespace

std::span<const NamedFilter> text_filters() {
  return kTextFilters;
}

}  // namespace cfy::templates
