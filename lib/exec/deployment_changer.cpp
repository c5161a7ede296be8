#include "exec/deployment_changer.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "exec/instance_rows.hpp"
#include "exec/stored_deployment.hpp"
#include "plan/to_json.hpp"

namespace cfy::exec {
namespace {

using base::Error;
using base::ErrorKind;
using base::make_error;
using base::Result;
using nlohmann::json;
using Rows = std::vector<store::NodeInstance>;

std::unordered_map<std::string_view, const store::NodeInstance*> by_id(const Rows& rows) {
  std::unordered_map<std::string_view, const store::NodeInstance*> found;
  for (const store::NodeInstance& row : rows)
    found.emplace(row.id, &row);
  return found;
}

/// Where the numbers of each node and group are.
std::unordered_map<std::string_view, plan::Scalable*> scalables_of(plan::Plan& plan) {
  std::unordered_map<std::string_view, plan::Scalable*> found;
  for (plan::Node& node : plan.nodes)
    found.emplace(node.id, &node.scalable);
  for (auto& [name, group] : plan.scaling_groups)
    found.emplace(name, &group.properties);
  return found;
}

/// The same of one; nullptr for an unknown name.
plan::Scalable* find_scalable(plan::Plan& plan, std::string_view name) {
  for (plan::Node& node : plan.nodes)
    if (node.id == name) return &node.scalable;
  const auto group = plan.scaling_groups.find(name);
  return group == plan.scaling_groups.end() ? nullptr : &group->second.properties;
}

json without_targets(const json& relationships, const std::unordered_set<std::string>& removed) {
  json kept = json::array();
  for (const json& one : relationships)
    if (!removed.contains(one.at("target_id").get<std::string>())) kept.push_back(one);
  return kept;
}

json describe(const deploy::CountChanges& changes) {
  json text = json::object();
  for (const auto& [name, change] : changes)
    text[name] = {{"instances", change.instances},
                  {"removed_ids_include_hint", change.removed_ids_include_hint},
                  {"removed_ids_exclude_hint", change.removed_ids_exclude_hint}};
  return text;
}

}  // namespace

Result<void> StoredChanger::reload() {
  if (is_pretending()) return {};
  auto rows = setup_.store->node_instances().list(setup_.deployment_id);
  if (!rows) return rows.error();
  rows_ = *std::move(rows);
  has_rows_ = true;
  return {};
}

Result<void> StoredChanger::check(const deploy::CountChanges& changes) const {
  if (changes.empty()) return Error(ErrorKind::invalid, "a modification needs a node or a group");
  plan::Plan plan = setup_.plan;
  std::vector<std::string> names;
  for (const plan::Node& node : plan.nodes)
    names.push_back(node.id);
  for (const auto& [name, group] : plan.scaling_groups)
    names.push_back(name);
  for (const auto& [name, change] : changes) {
    const plan::Scalable* scalable = find_scalable(plan, name);
    if (scalable == nullptr) {
      const std::string hint = base::did_you_mean(name, names);
      return make_error(ErrorKind::invalid, "there is no node or scaling group '{}' to modify{}{}",
                        name, hint.empty() ? "" : "; ", hint);
    }
    if (change.instances < 0)
      return make_error(ErrorKind::invalid, "'{}' cannot have {} instances", name,
                        change.instances);
  }
  return {};
}

Result<StartedChange> StoredChanger::start(const deploy::CountChanges& changes) {
  auto transaction = setup_.store->begin();
  if (!transaction) return transaction.error();
  if (auto read = reload(); !read) return read.error();
  if (auto checked = check(changes); !checked) return checked.error();
  const auto instances = to_plan(rows_);
  auto lists = deploy::modify_deployment(
      {setup_.plan.nodes, setup_.plan.nodes, instances, setup_.plan.scaling_groups, changes});
  if (!lists) return lists.error();

  store::Modification modification;
  modification.id = base::make_uuid();
  modification.deployment_id = setup_.deployment_id;
  modification.execution_id = setup_.execution_id;
  modification.changes = describe(changes);
  modification.added = ids_of(lists->added_and_related, deploy::Fate::added);
  modification.removed = ids_of(lists->removed_and_related, deploy::Fate::removed);
  for (const store::NodeInstance& row : rows_)
    modification.instances_before.push_back(to_json(row));
  modification.created_ms = setup_.clock->wall_ms();
  if (setup_.is_dry_run) {
    if (pretended_)
      return make_error(ErrorKind::conflict, "a modification is started already: {}",
                        pretended_->id);
    pretended_ = modification;
  } else if (auto made = setup_.store->modifications().create(modification); !made) {
    return made.error();
  }

  if (auto saved = save(with_added(rows_, lists->all, setup_.deployment_id)); !saved)
    return saved.error();
  const plan::Plan plan_before = setup_.plan;
  for (const auto& [name, change] : changes)
    find_scalable(setup_.plan, name)->planned_instances = change.instances;
  if (auto saved = save_counts(); !saved) return saved.error();
  if (auto committed = transaction->commit(); !committed) {
    setup_.plan = plan_before;
    return committed.error();
  }
  return StartedChange{modification.id, *std::move(lists)};
}

Result<store::Modification> StoredChanger::find_started(const std::string& id) {
  if (setup_.is_dry_run) {
    if (pretended_ && pretended_->id == id) return *pretended_;
    return make_error(ErrorKind::conflict, "modification {} has ended already", id);
  }
  auto found = setup_.store->modifications().get(id);
  if (!found) return found.error();
  if (found->status != "started")
    return make_error(ErrorKind::conflict, "modification {} has ended already: it is {}", id,
                      found->status);
  return found;
}

Result<void> StoredChanger::end(const store::Modification& modification, std::string_view status) {
  if (setup_.is_dry_run) {
    pretended_.reset();
    return {};
  }
  return setup_.store->modifications().end(modification.id, status, setup_.clock->wall_ms());
}

Result<void> StoredChanger::finish(const std::string& id) {
  auto transaction = setup_.store->begin();
  if (!transaction) return transaction.error();
  const auto modification = find_started(id);
  if (!modification) return modification.error();
  if (auto read = reload(); !read) return read;
  const auto removed = modification->removed.get<std::unordered_set<std::string>>();
  Rows after;
  for (const store::NodeInstance& row : rows_) {
    if (removed.contains(row.id)) continue;
    after.push_back(row);
    after.back().relationships = without_targets(row.relationships, removed);
  }
  if (auto saved = save(std::move(after)); !saved) return saved;
  for (const auto& [name, change] : modification->changes.items())
    if (plan::Scalable* scalable = find_scalable(setup_.plan, name))
      scalable->current_instances = scalable->planned_instances = change.at("instances");
  if (auto saved = save_counts(); !saved) return saved;
  if (auto ended = end(*modification, "finished"); !ended) return ended;
  return transaction->commit();
}

Result<void> StoredChanger::rollback(const std::string& id) {
  auto transaction = setup_.store->begin();
  if (!transaction) return transaction.error();
  const auto modification = find_started(id);
  if (!modification) return modification.error();
  if (auto read = reload(); !read) return read;
  Rows before;
  const auto now = by_id(rows_);
  for (const json& text : modification->instances_before) {
    before.push_back(row_from_json(text));
    before.back().deployment_id = setup_.deployment_id;
    if (const auto found = now.find(before.back().id); found != now.end())
      before.back().version = found->second->version;  // versions only grow
  }
  if (auto saved = save(std::move(before)); !saved) return saved;
  for (const auto& [name, scalable] : scalables_of(setup_.plan))
    scalable->planned_instances = scalable->current_instances;
  if (auto saved = save_counts(); !saved) return saved;
  if (auto ended = end(*modification, "rolledback"); !ended) return ended;
  return transaction->commit();
}

// Writes the difference between rows_ and what they are to be.
Result<void> StoredChanger::save(Rows rows) {
  store::NodeInstances& table = setup_.store->node_instances();
  const auto before = by_id(rows_);
  const auto after = by_id(rows);
  if (!setup_.is_dry_run)
    for (const store::NodeInstance& row : rows_)
      if (!after.contains(row.id))
        if (auto gone = table.remove(setup_.deployment_id, row.id); !gone) return gone;
  Rows created;
  for (store::NodeInstance& row : rows) {
    const auto known = before.find(row.id);
    if (known == before.end()) {
      created.push_back(row);
      continue;
    }
    if (to_json(row) == to_json(*known->second)) continue;
    if (setup_.is_dry_run) {
      ++row.version;
      continue;
    }
    auto version = table.update(row);
    if (!version) return version.error();
    row.version = *version;
  }
  if (!setup_.is_dry_run && !created.empty())
    if (auto made = table.create(created); !made) return made;
  rows_ = std::move(rows);
  return {};
}

Result<void> StoredChanger::save_counts() {
  if (setup_.is_dry_run) return {};
  auto row = setup_.store->deployments().get(setup_.deployment_id);
  if (!row) return row.error();
  auto stored = stored_plan(*row);
  if (!stored) return stored.error();
  // Only the numbers: a run may have made its plan richer than what is stored.
  const auto known = scalables_of(*stored);
  for (const auto& [name, scalable] : scalables_of(setup_.plan))
    if (const auto found = known.find(name); found != known.end()) *found->second = *scalable;
  row->plan = plan::to_json(*stored, plan::JsonForm::store);
  // The blueprint alone does not tell the numbers any more.
  row->source_digest.clear();
  row->updated_ms = setup_.clock->wall_ms();
  return setup_.store->deployments().update(*row);
}

Result<std::vector<store::Modification>> StoredChanger::started() {
  std::vector<store::Modification> all;
  if (setup_.is_dry_run) {
    if (pretended_) all.push_back(*pretended_);
    return all;
  }
  auto found = setup_.store->modifications().find_started(setup_.deployment_id);
  if (!found) return found.error();
  if (*found) all.push_back(**std::move(found));
  return all;
}

}  // namespace cfy::exec
