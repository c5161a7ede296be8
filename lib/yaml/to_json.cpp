#include "yaml/to_json.hpp"

#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

namespace cfy::yaml {

using nlohmann::json;

namespace {

json float_to_json(double number) {
  if (std::isnan(number)) return json{{"$float", "nan"}};
  if (std::isinf(number)) return json{{"$float", number > 0 ? "inf" : "-inf"}};
  return number;
}

json wide_integer_to_json(std::string_view digits) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error == std::errc() && end == digits.data() + digits.size()) return number;
  return digits;
}

json map_to_json(const Value& map) {
  json::object_t object;
  for (const Entry& entry : map.entries())
    object.insert_or_assign(
        entry.key->is_string() ? std::string(entry.key->text()) : key_text(*entry.key),
        to_json(*entry.value));
  return object;
}

json list_to_json(const Value& list) {
  json::array_t array;
  array.reserve(list.items().size());
  for (const Value* item : list.items())
    array.push_back(to_json(*item));
  return array;
}

}  // namespace

json to_json(const Value& value) {
  switch (value.kind()) {
    case Kind::null:
      return nullptr;
    case Kind::boolean:
      return value.boolean();
    case Kind::integer:
      return value.integer();
    case Kind::wide_integer:
      return wide_integer_to_json(value.text());
    case Kind::floating:
      return float_to_json(value.floating());
    case Kind::string:
      return value.text();
    case Kind::timestamp:
      return json{{"$timestamp", value.text()}};
    case Kind::binary:
      return json{{"$binary", value.text()}};
    case Kind::list:
      return list_to_json(value);
    case Kind::map:
      return map_to_json(value);
  }
  return nullptr;
}

}  // namespace cfy::yaml
