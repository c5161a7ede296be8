#include "exec/deployment_update.hpp"

#include <map>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/ids.hpp"
#include "exec/definitions.hpp"
#include "exec/instance_rows.hpp"
#include "plan/to_json.hpp"

namespace cfy::exec {
namespace {

using base::ErrorKind;
using base::make_error;
using base::Result;
using nlohmann::json;
using Rows = std::vector<store::NodeInstance>;
using Ids = std::unordered_set<std::string>;

constexpr std::string_view kStarted = "started";

json drift_marker() {
  return {{"ok", true}, {"result", true}, {"task", nullptr}};
}

// Whether something was found, or said beforehand, that an update has not put right yet.
bool is_drifted(const store::NodeInstance& row) {
  const auto drift = row.system_properties.find(kDrift);
  if (drift == row.system_properties.end() || !drift->is_object()) return false;
  const json result = drift->value("result", json());
  return !result.is_null() && result != false && result != "" && result != 0;
}

json to_json(const plan::InstanceRelationship& one) {
  return {{"type", one.type}, {"target_name", one.target_name}, {"target_id", one.target_id}};
}

// What is in `from` and not in `other`, each as often as that.
json difference(const json& from, const json& other) {
  std::map<json, int> known;
  for (const json& one : other)
    ++known[one];
  json rest = json::array();
  for (const json& one : from)
    if (--known[one] < 0) rest.push_back(one);
  return rest;
}

}  // namespace

Result<void> StoredUpdate::check_unchanged() const {
  const store::Deployment& before = setup_.before;
  if (auto same = exec::check_unchanged(*parts_.store, before.id, before); !same) return same;
  const auto modification = parts_.store->modifications().find_started(before.id);
  if (!modification) return modification.error();
  if (*modification)
    return make_error(ErrorKind::conflict,
                      "a modification of deployment '{}' is started: {} (by execution {}); undo it "
                      "with 'cfy-run modifications rollback {}', then update",
                      before.id, (*modification)->id, (*modification)->execution_id,
                      (*modification)->id);
  return {};
}

// What an earlier update added but did not install counts as not there yet, and relationships that
// it did not establish as well.
Result<void> StoredUpdate::plan_instances() {
  const Rows& rows = parts_.changer->instances();
  Ids pending;
  json links = json::object();
  if (unfinished_) {
    pending = unfinished_->added.get<Ids>();
    links = unfinished_->links;
  }
  established_.clear();
  for (const store::NodeInstance& row : rows) {
    if (row.state != kStarted && pending.contains(row.id)) continue;
    store::NodeInstance now = row;
    now.relationships = difference(row.relationships, links.value(row.id, json::array()));
    established_.push_back(to_plan(now));
  }
  const auto instances = to_plan(rows);
  auto lists =
      deploy::modify_deployment({setup_.after.nodes, parts_.changer->plan().nodes, instances,
                                 setup_.after.scaling_groups, setup_.counts, &established_});
  if (!lists) return lists.error();
  lists_.instances = *std::move(lists);
  for (const deploy::ModifiedInstance& one : lists_.instances.removed_and_related)
    if (one.fate == deploy::Fate::removed) removed_.insert(one.instance.id);
  return {};
}

// Only what stands: the rest is made with the new definitions anyway, once it is installed.
void StoredUpdate::find_changed() {
  const Ids changed_nodes(setup_.changed_nodes.begin(), setup_.changed_nodes.end());
  Ids left;
  if (unfinished_) left = unfinished_->changed.get<Ids>();
  for (const store::NodeInstance& row : parts_.changer->instances()) {
    if (row.state != kStarted || removed_.contains(row.id)) continue;
    const bool is_left = left.contains(row.id) && is_drifted(row);
    if (is_left || changed_nodes.contains(row.node_id)) lists_.changed.push_back(row.id);
  }
}

void StoredUpdate::find_interrupted() {
  if (!unfinished_) return;
  const Ids stood = unfinished_->standing.get<Ids>();
  for (const store::NodeInstance& row : parts_.changer->instances())
    if (row.state != kStarted && stood.contains(row.id) && !removed_.contains(row.id))
      lists_.interrupted.push_back(row.id);
}

// Existing instances keep what they have, until it is taken down.
Rows StoredUpdate::rows_to_begin_with() const {
  Rows rows = parts_.changer->instances();
  const Ids changed(lists_.changed.begin(), lists_.changed.end());
  for (store::NodeInstance& row : rows)
    if (changed.contains(row.id)) row.system_properties[kDrift] = drift_marker();
  return with_added(std::move(rows), lists_.instances.all, row_.id);
}

json StoredUpdate::links_to_establish() const {
  std::unordered_map<std::string_view, const plan::NodeInstance*> before;
  for (const plan::NodeInstance& instance : established_)
    before.emplace(instance.id, &instance);
  json links = json::object();
  for (const plan::NodeInstance& instance : lists_.instances.all) {
    const auto known = before.find(instance.id);
    if (known == before.end()) continue;
    json old = json::array(), now = json::array();
    for (const auto& one : known->second->relationships)
      old.push_back(to_json(one));
    for (const auto& one : instance.relationships)
      now.push_back(to_json(one));
    if (json added = difference(now, old); !added.empty()) links[instance.id] = std::move(added);
  }
  return links;
}

store::Update StoredUpdate::make_record() const {
  store::Update record;
  record.id = lists_.id;
  record.deployment_id = row_.id;
  record.execution_id = parts_.execution_id;
  record.blueprint_before = blueprint_before();
  record.inputs_before = setup_.before.inputs;
  record.changes = setup_.changes;
  record.added = ids_of(lists_.instances.added_and_related, deploy::Fate::added);
  record.links = links_to_establish();
  record.changed = lists_.changed;
  std::vector<std::string> standing = lists_.interrupted;
  for (const store::NodeInstance& row : parts_.changer->instances())
    if (row.state == kStarted) standing.push_back(row.id);
  record.standing = standing;
  record.created_ms = parts_.clock->wall_ms();
  return record;
}

Result<void> StoredUpdate::begin(store::Deployment row) {
  row_ = std::move(row);
  if (auto same = check_unchanged(); !same) return same;
  if (auto read = parts_.changer->reload(); !read) return read;
  auto unfinished = parts_.store->updates().find_started(row_.id);
  if (!unfinished) return unfinished.error();
  unfinished_ = *std::move(unfinished);
  if (auto planned = plan_instances(); !planned) return planned;
  lists_.id = base::make_uuid();
  find_changed();
  find_interrupted();
  const store::Update record = make_record();
  if (auto saved = parts_.changer->save(rows_to_begin_with()); !saved) return saved;
  if (parts_.changer->is_dry_run()) return {};
  store::Deployment stored = row_;
  stored.plan = plan::to_json(parts_.changer->plan(), plan::JsonForm::store);
  stored.source_digest.clear();  // no blueprint tells what is stored now
  stored.updated_ms = parts_.clock->wall_ms();
  if (auto updated = parts_.store->deployments().update(stored); !updated) return updated;
  return parts_.store->updates().create(record);
}

// As the new plan has them, in the order of its templates, but for what was never made.
Rows StoredUpdate::rows_without_removed() const {
  std::unordered_map<std::string_view, const plan::NodeInstance*> after;
  for (const plan::NodeInstance& instance : lists_.instances.all)
    after.emplace(instance.id, &instance);
  Rows rows;
  for (const store::NodeInstance& row : parts_.changer->instances()) {
    const auto kept = after.find(row.id);
    if (kept == after.end()) continue;
    rows.push_back(row);
    json& relationships = rows.back().relationships = json::array();
    std::map<json, int> have;
    for (const json& one : row.relationships)
      ++have[one];
    for (const auto& one : kept->second->relationships)
      if (json wanted = to_json(one); --have[wanted] >= 0)
        relationships.push_back(std::move(wanted));
  }
  return rows;
}

Result<void> StoredUpdate::forget_removed() {
  auto transaction = parts_.store->begin();
  if (!transaction) return transaction.error();
  if (auto read = parts_.changer->reload(); !read) return read;
  if (auto saved = parts_.changer->save(rows_without_removed()); !saved) return saved;
  return transaction->commit();
}

Result<void> StoredUpdate::finish() {
  if (parts_.changer->is_dry_run()) return {};
  if (auto read = parts_.changer->reload(); !read) return read;
  Rows rows = rows_without_removed();
  const Ids changed(lists_.changed.begin(), lists_.changed.end());
  for (store::NodeInstance& row : rows) {
    const auto drift = row.system_properties.find(kDrift);
    const bool is_marked = drift != row.system_properties.end() && *drift == drift_marker();
    if (is_marked && changed.contains(row.id)) row.system_properties.erase(drift);
  }
  if (auto saved = parts_.changer->save(std::move(rows)); !saved) return saved;
  store::Deployment stored = row_;
  setup_.after.node_instances = lists_.instances.all;
  stored.plan = plan::to_json(setup_.after, plan::JsonForm::store);
  stored.updated_ms = parts_.clock->wall_ms();
  if (auto updated = parts_.store->deployments().update(stored); !updated) return updated;
  return parts_.store->updates().finish(lists_.id, parts_.clock->wall_ms());
}

}  // namespace cfy::exec
