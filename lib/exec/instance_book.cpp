#include "exec/instance_book.hpp"

#include <utility>

#include "base/check.hpp"
#include "base/text.hpp"
#include "store/property_merge.hpp"

namespace cfy::exec {

namespace {

base::Error conflict(const std::string& instance_id, const std::vector<std::string>& keys) {
  return base::make_error(base::ErrorKind::conflict,
                          "runtime properties of '{}' were changed by another operation "
                          "meanwhile: {}",
                          instance_id, base::join(keys, ", "));
}

}  // namespace

InstanceBook::InstanceBook(std::vector<store::NodeInstance> instances)
    : instances_(std::move(instances)), changes_(instances_.size(), json::object()) {
  make_indexes({});
}

void InstanceBook::replace(std::vector<store::NodeInstance> instances,
                           const std::vector<bool>& is_gone) {
  CFY_ASSERT(instances.size() >= instances_.size());
  instances_ = std::move(instances);
  changes_.resize(instances_.size(), json::object());
  make_indexes(is_gone);
}

void InstanceBook::make_indexes(const std::vector<bool>& is_gone) {
  by_id_.clear();
  by_node_.clear();
  for (std::size_t at = 0; at < instances_.size(); ++at) {
    if (at < is_gone.size() && is_gone[at]) continue;
    by_id_.emplace(instances_[at].id, at);
    by_node_[instances_[at].node_id].push_back(at);
  }
}

const store::NodeInstance* InstanceBook::find(std::string_view id) const {
  const auto found = by_id_.find(std::string(id));
  return found == by_id_.end() ? nullptr : &instances_[found->second];
}

std::span<const std::size_t> InstanceBook::of_node(std::string_view node_id) const {
  const auto found = by_node_.find(std::string(node_id));
  if (found == by_node_.end()) return {};
  return found->second;
}

base::Result<void> InstanceBook::merge(const store::PropertiesDelta& delta) {
  const auto found = by_id_.find(delta.instance_id);
  CFY_ASSERT(found != by_id_.end());
  store::NodeInstance& instance = instances_[found->second];
  store::PropertiesState state{instance.version, std::move(instance.runtime_properties),
                               std::move(changes_[found->second])};
  const std::vector<std::string> keys = store::conflicting_keys(state, delta);
  if (keys.empty()) store::merge(state, delta);
  instance.version = state.version;
  instance.runtime_properties = std::move(state.properties);
  changes_[found->second] = std::move(state.changes);
  if (keys.empty()) return {};
  return conflict(delta.instance_id, keys);
}

base::Result<void> InstanceBook::merge_strictly(const store::PropertiesDelta& delta) {
  const std::vector<std::string> keys = keys_changed_by_others(delta);
  if (!keys.empty()) return conflict(delta.instance_id, keys);
  return merge(delta);
}

std::vector<std::string> InstanceBook::keys_changed_by_others(
    const store::PropertiesDelta& delta) const {
  const json& changes = changes_[by_id_.at(delta.instance_id)];
  std::vector<std::string> keys;
  const auto look_at = [&](const std::string& key) {
    const auto change = changes.find(key);  // [version, writer]
    if (change == changes.end() || change->at(0).get<std::int64_t>() <= delta.version) return;
    if (change->at(1).get_ref<const std::string&>() != delta.writer) keys.push_back(key);
  };
  for (const auto& [key, value] : delta.set.items())
    look_at(key);
  for (const std::string& key : delta.removed)
    look_at(key);
  return keys;
}

base::Result<void> InstanceBook::write(store::Store& store, const store::PropertiesDelta& delta) {
  auto version = store.node_instances().apply(delta);
  if (!version) return version.error();
  store::NodeInstance& instance = instances_[by_id_.at(delta.instance_id)];
  if (*version <= instance.version) return {};
  // Somebody beside this run stored it meanwhile (--force, a worker of a dead run): the row knows
  // more than this book.
  auto row = store.node_instances().get(delta.deployment_id, delta.instance_id);
  if (!row) return row.error();
  instance = *std::move(row);
  return {};
}

base::Result<void> InstanceBook::reread(store::Store& store, const std::string& id) {
  store::NodeInstance& instance = instances_[by_id_.at(id)];
  auto row = store.node_instances().get(instance.deployment_id, id);
  if (!row) return row.error();
  instance = *std::move(row);
  return {};
}

base::Result<void> InstanceBook::write_state(store::Store& store, const std::string& id,
                                             std::string_view state) {
  store::NodeInstance& instance = instances_[by_id_.at(id)];
  auto written = store.node_instances().set_state(instance.deployment_id, id, state);
  if (!written) return written;
  instance.state = state;
  ++instance.version;
  return {};
}

base::Result<void> InstanceBook::write_system_properties(store::Store& store, const std::string& id,
                                                         const json& properties) {
  store::NodeInstance& instance = instances_[by_id_.at(id)];
  auto written =
      store.node_instances().set_system_properties(instance.deployment_id, id, properties);
  if (!written) return written;
  instance.system_properties = properties;
  ++instance.version;
  return {};
}

}  // namespace cfy::exec
