// Converts texts of the command line.
#include "deploy/given.hpp"

#include <algorithm>
#include <cctype>

#include "base/json_text.hpp"
#include "schema/convert.hpp"
#include "schema/types.hpp"

namespace cfy::deploy {
namespace {

json read_json(std::string_view text) {
  auto value = base::parse_json(text);
  return value ? *std::move(value) : json(text);
}

json read(std::string_view text, const ReadText& read_text) {
  return read_text ? read_text(text) : read_json(text);
}

// Words that YAML takes for true or false and that convert_text does not.
json read_boolean(const std::string& text) {
  std::string word = text;
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (word == "yes" || word == "on") return true;
  if (word == "no" || word == "off") return false;
  return schema::convert_text(text, "boolean");
}

}  // namespace

GivenValues to_given(const json& map) {
  GivenValues given;
  if (map.is_object())
    for (auto member = map.begin(); member != map.end(); ++member)
      given[member.key()] = {*member, false};
  return given;
}

json read_given(const GivenValue& given, std::string_view type, const ReadText& read_text) {
  if (!given.is_text || !given.value.is_string()) return given.value;
  const auto& text = given.value.get_ref<const std::string&>();
  if (type.empty()) return read(text, read_text);
  if (type == "boolean") return read_boolean(text);
  if (type == "integer" || type == "float") return schema::convert_text(text, type);
  const bool is_text_type = type != "list" && type != "dict" && schema::is_builtin_type(type);
  if (is_text_type) return given.value;
  json value = read(text, read_text);
  return value.is_structured() ? value : given.value;
}

}  // namespace cfy::deploy
