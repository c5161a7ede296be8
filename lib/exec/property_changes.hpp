// What an operation changed, as the store wants it.
#pragma once

#include <string>
#include <utility>

#include "dispatch/protocol.hpp"
#include "store/records.hpp"

namespace cfy::exec {

/// @param writer  the task's id: its own changes do not conflict with each other
inline store::PropertiesDelta to_changes(const dispatch::Delta& delta, std::string deployment_id,
                                         std::string writer) {
  store::PropertiesDelta changes;
  changes.deployment_id = std::move(deployment_id);
  changes.instance_id = delta.instance_id;
  changes.version = delta.version;
  changes.set = delta.set;
  changes.removed = delta.removed;
  changes.writer = std::move(writer);
  return changes;
}

}  // namespace cfy::exec
