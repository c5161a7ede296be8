#include "update_preview.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "rows.hpp"

namespace cfy::app {
namespace {

using base::Result;
using nlohmann::json;

json ids_with(const std::vector<deploy::ModifiedInstance>& list, deploy::Fate fate) {
  json ids = json::array();
  for (const deploy::ModifiedInstance& one : list)
    if (one.fate == fate) ids.push_back(one.instance.id);
  return ids;
}

bool is_mapped(const plan::Node& node, std::string_view lifecycle_operation) {
  if (!node.operations) return false;
  const auto found =
      node.operations->find(fmt::format("cloudify.interfaces.lifecycle.{}", lifecycle_operation));
  return found != node.operations->end() && !found->second->is_noop();
}

bool is_updated_in_place(const plan::Node& node) {
  return is_mapped(node, "update") || is_mapped(node, "update_config") ||
         is_mapped(node, "update_apply");
}

bool is_on(const json& parameters, const char* name) {
  return parameters.value(name, json(false)) == true;
}

// Ids of new instances are random, so only their number tells something.
json count_by_node(const std::vector<deploy::ModifiedInstance>& list) {
  json counts = json::object();
  for (const deploy::ModifiedInstance& one : list)
    if (one.fate == deploy::Fate::added)
      counts[one.instance.node_id] = counts.value(one.instance.node_id, 0) + 1;
  return counts;
}

json describe_instances(const exec::UpdateLists& lists, const plan::Plan& merged,
                        const json& parameters) {
  std::unordered_map<std::string_view, const plan::Node*> nodes;
  for (const plan::Node& node : merged.nodes)
    nodes.emplace(node.id, &node);
  std::unordered_map<std::string_view, std::string_view> node_of;
  for (const plan::NodeInstance& instance : lists.instances.all)
    node_of.emplace(instance.id, instance.node_id);
  const bool is_checked = !is_on(parameters, "skip_drift_check");
  const bool is_forced = is_on(parameters, "force_reinstall");
  json updated = json::array(), reinstalled = json::array(), if_drifted = json::array();
  for (const std::string& id : lists.changed) {
    const plan::Node& node = *nodes.at(node_of.at(id));
    (is_updated_in_place(node) && !is_forced ? updated : reinstalled).push_back(id);
    if (is_checked && is_mapped(node, "check_drift")) if_drifted.push_back(id);
  }
  for (const std::string& id : lists.interrupted)
    reinstalled.push_back(id);
  return {{"added", count_by_node(lists.instances.added_and_related)},
          {"removed", ids_with(lists.instances.removed_and_related, deploy::Fate::removed)},
          {"extended", ids_with(lists.instances.extended_and_related, deploy::Fate::extended)},
          {"reduced", ids_with(lists.instances.reduced_and_related, deploy::Fate::reduced)},
          {"updated", updated},
          {"reinstalled", reinstalled},
          {"if_drifted", if_drifted}};
}

char sign_of(const std::string& action) {
  return action == "added" ? '+' : action == "removed" ? '-' : '~';
}

void print_differences(const Io& io, const json& differences, std::string_view what,
                       std::string_view indent) {
  for (const json& one : differences) {
    const std::string action = one.at("action");
    say(io.out, "{}{} {}{}{}\n", indent, sign_of(action), what,
        one.at("path").get_ref<const std::string&>(), action == "moved" ? " (moved)" : "");
  }
}

void print_nodes(const Io& io, const json& nodes) {
  for (const json& id : nodes.at("added"))
    say(io.out, "  + node {}\n", id.get_ref<const std::string&>());
  for (const json& id : nodes.at("removed"))
    say(io.out, "  - node {}\n", id.get_ref<const std::string&>());
  for (const json& node : nodes.at("changed")) {
    say(io.out, "  ~ node {}\n", node.at("id").get_ref<const std::string&>());
    print_differences(io, node.at("properties"), "property ", "      ");
    print_differences(io, node.at("operations"), "operation ", "      ");
    print_differences(io, node.at("relationships"), "relationship ", "      ");
    print_differences(io, node.at("relationship_operations"), "operation of relationship ",
                      "      ");
    print_differences(io, node.at("capabilities"), "capability ", "      ");
  }
}

void print_instances(const Io& io, const json& instances) {
  for (const auto& [node, count] : instances.at("added").items())
    say(io.out, "  install      {} of {}\n", count.get<int>(), node);
  const auto if_drifted = instances.at("if_drifted").get<std::set<json>>();
  const std::pair<const char*, const char*> lists[] = {{"removed", "uninstall    "},
                                                       {"updated", "update       "},
                                                       {"reinstalled", "reinstall    "},
                                                       {"extended", "establish    "},
                                                       {"reduced", "unlink       "}};
  for (const auto& [member, verb] : lists)
    for (const json& id : instances.at(member))
      say(io.out, "  {}{}{}\n", verb, id.get_ref<const std::string&>(),
          if_drifted.contains(id) ? " if check_drift finds a difference" : "");
}

}  // namespace

Result<json> preview_update(store::Store& store, const exec::UpdateSetup& update,
                            const store::Deployment& row, const plan::Plan& merged,
                            const json& parameters) {
  const auto unfinished = store.updates().find_started(row.id);
  if (!unfinished) return unfinished.error();
  exec::ChangerSetup setup;
  setup.store = &store;
  setup.deployment_id = row.id;
  setup.plan = merged;
  setup.is_dry_run = true;
  exec::StoredChanger changer(std::move(setup));
  exec::UpdateParts parts;
  parts.store = &store;
  parts.changer = &changer;
  exec::StoredUpdate pretended(update, std::move(parts));
  if (auto begun = pretended.begin(row); !begun) return begun.error();
  json preview = {{"deployment_id", row.id},
                  {"blueprint", row.blueprint_path},
                  {"blueprint_before", update.before.blueprint_path},
                  {"unfinished_update", nullptr}};
  if (*unfinished) preview["unfinished_update"] = to_json(**unfinished);
  preview["nodes"] = update.changes.at("nodes");
  preview["sections"] = update.changes.at("sections");
  preview["node_instances"] = describe_instances(pretended.lists(), merged, parameters);
  return preview;
}

void print_preview(const Io& io, const json& preview) {
  say(io.out, "an update of deployment '{}' would change:\n",
      preview.at("deployment_id").get_ref<const std::string&>());
  if (const json& unfinished = preview.at("unfinished_update"); !unfinished.is_null())
    say(io.out, "  (what is left of the update by execution {} with it)\n",
        unfinished.at("execution_id").get_ref<const std::string&>());
  if (preview.at("blueprint") != preview.at("blueprint_before"))
    say(io.out, "  ~ blueprint {} -> {}\n",
        preview.at("blueprint_before").get_ref<const std::string&>(),
        preview.at("blueprint").get_ref<const std::string&>());
  print_nodes(io, preview.at("nodes"));
  print_differences(io, preview.at("sections"), "", "  ");
  print_instances(io, preview.at("node_instances"));
}

}  // namespace cfy::app
