// One step of a path.
#include "functions/lookup.hpp"

#include <nlohmann/json.hpp>

#include "schema/types.hpp"

namespace cfy::functions {
namespace {

Step step_into_list(const json*& value, const json& item) {
  if (!item.is_number_integer() && !item.is_boolean()) return Step::not_an_index;
  const auto size = static_cast<std::int64_t>(value->size());
  std::int64_t index = item.is_boolean() ? item.get<bool>() : item.get<std::int64_t>();
  if (index < 0) index += size;
  if (index < 0 || index >= size) return Step::no_index;
  value = &(*value)[static_cast<std::size_t>(index)];
  return Step::found;
}

}  // namespace

Step step_into(const json*& value, const json& item) {
  if (value->is_array()) return step_into_list(value, item);
  if (!schema::is_map(*value)) return Step::no_container;
  // Keys that are numbers in YAML are texts in JSON, written as JSON writes the number.
  const auto member = value->find(item.is_string() ? item.get<std::string>() : item.dump());
  if (member == value->end()) return Step::no_key;
  value = &*member;
  return Step::found;
}

}  // namespace cfy::functions
