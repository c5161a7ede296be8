// The three-way merge of runtime properties: who changed which key since when. Pure: no SQL.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "store/records.hpp"

namespace cfy::store {

/// What is stored of one instance.
struct PropertiesState {
  std::int64_t version = 0;
  json properties = json::object();
  json changes = json::object();  ///< {key: [version of its last change, writer]}
};

/// The keys that `delta` changes and somebody else changed to another value since `delta.version`.
std::vector<std::string> conflicting_keys(const PropertiesState& stored,
                                          const PropertiesDelta& delta);

/// Take the delta's changes; they count as made in version `stored.version` + 1, which becomes
/// the version.
void merge(PropertiesState& stored, const PropertiesDelta& delta);

/// The delta that leads from `before` to `after`, by top-level keys: what update() of a whole
/// instance changed.
PropertiesDelta difference(const json& before, const json& after);

}  // namespace cfy::store
