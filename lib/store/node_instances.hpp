// NodeInstances: the rows of node instances, and the rules for two who change one at a time.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "store/records.hpp"
#include "store/sqlite.hpp"

namespace cfy::store {

/// Every successful change adds 1 to the instance's version.
class NodeInstances {
 public:
  explicit NodeInstances(Database& database) : database_(database) {}

  /// All or none. list() keeps this order. Errors: conflict (an id is taken), state.
  base::Result<void> create(std::span<const NodeInstance> instances);
  /// Errors: not_found, state.
  base::Result<NodeInstance> get(const std::string& deployment_id, const std::string& id);
  /// In order of creation.
  base::Result<std::vector<NodeInstance>> list(const std::string& deployment_id);

  /// Store the instance as it is. `instance.version` is the version that was read; the new one is
  /// returned. Errors: conflict (somebody else stored meanwhile; nothing changed), not_found,
  /// state.
  base::Result<std::int64_t> update(const NodeInstance& instance);

  /// Only the state, whatever the version is, as in Cloudify. Errors: not_found, state.
  base::Result<void> set_state(const std::string& deployment_id, const std::string& id,
                               std::string_view state);
  /// The same for the system properties, as a whole.
  base::Result<void> set_system_properties(const std::string& deployment_id, const std::string& id,
                                           const nlohmann::json& properties);

  /// Merge changes of runtime properties made against `delta.version` into what is stored now.
  /// Keys that nobody else changed since are taken; a key that both changed to different values is
  /// a conflict, and then nothing is stored. Returns the new version.
  /// Errors: conflict (names the keys), not_found, state.
  base::Result<std::int64_t> apply(const PropertiesDelta& delta);

  /// Errors: not_found, state.
  base::Result<void> remove(const std::string& deployment_id, const std::string& id);

 private:
  Database& database_;
};

}  // namespace cfy::store
