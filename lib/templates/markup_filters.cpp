// Filters for HTML, XML and addresses.
#include <array>

#include "templates/characters.hpp"
#include "templates/filters.hpp"
#include "templates/markup.hpp"

namespace cfy::templates {
namespace {

Value filter_escape(const FilterCall& call) {
  const ArgumentReader none(call.name, call.arguments, {});
  return Value::safe(escaped(call.value, call.scope));
}
Value filter_forceescape(const FilterCall& call) {
  const ArgumentReader none(call.name, call.arguments, {});
  return Value::safe(escaped_text(call.value.text(), call.scope));
}
Value filter_safe(const FilterCall& call) {
  const ArgumentReader none(call.name, call.arguments, {});
  return Value::safe(call.value.text());
}
Value filter_striptags(const FilterCall& call) {
  const ArgumentReader none(call.name, call.arguments, {});
  return without_tags(call.value.text());
}

// The members of a dict as attributes; without those that are none or undefined.
Value filter_xmlattr(const FilterCall& call) {
  const ArgumentReader arguments(call.name, call.arguments, {"autospace"});
  const Dict* dict = call.value.defined().as_dict();
  if (dict == nullptr)
    throw TemplateError(fmt::format("'xmlattr' needs a dict, not {}", call.value.type()));
  std::string text;
  for (const auto& [key, value] : dict->members) {
    if (value.is_none() || !value.is_defined()) continue;
    const std::string name = key.text();
    if (name.find_first_of("/>=") != std::string::npos ||
        name.find_first_of(kBlanks) != std::string::npos)
      throw TemplateError(fmt::format("'{}' cannot be the name of an attribute", name));
    if (!text.empty() || arguments.truth(0, true)) text += ' ';
    text += escaped(key, call.scope) + "=\"" + escaped(value, call.scope) + '"';
    call.scope.check_size(text.size());
  }
  return text;
}

std::string url_quoted(const std::string& text, bool in_query) {
  std::string encoded;
  for (const char byte : text) {
    if (is_letter(byte) || is_digit(byte) ||
        std::string_view("_.-~").find(byte) != std::string_view::npos)
      encoded += byte;
    else if (byte == ' ' && in_query)
      encoded += '+';
    else if (byte == '/' && !in_query)
      encoded += '/';
    else
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(byte));
  }
  return encoded;
}

Members pairs_of(const Value& value) {
  if (const Dict* dict = value.as_dict()) return dict->members;
  Members pairs;
  for (const Value& item : items_of(value)) {
    Items parts = items_of(item);
    if (parts.size() != 2) throw TemplateError("'urlencode' needs pairs of names and values");
    pairs.emplace_back(parts[0], parts[1]);
  }
  return pairs;
}

// A text for a path; a dict or pairs for a query.
Value filter_urlencode(const FilterCall& call) {
  const ArgumentReader none(call.name, call.arguments, {});
  if (call.value.is_text() || call.value.is_scalar()) {
    std::string encoded = url_quoted(call.value.text(), false);
    call.scope.check_size(encoded.size());
    return encoded;
  }
  std::string query;
  for (const auto& [name, value] : pairs_of(call.value)) {
    if (!query.empty()) query += '&';
    query += url_quoted(name.text(), true) + '=' + url_quoted(value.text(), true);
    call.scope.check_size(query.size());
  }
  return query;
}

constexpr std::array<NamedFilter, 7> kMarkupFilters{{{"e", filter_escape},
                                                     {"escape", filter_escape},
                                                     {"forceescape", filter_forceescape},
                                                     {"safe", filter_safe},
                                                     {"striptags", filter_striptags},
                                                     {"urlencode", filter_urlencode},
                                                     {"xmlattr", filter_xmlattr}}};

}  // namespace

std::span<const NamedFilter> markup_filters() {
  return kMarkupFilters;
}

}  // namespace cfy::templates
