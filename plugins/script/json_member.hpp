// Reading JSON that may lack what is asked for.
#pragma once

#include <nlohmann/json.hpp>

namespace cfy::script {

/// The member of that name; null when there is none, or `object` is no object.
inline const nlohmann::json& member(const nlohmann::json& object, const char* key) {
  static const nlohmann::json kNull;
  if (!object.is_object()) return kNull;
  const auto found = object.find(key);
  return found == object.end() ? kNull : *found;
}

}  // namespace cfy::script
