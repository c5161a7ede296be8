#include "store/node_instances.hpp"

#include "base/text.hpp"
#include "store/property_merge.hpp"
#include "store/row_shapes.hpp"
#include "store/transaction.hpp"

namespace cfy::store {

using base::Error;
using base::ErrorKind;
using base::make_error;
using base::Result;

namespace {

NodeInstance read_instance(Query& row) {
  row.identify("node_instances", 1);
  NodeInstance instance;
  instance.deployment_id = row.text(0);
  instance.id = row.text(1);
  instance.node_id = row.text(2);
  instance.index = static_cast<std::uint32_t>(row.integer(3));
  instance.host_id = row.optional_text(4);
  instance.state = row.text(5);
  instance.version = row.integer(6);
  instance.runtime_properties = row.object(7);
  instance.system_properties = row.object(8);
  instance.relationships = row.shaped(9, is_relationships);
  instance.scaling_groups = row.shaped(10, is_group_instances);
  return instance;
}

Error unknown(const std::string& deployment_id, const std::string& id) {
  return make_error(ErrorKind::not_found, "the deployment '{}' has no node instance '{}'",
                    deployment_id, id);
}

Result<PropertiesState> stored_properties(Database& database, const std::string& deployment_id,
                                          const std::string& id) {
  Query query = database.query(
      "SELECT version, runtime_properties, property_changes, id FROM node_instances "
      "WHERE deployment_id = ?1 AND id = ?2");
  query.bind(deployment_id, id);
  auto found = read_first(query, [](Query& row) {
    row.identify("node_instances", 3);
    return PropertiesState{row.integer(0), row.object(1), row.shaped(2, is_property_changes)};
  });
  if (!found) return found.error();
  if (!found->has_value()) return unknown(deployment_id, id);
  return **std::move(found);
}

Result<void> insert(Database& database, const NodeInstance& instance) {
  Query query = database.query(
      "INSERT INTO node_instances (deployment_id, id, node_id, instance_index, host_id, state,"
      " version, runtime_properties, property_changes, system_properties, relationships,"
      " scaling_groups) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, '{}', ?9, ?10, ?11)");
  query.bind(instance.deployment_id, instance.id, instance.node_id, instance.index,
             instance.host_id, std::string_view(instance.state), instance.version,
             as_json(instance.runtime_properties), as_json(instance.system_properties),
             as_json(instance.relationships), as_json(instance.scaling_groups));
  return query.run();
}

}  // namespace

Result<void> NodeInstances::create(std::span<const NodeInstance> instances) {
  auto step = Step::begin(database_);
  if (!step) return step.error();
  for (const NodeInstance& instance : instances) {
    const auto existing = stored_properties(database_, instance.deployment_id, instance.id);
    if (existing)
      return make_error(ErrorKind::conflict, "the node instance '{}' exists already in '{}'",
                        instance.id, instance.deployment_id);
    if (existing.error().kind() != ErrorKind::not_found) return existing.error();
    if (auto done = insert(database_, instance); !done) return done;
  }
  return step->commit();
}

Result<NodeInstance> NodeInstances::get(const std::string& deployment_id, const std::string& id) {
  Query query = database_.query(
      "SELECT deployment_id, id, node_id, instance_index, host_id, state, version,"
      " runtime_properties, system_properties, relationships, scaling_groups "
      "FROM node_instances WHERE deployment_id = ?1 AND id = ?2");
  query.bind(deployment_id, id);
  auto found = read_first(query, read_instance);
  if (!found) return found.error();
  if (!found->has_value()) return unknown(deployment_id, id);
  return **std::move(found);
}

Result<std::vector<NodeInstance>> NodeInstances::list(const std::string& deployment_id) {
  Query query = database_.query(
      "SELECT deployment_id, id, node_id, instance_index, host_id, state, version,"
      " runtime_properties, system_properties, relationships, scaling_groups "
      "FROM node_instances WHERE deployment_id = ?1 ORDER BY position");
  query.bind(deployment_id);
  return read_all(query, read_instance);
}

Result<std::int64_t> NodeInstances::update(const NodeInstance& instance) {
  auto step = Step::begin(database_);
  if (!step) return step.error();
  auto stored = stored_properties(database_, instance.deployment_id, instance.id);
  if (!stored) return stored.error();
  if (stored->version != instance.version)
    return make_error(ErrorKind::conflict,
                      "the node instance '{}' was changed by somebody else: version {} was read, "
                      "version {} is stored",
                      instance.id, instance.version, stored->version);
  merge(*stored, difference(stored->properties, instance.runtime_properties));
  {
    Query query = database_.query(
        "UPDATE node_instances SET version = ?3, runtime_properties = ?4, property_changes = ?5,"
        " node_id = ?6, instance_index = ?7, host_id = ?8, state = ?9, system_properties = ?10,"
        " relationships = ?11, scaling_groups = ?12 WHERE deployment_id = ?1 AND id = ?2");
    query.bind(instance.deployment_id, instance.id, stored->version, as_json(stored->properties),
               as_json(stored->changes), instance.node_id, instance.index, instance.host_id,
               instance.state, as_json(instance.system_properties), as_json(instance.relationships),
               as_json(instance.scaling_groups));
    if (auto done = query.run(); !done) return done.error();
  }
  if (auto done = step->commit(); !done) return done.error();
  return stored->version;
}

Result<void> NodeInstances::set_state(const std::string& deployment_id, const std::string& id,
                                      std::string_view state) {
  Query query = database_.query(
      "UPDATE node_instances SET state = ?3, version = version + 1 "
      "WHERE deployment_id = ?1 AND id = ?2");
  if (auto done = query.bind(deployment_id, id, state).run(); !done) return done;
  if (database_.changed_rows() == 0) return unknown(deployment_id, id);
  return {};
}

Result<void> NodeInstances::set_system_properties(const std::string& deployment_id,
                                                  const std::string& id,
                                                  const nlohmann::json& properties) {
  Query query = database_.query(
      "UPDATE node_instances SET system_properties = ?3, version = version + 1 "
      "WHERE deployment_id = ?1 AND id = ?2");
  if (auto done = query.bind(deployment_id, id, as_json(properties)).run(); !done) return done;
  if (database_.changed_rows() == 0) return unknown(deployment_id, id);
  return {};
}

Result<std::int64_t> NodeInstances::apply(const PropertiesDelta& delta) {
  auto step = Step::begin(database_);
  if (!step) return step.error();
  auto stored = stored_properties(database_, delta.deployment_id, delta.instance_id);
  if (!stored) return stored.error();
  if (delta.set.empty() && delta.removed.empty()) return stored->version;
  if (const auto keys = conflicting_keys(*stored, delta); !keys.empty())
    return make_error(ErrorKind::conflict,
                      "runtime properties of '{}' were changed by somebody else meanwhile: {} "
                      "(version {} was read, version {} is stored)",
                      delta.instance_id, base::join(keys, ", "), delta.version, stored->version);
  merge(*stored, delta);
  {
    Query query = database_.query(
        "UPDATE node_instances SET version = ?3, runtime_properties = ?4, property_changes = ?5 "
        "WHERE deployment_id = ?1 AND id = ?2");
    query.bind(delta.deployment_id, delta.instance_id, stored->version, as_json(stored->properties),
               as_json(stored->changes));
    if (auto done = query.run(); !done) return done.error();
  }
  if (auto done = step->commit(); !done) return done.error();
  return stored->version;
}

Result<void> NodeInstances::remove(const std::string& deployment_id, const std::string& id) {
  Query query = database_.query("DELETE FROM node_instances WHERE deployment_id = ?1 AND id = ?2");
  if (auto done = query.bind(deployment_id, id).run(); !done) return done;
  if (database_.changed_rows() == 0) return unknown(deployment_id, id);
  return {};
}

}  // namespace cfy::store
