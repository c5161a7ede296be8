// Reads a Plan from JSON. What does not fit ends it with a json exception inside, which becomes an
// Error at the border: such JSON was not written by this program.
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "plan/to_json.hpp"

namespace cfy::plan {
namespace {

const json& member(const json& map, const char* key) {
  static const json kNull;
  const auto found = map.find(key);
  return found == map.end() ? kNull : *found;
}

json object_or_empty(const json& value) {
  return value.is_null() ? json::object() : json(value.get_ref<const json::object_t&>());
}

std::string text_or_empty(const json& value) {
  return value.is_null() ? std::string() : value.get<std::string>();
}

template <typename T>
std::optional<T> optional_of(const json& value) {
  if (value.is_null()) return std::nullopt;
  return value.get<T>();
}

Scalable read_scalable(const json& properties) {
  Scalable scalable;
  if (properties.is_null()) return scalable;
  const auto take = [&](const char* key, json& into) {
    if (const json& value = member(properties, key); !value.is_null()) into = value;
  };
  take("default_instances", scalable.default_instances);
  take("min_instances", scalable.min_instances);
  take("max_instances", scalable.max_instances);
  scalable.current_instances = scalable.planned_instances = scalable.default_instances;
  take("current_instances", scalable.current_instances);
  take("planned_instances", scalable.planned_instances);
  return scalable;
}

Operation read_operation(const json& from) {
  Operation operation;
  operation.plugin = text_or_empty(member(from, "plugin"));
  operation.operation = text_or_empty(member(from, "operation"));
  operation.inputs = object_or_empty(member(from, "inputs"));
  operation.inputs_types = member(from, "inputs_types");
  operation.executor = optional_of<std::string>(member(from, "executor"));
  operation.max_retries = optional_of<std::int64_t>(member(from, "max_retries"));
  operation.retry_interval_s = optional_of<double>(member(from, "retry_interval"));
  operation.timeout_s = optional_of<double>(member(from, "timeout"));
  operation.timeout_recoverable = optional_of<bool>(member(from, "timeout_recoverable"));
  operation.has_intrinsic_functions =
      optional_of<bool>(member(from, "has_intrinsic_functions")).value_or(false);
  operation.declared_at = text_or_empty(member(from, "declared_at"));
  return operation;
}

// Resolves the numbers of the store's form; each part is made once, so that it is shared again.
class Reader {
 public:
  explicit Reader(const json& shared) : shared_(shared) {}

  Node node(const json& from) {
    Node node;
    node.id = member(from, "id").is_null() ? from.at("name").get<std::string>()
                                           : from.at("id").get<std::string>();
    node.type = text_or_empty(member(from, "type"));
    node.type_hierarchy = hierarchy(member(from, "type_hierarchy"));
    node.host_id = optional_of<std::string>(member(from, "host_id"));
    node.properties = object_or_empty(member(from, "properties"));
    for (const json& one : member(from, "relationships"))
      node.relationships.push_back(relationship(one));
    node.interfaces = interfaces(from, "interfaces");
    node.operations = operations(member(from, "operations"));
    read_capabilities(node, from);
    node.instances = object_or_empty(member(from, "instances"));
    read_plugins(node, from);
    return node;
  }

 private:
  static void read_capabilities(Node& node, const json& from) {
    node.capabilities = object_or_empty(member(from, "capabilities"));
    const auto scalable = node.capabilities.find("scalable");
    if (scalable != node.capabilities.end()) {
      node.scalable = read_scalable(member(*scalable, "properties"));
      node.capabilities.erase(scalable);
    } else if (const json& count = member(from, "number_of_instances"); !count.is_null()) {
      // As the reference's server keeps the numbers.
      node.scalable.current_instances = node.scalable.planned_instances = count;
      node.scalable.default_instances = from.value("deploy_number_of_instances", count);
      node.scalable.min_instances = from.value("min_number_of_instances", json(0));
      node.scalable.max_instances = from.value("max_number_of_instances", json(-1));
    }
  }

  static void read_plugins(Node& node, const json& from) {
    for (const json& name : member(from, "plugin_names"))
      node.plugins.push_back(name);
    if (!node.plugins.empty()) return;
    for (const json& plugin : member(from, "plugins"))
      node.plugins.push_back(plugin.at("name"));
  }

  Relationship relationship(const json& from) {
    Relationship one;
    one.type = from.at("type").get<std::string>();
    one.type_hierarchy = hierarchy(member(from, "type_hierarchy"));
    one.target_id = from.at("target_id").get<std::string>();
    one.properties = object_or_empty(member(from, "properties"));
    one.source_interfaces = interfaces(from, "source_interfaces");
    one.target_interfaces = interfaces(from, "target_interfaces");
    one.source_operations = operations(member(from, "source_operations"));
    one.target_operations = operations(member(from, "target_operations"));
    return one;
  }

  using Hierarchy = std::vector<std::string>;

  std::shared_ptr<const Hierarchy> hierarchy(const json& from) {
    return once<Hierarchy>(from, hierarchies_, [](const json& list) {
      return list.is_null() ? Hierarchy() : list.get<Hierarchy>();
    });
  }

  Interfaces interfaces(const json& from, const std::string& key) {
    const json& flag = member(from, (key + "_show_operation_inputs").c_str());
    return {once<json>(member(from, key.c_str()), interfaces_, object_or_empty),
            flag == json(true)};
  }

  std::shared_ptr<const OperationMap> operations(const json& from) {
    return once<OperationMap>(from, maps_, [this](const json& map) {
      OperationMap operations;
      if (map.is_null()) return operations;
      for (auto entry = map.begin(); entry != map.end(); ++entry)
        operations.emplace(entry.key(), once<Operation>(*entry, operations_, read_operation));
      return operations;
    });
  }

  template <typename T>
  using Made = std::unordered_map<std::size_t, std::shared_ptr<const T>>;

  template <typename T, typename Make>
  std::shared_ptr<const T> once(const json& from, Made<T>& made, const Make& make) {
    if (!from.is_number()) return std::make_shared<const T>(make(from));
    const auto number = from.get<std::size_t>();
    if (const auto known = made.find(number); known != made.end()) return known->second;
    auto value = std::make_shared<const T>(make(shared_.at(number)));
    made.emplace(number, value);
    return value;
  }

  const json& shared_;
  Made<Hierarchy> hierarchies_;
  Made<json> interfaces_;
  Made<OperationMap> maps_;
  Made<Operation> operations_;
};

Plugin read_plugin(const json& from) {
  Plugin plugin;
  plugin.rest = from;
  const auto take = [&](const char* key) {
    json value = member(from, key);
    plugin.rest.erase(key);
    return value;
  };
  plugin.name = take("name").get<std::string>();
  plugin.executor = text_or_empty(take("executor"));
  plugin.install = optional_of<bool>(take("install")).value_or(true);
  plugin.source = optional_of<std::string>(take("source"));
  plugin.package_name = optional_of<std::string>(take("package_name"));
  plugin.package_version = optional_of<std::string>(take("package_version"));
  plugin.properties = object_or_empty(take("properties"));
  plugin.declared_in = text_or_empty(take("declared_in"));
  plugin.declared_at = text_or_empty(take("declared_at"));
  return plugin;
}

Workflow read_workflow(const json& from) {
  Workflow workflow;
  workflow.plugin = text_or_empty(member(from, "plugin"));
  workflow.operation = text_or_empty(member(from, "operation"));
  workflow.parameters = object_or_empty(member(from, "parameters"));
  workflow.is_cascading = optional_of<bool>(member(from, "is_cascading")).value_or(false);
  workflow.availability_rules = member(from, "availability_rules");
  workflow.declared_at = text_or_empty(member(from, "declared_at"));
  return workflow;
}

void read_outputs(const json& from, std::map<std::string, Output, std::less<>>& outputs) {
  if (from.is_null()) return;
  for (auto entry = from.begin(); entry != from.end(); ++entry)
    outputs.emplace(entry.key(),
                    Output{member(*entry, "value"), text_or_empty(member(*entry, "description"))});
}

NodeInstance read_instance(const json& from) {
  NodeInstance instance;
  instance.id = from.at("id").get<std::string>();
  instance.node_id = member(from, "node_id").is_null() ? from.at("name").get<std::string>()
                                                       : from.at("node_id").get<std::string>();
  instance.index = optional_of<std::uint32_t>(member(from, "index")).value_or(0);
  instance.host_id = optional_of<std::string>(member(from, "host_id"));
  for (const json& one : member(from, "relationships"))
    instance.relationships.push_back(
        {text_or_empty(member(one, "type")), one.at("target_name"), one.at("target_id")});
  for (const json& group : member(from, "scaling_groups"))
    instance.scaling_groups.push_back({group.at("name"), group.at("id")});
  return instance;
}

ScalingGroup read_group(const json& from) {
  ScalingGroup group;
  for (const json& name : member(from, "members"))
    group.members.push_back(name);
  group.properties = read_scalable(member(from, "properties"));
  return group;
}

void read_sections(const json& from, Plan& plan) {
  const auto take = [&](const char* key, json& into) {
    if (const json& value = member(from, key); !value.is_null()) into = value;
  };
  take("description", plan.description);
  take("metadata", plan.metadata);
  take("inputs", plan.inputs);
  take("input_schemas", plan.input_schemas);
  take("relationships", plan.relationships);
  take("groups", plan.groups);
  take("policies", plan.policies);
  take("policy_types", plan.policy_types);
  take("policy_triggers", plan.policy_triggers);
  take("data_types", plan.data_types);
  take("labels", plan.labels);
  take("blueprint_labels", plan.blueprint_labels);
  take("resource_tags", plan.resource_tags);
  take("deployment_settings", plan.deployment_settings);
  take("requirements", plan.requirements);
  take("imported_blueprints", plan.imported_blueprints);
  take("namespaces_mapping", plan.namespaces_mapping);
  take("imported_folders", plan.imported_folders);
  take("inter_deployment_functions", plan.inter_deployment_functions);
}

Plan read_plan(const json& from) {
  Plan plan;
  plan.version = text_or_empty(member(member(from, "version"), "raw"));
  read_sections(from, plan);
  if (const json& places = member(from, "declared_at"); !places.is_null())
    for (auto place = places.begin(); place != places.end(); ++place)
      plan.declared_at.emplace(place.key(), place->get<std::string>());
  Reader reader(member(from, "shared"));
  for (const json& node : from.at("nodes"))
    plan.nodes.push_back(reader.node(node));
  const json workflows = object_or_empty(member(from, "workflows"));
  for (auto entry = workflows.begin(); entry != workflows.end(); ++entry)
    plan.workflows.emplace(entry.key(), read_workflow(*entry));
  const json plugins = object_or_empty(member(from, "plugins"));
  for (auto entry = plugins.begin(); entry != plugins.end(); ++entry)
    plan.plugins.emplace(entry.key(), read_plugin(*entry));
  read_outputs(member(from, "outputs"), plan.outputs);
  read_outputs(member(from, "capabilities"), plan.capabilities);
  const json groups = object_or_empty(member(from, "scaling_groups"));
  for (auto entry = groups.begin(); entry != groups.end(); ++entry)
    plan.scaling_groups.emplace(entry.key(), read_group(*entry));
  for (const json& instance : member(from, "node_instances"))
    plan.node_instances.push_back(read_instance(instance));
  return plan;
}

template <typename Read>
auto guarded(const json& from, const char* what, const Read& read)
    -> base::Result<decltype(read(from))> {
  try {
    return read(from);
  } catch (const json::exception& error) {
    return base::make_error(base::ErrorKind::state, "this is not a {}: {}", what, error.what());
  }
}

}  // namespace

base::Result<Plan> from_json(const json& plan) {
  return guarded(plan, "plan", read_plan);
}

base::Result<Node> node_from_json(const json& node) {
  return guarded(node, "node", [](const json& from) {
    const json none;
    return Reader(none).node(from);
  });
}

base::Result<NodeInstance> instance_from_json(const json& instance) {
  return guarded(instance, "node instance", read_instance);
}

base::Result<ScalingGroup> scaling_group_from_json(const json& group) {
  return guarded(group, "scaling group", read_group);
}

}  // namespace cfy::plan
