// Deployment: what a workflow may know and change of its deployment as a whole. A modification adds
// and removes instances while the workflow runs:
//
//   auto modification = ctx.deployment().start_modification({{"web", {.instances = 3}}});
//   cfy::ModificationGuard guard(modification);   // rolls back when an exception passes
//   ... run operations on modification.added().node_instances() ...
//   guard.finish();
#pragma once

#include <algorithm>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cfy/node.hpp>

namespace cfy {

/// How many instances a node or scaling group is to have, within each instance of its container.
struct InstanceChange {
  std::int64_t instances = 1;
  /// Instances to remove first, and to spare as far as possible, when there are too many. For a
  /// group: of an instance of the group, or of a member in it.
  std::vector<std::string> removed_ids_include_hint = {};
  std::vector<std::string> removed_ids_exclude_hint = {};
};
using InstanceChanges = std::map<std::string, InstanceChange>;

/// Instances that a modification adds (or removes), together with those that are related to them.
/// Each shows only the relationships that the modification concerns.
class ModifiedInstances {
 public:
  ModifiedInstances() = default;
  ModifiedInstances(detail::Session* session, const json& list) {
    for (const json& one : list)
      node_instances_.emplace_back(
          session, one.at("instance").get<cfy_instance>(),
          std::make_shared<ModifiedPart>(ModifiedPart{one.at("fate"), one.at("relationships")}));
  }
  /// NodeInstance::modification() tells the added (removed) ones from the related ones.
  const std::vector<NodeInstance>& node_instances() const { return node_instances_; }
  /// The nodes of those, each once.
  std::vector<Node> nodes() const {
    std::vector<Node> found;
    for (const NodeInstance& instance : node_instances_)
      if (std::find(found.begin(), found.end(), instance.node()) == found.end())
        found.push_back(instance.node());
    return found;
  }

 private:
  std::vector<NodeInstance> node_instances_;
};

class Deployment;

/// A modification that has started. Added instances are there; removed ones stay until finish().
/// A handle: copies mean the same one.
class Modification {
 public:
  Modification(detail::Session* session, const json& made)
      : session_(session),
        id_(made.at("id")),
        added_(session, made.at("added")),
        removed_(session, made.at("removed")) {}

  /// One that was started before, by this execution or another; its lists are not known any more.
  Modification(const Deployment& deployment, std::string id);

  const std::string& id() const { return id_; }
  const ModifiedInstances& added() const { return added_; }
  const ModifiedInstances& removed() const { return removed_; }

  /// Remove what is to be removed; the new numbers hold from now on. Once only.
  void finish() const {
    session_->demand<&cfy_workflow_host::modification_finish>(detail::str(id_));
    session_->forget();
  }
  /// Make all instances as they were before: added ones go, properties, states and relationships
  /// are what they were. It runs no operations. Once only.
  void rollback() const {
    session_->demand<&cfy_workflow_host::modification_rollback>(detail::str(id_));
    session_->forget();
  }

 private:
  detail::Session* session_;
  std::string id_;
  ModifiedInstances added_, removed_;
};

/// Rolls the modification back when it goes without finish(): when the workflow throws.
class ModificationGuard {
 public:
  explicit ModificationGuard(Modification modification) : modification_(std::move(modification)) {}
  ~ModificationGuard() {
    if (is_open_) {
      try {
        modification_.rollback();
      } catch (const std::exception&) {
        // What comes through tells more. The modification stays started and visible: it can be
        // rolled back with `cfy-run modifications rollback`.
      }
    }
  }
  ModificationGuard(const ModificationGuard&) = delete;
  ModificationGuard& operator=(const ModificationGuard&) = delete;

  void finish() {
    modification_.finish();
    is_open_ = false;
  }
  void rollback() {
    is_open_ = false;
    modification_.rollback();
  }

 private:
  Modification modification_;
  bool is_open_ = true;
};

/// The update that an execution is: what `cfy-run update` changes, for the workflow `update` to
/// bring about. When the workflow ends well, the new definitions alone hold, and what the update
/// removes is forgotten; else another update goes on with what is left.
class Update {
 public:
  Update(detail::Session* session, const json& lists)
      : session_(session),
        id_(lists.at("id")),
        added_(session, lists.at("added")),
        removed_(session, lists.at("removed")),
        extended_(session, lists.at("extended")),
        reduced_(session, lists.at("reduced")),
        changed_(instances(session, lists.at("changed"))),
        interrupted_(instances(session, lists.at("interrupted"))) {}

  const std::string& id() const { return id_; }
  const ModifiedInstances& added() const { return added_; }
  const ModifiedInstances& removed() const { return removed_; }
  /// Instances that stay, with their new relationships; and the targets of those.
  const ModifiedInstances& extended() const { return extended_; }
  /// The same with relationships that go.
  const ModifiedInstances& reduced() const { return reduced_; }
  /// Started instances whose properties or operations are other ones now.
  const std::vector<NodeInstance>& changed() const { return changed_; }
  /// Instances that an earlier update took down without bringing them up again.
  const std::vector<NodeInstance>& interrupted() const { return interrupted_; }

  /// What is removed is down: instances and relationships are no more from now on.
  void forget_removed() const {
    session_->demand<&cfy_workflow_host::update_forget_removed>();
    session_->forget();
  }

 private:
  static std::vector<NodeInstance> instances(detail::Session* session, const json& numbers) {
    std::vector<NodeInstance> found;
    for (const json& number : numbers)
      found.emplace_back(session, number.get<cfy_instance>());
    return found;
  }

  detail::Session* session_;
  std::string id_;
  ModifiedInstances added_, removed_, extended_, reduced_;
  std::vector<NodeInstance> changed_, interrupted_;
};

/// The deployment that the workflow runs on.
class Deployment {
 public:
  Deployment(detail::Session* session, std::string id) : session_(session), id_(std::move(id)) {}

  const std::string& id() const { return id_; }
  /// What people call it: its id.
  std::string display_name() const { return facts().value("display_name", id_); }
  /// Who runs cfy-run.
  std::string creator() const { return facts().value("creator", std::string()); }
  std::string tenant_name() const { return facts().value("tenant_name", std::string()); }
  /// The folder of the blueprint, where its resources are.
  std::string resources_root() const { return facts().value("resources_root", std::string()); }
  json inputs() const { return facts().value("inputs", json::object()); }
  json resource_tags() const { return facts().value("resource_tags", json::object()); }
  /// {name: {members: [...], properties: {current_instances, planned_instances, ...}}}
  json scaling_groups() const { return facts().value("scaling_groups", json::object()); }

  /// Start to change numbers of instances. One at a time for each deployment: throws NonRecoverable
  /// that names the one that is started. Throws it for unknown names and impossible numbers, too.
  Modification start_modification(const InstanceChanges& changes) const {
    json given = json::object();
    for (const auto& [name, change] : changes)
      given[name] = {{"instances", change.instances},
                     {"removed_ids_include_hint", change.removed_ids_include_hint},
                     {"removed_ids_exclude_hint", change.removed_ids_exclude_hint}};
    const std::string text = detail::dump(given);
    cfy_str made{};
    session_->demand<&cfy_workflow_host::modification_start>(detail::str(text), &made);
    session_->forget();
    return Modification(session_, detail::parse(made));
  }
  /// [{id, status, modified_nodes, added, removed, execution_id, created_at}]; at most one. The
  /// instances that it adds and removes are ids.
  json list_started_modifications() const {
    cfy_str list{};
    session_->demand<&cfy_workflow_host::modifications_started>(&list);
    return detail::parse(list);
  }
  /// The update that this execution is. Throws NonRecoverable when it is none.
  Update update() const {
    cfy_str lists{};
    session_->demand<&cfy_workflow_host::update_lists>(&lists);
    return Update(session_, detail::parse(lists));
  }

 private:
  friend class Modification;
  const json& facts() const { return session_->object<&cfy_workflow_host::deployment_json>(5); }

  detail::Session* session_;
  std::string id_;
};

inline Modification::Modification(const Deployment& deployment, std::string id)
    : session_(deployment.session_), id_(std::move(id)) {}

}  // namespace cfy
