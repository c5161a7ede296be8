#include "templates/markup.hpp"

#include <array>
#include <charconv>

#include "templates/characters.hpp"

namespace cfy::templates {
namespace {

std::string without_all(const std::string& text, std::string_view open, std::string_view close) {
  std::string rest;
  std::size_t at = 0;
  for (;;) {
    const std::size_t start = text.find(open, at);
    const std::size_t end = start == std::string::npos ? start : text.find(close, start);
    if (end == std::string::npos) return rest.append(text, at);
    rest.append(text, at, start - at);
    at = end + close.size();
  }
}

std::string with_single_blanks(const std::string& text) {
  std::string result;
  for (std::size_t at = text.find_first_not_of(kBlanks); at != std::string::npos;) {
    const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
    if (!result.empty()) result += ' ';
    result.append(text, at, end - at);
    at = text.find_first_not_of(kBlanks, end);
  }
  return result;
}

// `name` is what stands between & and ;.
std::string entity(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kNamed{
      {{"amp", "&"},
       {"lt", "<"},
       {"gt", ">"},
       {"quot", "\""},
       {"apos", "'"},
       {"nbsp", "\xc2\xa0"}}};
  for (const auto& [known, meaning] : kNamed)
    if (name == known) return std::string(meaning);
  const bool is_hex = name.size() > 2 && (name[1] == 'x' || name[1] == 'X');
  const std::string_view digits = name.substr(std::min<std::size_t>(is_hex ? 2 : 1, name.size()));
  std::uint32_t code = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), code, is_hex ? 16 : 10);
  if (!name.starts_with('#') || error != std::errc() || end != digits.data() + digits.size())
    throw TemplateError(fmt::format("'striptags' does not know the entity &{};", name));
  return to_utf8(code);
}

std::string with_characters(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t end = text[at] == '&' ? text.find_first_not_of(
                                                  "#0123456789abcdefghijklmnopqrstuvwxyz"
                                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                                                  at + 1)
                                            : std::string::npos;
    if (end == std::string::npos || end == at + 1 || text[end] != ';') {
      result += text[at];
      continue;
    }
    result += entity(std::string_view(text).substr(at + 1, end - at - 1));
    at = end;
  }
  return result;
}

}  // namespace

std::string escaped_text(std::string_view text, const Scope& scope) {
  std::string safe;
  for (const char byte : text) {
    const std::size_t found = std::string_view("&<>'\"").find(byte);
    static constexpr std::array<const char*, 5> kEntities{"&amp;", "&lt;", "&gt;", "&#39;",
                                                          "&#34;"};
    if (found == std::string_view::npos)
      safe += byte;
    else
      safe += kEntities[found];
  }
  scope.check_size(safe.size());
  return safe;
}

std::string escaped(const Value& value, const Scope& scope) {
  return value.is_safe() ? value.str() : escaped_text(value.text(), scope);
}

std::string without_tags(std::string text) {
  text = without_all(text, "<!--", "-->");
  return with_characters(with_single_blanks(without_all(text, "<", ">")));
}

}  // namespace cfy::templates
