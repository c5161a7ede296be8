// InstanceBook: the node instances of a deployment as the running execution knows them. Requests
// are made from it, results change it, the store follows. Used by the coordinator's thread only.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.hpp"
#include "store/records.hpp"
#include "store/store.hpp"

namespace cfy::exec {

using nlohmann::json;

class InstanceBook {
 public:
  /// @param instances  in blueprint order, which is kept
  explicit InstanceBook(std::vector<store::NodeInstance> instances);

  const std::vector<store::NodeInstance>& all() const { return instances_; }
  /// The rows as a modification of the deployment left them: the known ones first, in the order
  /// that they have here. `is_gone`: not found any more, but all() still has them.
  void replace(std::vector<store::NodeInstance> instances, const std::vector<bool>& is_gone);
  /// nullptr when there is none.
  const store::NodeInstance* find(std::string_view id) const;
  /// The instances of a node, in order; empty when there are none.
  std::span<const std::size_t> of_node(std::string_view node_id) const;

  /// Merge the changes into what requests are made from; the store is to follow with write().
  /// Errors: conflict (names the keys somebody else changed since; nothing changed).
  base::Result<void> merge(const store::PropertiesDelta& delta);

  /// For an operation that asks before it goes on: like merge(), but a key that somebody else set
  /// to the same value since is a conflict, too. Of two that count, one must hear of the other.
  base::Result<void> merge_strictly(const store::PropertiesDelta& delta);

  /// Write merged changes in the store's open transaction. Errors: conflict (somebody beside this
  /// run changed the same keys), not_found, state.
  base::Result<void> write(store::Store& store, const store::PropertiesDelta& delta);
  /// Take the row as it is stored. Only while no merged change waits to be written. Errors:
  /// not_found, state.
  base::Result<void> reread(store::Store& store, const std::string& id);
  /// Errors: not_found, state.
  base::Result<void> write_state(store::Store& store, const std::string& id,
                                 std::string_view state);
  /// Errors: not_found, state.
  base::Result<void> write_system_properties(store::Store& store, const std::string& id,
                                             const json& properties);

 private:
  std::vector<std::string> keys_changed_by_others(const store::PropertiesDelta& delta) const;
  void make_indexes(const std::vector<bool>& is_gone);

  std::vector<store::NodeInstance> instances_;
  std::vector<json> changes_;  // by position: who changed which key last, in this run
  std::unordered_map<std::string, std::size_t> by_id_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_node_;
};

}  // namespace cfy::exec
