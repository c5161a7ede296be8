#include "store/property_merge.hpp"

namespace cfy::store {
namespace {

bool changed_by_others_since(const PropertiesState& stored, const PropertiesDelta& delta,
                             const std::string& key) {
  const auto change = stored.changes.find(key);
  if (change == stored.changes.end()) return false;
  if (change->at(0).get<std::int64_t>() <= delta.version) return false;
  return delta.writer.empty() || change->at(1).get_ref<const std::string&>() != delta.writer;
}

}  // namespace

std::vector<std::string> conflicting_keys(const PropertiesState& stored,
                                          const PropertiesDelta& delta) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : delta.set.items()) {
    if (!changed_by_others_since(stored, delta, key)) continue;
    const auto now = stored.properties.find(key);
    if (now == stored.properties.end() || *now != value) keys.push_back(key);
  }
  for (const std::string& key : delta.removed)
    if (changed_by_others_since(stored, delta, key) && stored.properties.contains(key))
      keys.push_back(key);
  return keys;
}

void merge(PropertiesState& stored, const PropertiesDelta& delta) {
  ++stored.version;
  const json change = json::array({stored.version, delta.writer});
  for (const auto& [key, value] : delta.set.items()) {
    stored.properties[key] = value;
    stored.changes[key] = change;
  }
  for (const std::string& key : delta.removed) {
    stored.properties.erase(key);
    stored.changes[key] = change;
  }
}

PropertiesDelta difference(const json& before, const json& after) {
  PropertiesDelta delta;
  for (const auto& [key, value] : after.items()) {
    const auto old = before.find(key);
    if (old == before.end() || *old != value) delta.set[key] = value;
  }
  for (const auto& [key, value] : before.items())
    if (!after.contains(key)) delta.removed.push_back(key);
  return delta;
}

}  // namespace cfy::store
