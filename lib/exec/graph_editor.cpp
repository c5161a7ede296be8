#include "exec/graph_editor.hpp"

#include <utility>

#include "base/clock.hpp"

namespace cfy::exec {
namespace {

using base::Error;
using base::ErrorKind;
using base::make_error;
using base::Result;

Result<std::vector<std::string>> read_hint(const std::string& of, const json& change,
                                           const char* name) {
  const auto given = change.find(name);
  if (given == change.end() || given->is_null()) return std::vector<std::string>();
  if (!given->is_array())
    return make_error(ErrorKind::invalid, "{} of '{}' must be a list of instance ids", name, of);
  std::vector<std::string> ids;
  for (const json& id : *given) {
    if (!id.is_string())
      return make_error(ErrorKind::invalid, "{} of '{}' must hold instance ids, got {}", name, of,
                        id.dump());
    ids.push_back(id);
  }
  return ids;
}

Result<deploy::CountChanges> read_changes(const json& given) {
  if (!given.is_object())
    return Error(ErrorKind::invalid, "a modification is a map of node or group to its change");
  deploy::CountChanges changes;
  for (const auto& [name, change] : given.items()) {
    const auto instances = change.is_object() ? change.find("instances") : change.end();
    if (!change.is_object() || instances == change.end() || !instances->is_number_integer())
      return make_error(ErrorKind::invalid,
                        "the change of '{}' must be a map with the number of 'instances', got {}",
                        name, change.dump());
    auto include = read_hint(name, change, "removed_ids_include_hint");
    if (!include) return include.error();
    auto exclude = read_hint(name, change, "removed_ids_exclude_hint");
    if (!exclude) return exclude.error();
    changes[name] = {instances->get<std::int64_t>(), *std::move(include), *std::move(exclude)};
  }
  return changes;
}

}  // namespace

// The coordinator stands still meanwhile, so what it runs sees the deployment before or after.
void GraphEditor::take_over() {
  const DeploymentChanger& changer = *parts_.changer;
  parts_.snapshots->replace(
      std::make_unique<Snapshot>(parts_.snapshots->current(), changer.plan(), changer.instances()));
  if (parts_.on_modified) parts_.on_modified(parts_.snapshots->current());
}

std::vector<plugin::ModifiedInstance> GraphEditor::list(
    const std::vector<deploy::ModifiedInstance>& instances) const {
  const Snapshot& now = parts_.snapshots->current();
  std::vector<plugin::ModifiedInstance> listed;
  for (const deploy::ModifiedInstance& one : instances)
    if (const auto id = now.find(one.instance.id))
      listed.push_back(
          {*id, deploy::to_string(one.fate), now.places_of(*id, one.instance.relationships)});
  return listed;
}

std::vector<plugin::InstanceId> GraphEditor::find_all(const std::vector<std::string>& ids) const {
  std::vector<plugin::InstanceId> found;
  for (const std::string& id : ids)
    if (const auto instance = parts_.snapshots->current().find(id)) found.push_back(*instance);
  return found;
}

Result<plugin::ModificationView> GraphEditor::start_modification(const json& changes) {
  const auto counts = read_changes(changes);
  if (!counts) return counts.error();
  const auto guard = parts_.coordinator->lock();
  auto started = parts_.changer->start(*counts);
  if (!started) return started.error();
  take_over();
  return plugin::ModificationView{
      started->id, list(started->lists.added_and_related), list(started->lists.removed_and_related),
      list(started->lists.extended_and_related), list(started->lists.reduced_and_related)};
}

Result<void> GraphEditor::finish_modification(const std::string& id) {
  const auto guard = parts_.coordinator->lock();
  if (auto done = parts_.changer->finish(id); !done) return done;
  take_over();
  return {};
}

Result<void> GraphEditor::rollback_modification(const std::string& id) {
  const auto guard = parts_.coordinator->lock();
  if (auto done = parts_.changer->rollback(id); !done) return done;
  parts_.coordinator->forget_changes();
  take_over();
  return {};
}

Result<json> GraphEditor::started_modifications() {
  const auto guard = parts_.coordinator->lock();
  const auto started = parts_.changer->started();
  if (!started) return started.error();
  json all = json::array();
  for (const store::Modification& one : *started)
    all.push_back({{"id", one.id},
                   {"status", one.status},
                   {"execution_id", one.execution_id},
                   {"modified_nodes", one.changes},
                   {"added", one.added},
                   {"removed", one.removed},
                   {"created_at", base::to_iso8601(one.created_ms)}});
  return all;
}

Result<void> GraphEditor::refresh() {
  const auto guard = parts_.coordinator->lock();
  if (auto read = parts_.changer->reload(); !read) return read;
  take_over();
  return {};
}

Result<plugin::UpdateView> GraphEditor::update() {
  if (parts_.update == nullptr)
    return Error(ErrorKind::invalid,
                 "this execution is no update of its deployment: start one with 'cfy-run update'");
  const UpdateLists& lists = parts_.update->lists();
  return plugin::UpdateView{
      {lists.id, list(lists.instances.added_and_related), list(lists.instances.removed_and_related),
       list(lists.instances.extended_and_related), list(lists.instances.reduced_and_related)},
      find_all(lists.changed),
      find_all(lists.interrupted)};
}

Result<void> GraphEditor::forget_removed() {
  const auto guard = parts_.coordinator->lock();
  if (parts_.update == nullptr) return {};
  if (auto done = parts_.update->forget_removed(); !done) return done;
  take_over();
  return {};
}

}  // namespace cfy::exec
