#include "selection.hpp"

#include <algorithm>
#include <set>

namespace workflows {
namespace {

// A list, or one text instead of a list of one.
std::set<std::string> read_names(const cfy::Parameters& parameters, const char* name) {
  if (!parameters.contains(name) || parameters[name].is_null() || parameters[name] == "") return {};
  if (parameters[name].is_string()) return {parameters.get<std::string>(name)};
  const auto names = parameters.get<std::vector<std::string>>(name);
  return {names.begin(), names.end()};
}

bool is_of_any(const cfy::Node& node, const std::set<std::string>& types) {
  return std::any_of(types.begin(), types.end(),
                     [&](const std::string& type) { return node.is_of_type(type); });
}

}  // namespace

Selection select(const cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const auto types = read_names(parameters, "type_names");
  const auto nodes = read_names(parameters, "node_ids");
  const auto ids = read_names(parameters, "node_instance_ids");
  for (const std::string& id : nodes)
    if (!ctx.get_node(id)) ctx.logger().warning("there is no node '" + id + "'");
  for (const std::string& id : ids)
    if (!ctx.get_node_instance(id)) ctx.logger().warning("there is no node instance '" + id + "'");

  Selection selection;
  for (const cfy::NodeInstance& instance : ctx.node_instances()) {
    const bool is_chosen = (nodes.empty() || nodes.contains(instance.node_id())) &&
                           (types.empty() || is_of_any(instance.node(), types)) &&
                           (ids.empty() || ids.contains(instance.id()));
    (is_chosen ? selection.chosen : selection.others).push_back(instance);
  }
  return selection;
}

bool is_on(const cfy::Parameters& parameters, const char* name, bool otherwise) {
  if (!parameters.contains(name)) return otherwise;
  const cfy::json& value = parameters[name];
  if (value.is_null()) return false;
  return value.is_number() ? value != 0 : parameters.get<bool>(name);
}

Instances all_but(const cfy::WorkflowContext& ctx, const Instances& chosen) {
  const std::set<cfy::NodeInstance> known(chosen.begin(), chosen.end());
  Instances others;
  for (const cfy::NodeInstance& instance : ctx.node_instances())
    if (!known.contains(instance)) others.push_back(instance);
  return others;
}

}  // namespace workflows
