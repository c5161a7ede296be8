// Cases that modify a deployment.
#include "deploy/modify.hpp"
#include "plan/to_json.hpp"
#include "run.hpp"

namespace cfy::conformance {
namespace {

std::vector<plan::Node> read_nodes(const json& nodes) {
  std::vector<plan::Node> result;
  for (const json& node : nodes)
    result.push_back(plan::node_from_json(node).value());
  return result;
}

// A list instead of a map changes no counts.
deploy::CountChanges read_changes(const json& modified) {
  deploy::CountChanges changes;
  if (!modified.is_object()) return changes;
  for (auto entry = modified.begin(); entry != modified.end(); ++entry) {
    deploy::CountChange& change = changes[entry.key()];
    change.instances = entry->at("instances").get<std::int64_t>();
    const json none = json::array();
    for (const json& id : entry->value("removed_ids_include_hint", none))
      change.removed_ids_include_hint.push_back(id);
    for (const json& id : entry->value("removed_ids_exclude_hint", none))
      change.removed_ids_exclude_hint.push_back(id);
  }
  return changes;
}

json to_json(const std::vector<deploy::ModifiedInstance>& list) {
  json result = json::array();
  for (const deploy::ModifiedInstance& one : list) {
    result.push_back(plan::to_json(one.instance));
    if (one.fate != deploy::Fate::related)
      result.back()["modification"] = deploy::to_string(one.fate);
  }
  return result;
}

}  // namespace

json run_modify_case(const json& one) {
  const json& modify = one.at("modify");
  const auto nodes = read_nodes(modify.at("nodes"));
  const auto previous_nodes = read_nodes(modify.value("previous_nodes", modify.at("nodes")));
  std::vector<plan::NodeInstance> instances;
  for (const json& instance : modify.at("previous_node_instances"))
    instances.push_back(plan::instance_from_json(instance).value());
  deploy::ScalingGroups groups;
  const json declared = modify.value("scaling_groups", json::object());
  for (auto group = declared.begin(); group != declared.end(); ++group)
    groups.emplace(group.key(), plan::scaling_group_from_json(*group).value());

  const auto result = deploy::modify_deployment(
      {nodes, previous_nodes, instances, groups, read_changes(modify.at("modified_nodes"))});
  if (!result) return failure(result.error().message());
  return {{"ok", true},
          {"modification",
           {{"added_and_related", to_json(result->added_and_related)},
            {"removed_and_related", to_json(result->removed_and_related)},
            {"extended_and_related", to_json(result->extended_and_related)},
            {"reduced_and_related", to_json(result->reduced_and_related)}}}};
}

}  // namespace cfy::conformance
