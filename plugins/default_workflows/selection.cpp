#include "selection.hpp"

#include <algorithm>
#include <set>

#include "near_name.hpp"

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

struct Filters {
  explicit Filters(const cfy::Parameters& parameters)
      : types(read_names(parameters, "type_names")),
        nodes(read_names(parameters, "node_ids")),
        instances(read_names(parameters, "node_instance_ids")) {}
  bool are_empty() const { return types.empty() && nodes.empty() && instances.empty(); }
  bool let_through(const cfy::NodeInstance& instance) const {
    return (nodes.empty() || nodes.contains(instance.node_id())) &&
           (types.empty() || is_of_any(instance.node(), types)) &&
           (instances.empty() || instances.contains(instance.id()));
  }
  std::set<std::string> types, nodes, instances;
};

using Names = std::set<std::string>;

/// @return whether there were any
bool warn_of_unknown(const cfy::WorkflowContext& ctx, const Names& given, const Names& known,
                     const std::string& what) {
  bool is_any = false;
  for (const std::string& name : given) {
    if (known.contains(name)) continue;
    is_any = true;
    ctx.logger().warning("there is no " + what + " '" + name + "'" +
                         did_you_mean(name, {known.begin(), known.end()}));
  }
  return is_any;
}

/// The same for all three filters.
bool warn_of_unknown(const cfy::WorkflowContext& ctx, const Filters& filters) {
  Names types, nodes, instances;
  for (const cfy::Node& node : ctx.nodes()) {
    nodes.insert(node.id());
    for (const std::string& type : node.type_hierarchy())
      types.insert(type);
  }
  for (const cfy::NodeInstance& instance : ctx.node_instances())
    instances.insert(instance.id());
  const bool is_any_type = warn_of_unknown(ctx, filters.types, types, "node of type");
  const bool is_any_node = warn_of_unknown(ctx, filters.nodes, nodes, "node");
  return warn_of_unknown(ctx, filters.instances, instances, "node instance") || is_any_type ||
         is_any_node;
}

}  // namespace

Selection select(const cfy::WorkflowContext& ctx, const cfy::Parameters& parameters) {
  const Filters filters(parameters);
  Selection selection;
  for (const cfy::NodeInstance& instance : ctx.node_instances())
    (filters.let_through(instance) ? selection.chosen : selection.others).push_back(instance);
  if (filters.are_empty() || warn_of_unknown(ctx, filters) || !selection.chosen.empty())
    return selection;
  ctx.logger().warning("no node instance is in all of type_names, node_ids and node_instance_ids");
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
