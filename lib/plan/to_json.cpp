// Writes a Plan as JSON.
#include "plan/to_json.hpp"

#include <cmath>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "base/text.hpp"

namespace cfy::plan {
namespace {

template <typename T>
json or_null(const std::optional<T>& value) {
  return value ? json(*value) : json();
}

// Seconds are mostly whole; they are written as they were then.
json seconds(const std::optional<double>& value) {
  if (!value) return json();
  constexpr double kExact = 1e15;
  if (std::floor(*value) == *value && std::abs(*value) < kExact)
    return static_cast<std::int64_t>(*value);
  return *value;
}

json scalable_json(const Scalable& scalable) {
  return {{"default_instances", scalable.default_instances},
          {"min_instances", scalable.min_instances},
          {"max_instances", scalable.max_instances},
          {"current_instances", scalable.current_instances},
          {"planned_instances", scalable.planned_instances}};
}

json version_json(const std::string& version) {
  json numbers = json::array();
  const auto parts = base::split(version, '_');
  std::string name;
  for (const std::string& part : parts) {
    const bool is_number =
        !part.empty() && part.find_first_not_of("0123456789") == std::string::npos;
    if (is_number)
      numbers.push_back(std::stoi(part.substr(0, 6)));
    else
      name += (name.empty() ? "" : "_") + part;
  }
  return {{"raw", version}, {"definitions_name", name}, {"definitions_version", numbers}};
}

json outputs_json(const std::map<std::string, Output, std::less<>>& outputs) {
  json result = json::object();
  for (const auto& [name, output] : outputs) {
    json& one = result[name] = {{"value", output.value}};
    if (!output.description.empty()) one["description"] = output.description;
  }
  return result;
}

json plugin_json(const Plugin& plugin, JsonForm form) {
  json result = plugin.rest;
  result["name"] = plugin.name;
  result["executor"] = plugin.executor;
  result["install"] = plugin.install;
  result["source"] = or_null(plugin.source);
  result["package_name"] = or_null(plugin.package_name);
  result["package_version"] = or_null(plugin.package_version);
  result["properties"] = plugin.properties;
  if (form == JsonForm::store) {
    result["declared_in"] = plugin.declared_in;
    result["declared_at"] = plugin.declared_at;
  }
  return result;
}

json relationships_json(const std::vector<InstanceRelationship>& relationships) {
  json result = json::array();
  for (const auto& one : relationships)
    result.push_back(
        {{"type", one.type}, {"target_name", one.target_name}, {"target_id", one.target_id}});
  return result;
}

// Parts that several nodes point to. In the store's form each is written once, into a list, and
// stands as its number where it is used.
class Writer {
 public:
  /// @param is_pooled  put shared parts into a list
  Writer(JsonForm form, bool is_pooled) : form_(form), is_pooled_(is_pooled) {}

  json node(const Node& node) {
    json result = {{"id", node.id},
                   {"name", node.id},
                   {"type", node.type},
                   {"type_hierarchy", shared(node.type_hierarchy)},
                   {"properties", node.properties},
                   {"relationships", json::array()},
                   {"operations", operations(node.operations)},
                   {"capabilities", node.capabilities},
                   {"instances", node.instances}};
    add_interfaces(result, "interfaces", node.interfaces, node.operations);
    if (node.host_id) result["host_id"] = *node.host_id;
    result["capabilities"]["scalable"]["properties"] = scalable_json(node.scalable);
    for (const Relationship& one : node.relationships)
      result["relationships"].push_back(relationship(one));
    if (form_ == JsonForm::store) result["plugin_names"] = node.plugins;
    return result;
  }

  const json& shared() const { return shared_; }

 private:
  json relationship(const Relationship& one) {
    json result = {{"type", one.type},
                   {"type_hierarchy", shared(one.type_hierarchy)},
                   {"target_id", one.target_id},
                   {"properties", one.properties},
                   {"source_operations", operations(one.source_operations)},
                   {"target_operations", operations(one.target_operations)}};
    add_interfaces(result, "source_interfaces", one.source_interfaces, one.source_operations);
    add_interfaces(result, "target_interfaces", one.target_interfaces, one.target_operations);
    return result;
  }

  void add_interfaces(json& result, const std::string& key, const Interfaces& interfaces,
                      const std::shared_ptr<const OperationMap>& operations) {
    if (!interfaces.show_operation_inputs || !operations) {
      result[key] = shared(interfaces.declared);
    } else if (form_ == JsonForm::store) {
      result[key] = shared(interfaces.declared);
      result[key + "_show_operation_inputs"] = true;
    } else {
      result[key] = with_operation_inputs(*interfaces.declared, *operations);
    }
  }

  static json with_operation_inputs(const json& declared, const OperationMap& operations) {
    json shown = declared;
    for (auto interface = shown.begin(); interface != shown.end(); ++interface)
      for (auto operation = interface->begin(); operation != interface->end(); ++operation) {
        const auto found = operations.find(interface.key() + "." + operation.key());
        if (operation->is_object() && operation->contains("inputs") && found != operations.end())
          show_inputs(*found->second, (*operation)["inputs"]);
      }
    return shown;
  }

  // A script has script_path besides, which is not the author's, and what does nothing may have
  // dropped its inputs: of these the declared ones are shown, with their values.
  static void show_inputs(const Operation& operation, json& inputs) {
    constexpr std::string_view kScriptPrefix = "script_runner.";
    if (!operation.operation.starts_with(kScriptPrefix) && !operation.is_noop()) {
      inputs = operation.inputs;
      return;
    }
    if (!inputs.is_object()) return;
    for (auto input = inputs.begin(); input != inputs.end(); ++input)
      if (const auto value = operation.inputs.find(input.key()); value != operation.inputs.end())
        *input = *value;
  }

  json operation(const Operation& one) const {
    json result = {{"plugin", one.plugin},
                   {"operation", one.operation},
                   {"inputs", one.inputs},
                   {"executor", or_null(one.executor)},
                   {"max_retries", or_null(one.max_retries)},
                   {"retry_interval", seconds(one.retry_interval_s)},
                   {"timeout", seconds(one.timeout_s)},
                   {"timeout_recoverable", or_null(one.timeout_recoverable)},
                   {"has_intrinsic_functions", one.has_intrinsic_functions}};
    if (!one.inputs_types.is_null()) result["inputs_types"] = one.inputs_types;
    if (form_ == JsonForm::store) result["declared_at"] = one.declared_at;
    return result;
  }

  json operations(const std::shared_ptr<const OperationMap>& map) {
    if (!map) return json::object();
    return once(map, [&] {
      json result = json::object();
      for (const auto& entry : *map)
        result[entry.first] = once(entry.second, [&] { return operation(*entry.second); });
      return result;
    });
  }

  template <typename T>
  json shared(const std::shared_ptr<const T>& value) {
    if (!value) return std::is_same_v<T, json> ? json::object() : json::array();
    return once(value, [&] { return json(*value); });
  }

  template <typename T, typename Make>
  json once(const std::shared_ptr<const T>& part, const Make& make) {
    if (!is_pooled_ || (form_ == JsonForm::cloudify && part.use_count() == 1)) return make();
    const void* const address = part.get();
    const auto known = numbers_.find(address);
    if (known != numbers_.end()) return known->second;
    json made = make();  // may add others first
    const std::size_t number = shared_.size();
    shared_.push_back(std::move(made));
    numbers_.emplace(address, number);
    return number;
  }

  JsonForm form_;
  bool is_pooled_;
  json shared_ = json::array();
  std::unordered_map<const void*, std::size_t> numbers_;
};

json instance_json(const NodeInstance& instance, JsonForm form) {
  json result = {{"id", instance.id},
                 {"name", instance.node_id},
                 {"node_id", instance.node_id},
                 {"relationships", relationships_json(instance.relationships)}};
  if (instance.host_id) result["host_id"] = *instance.host_id;
  for (const auto& group : instance.scaling_groups)
    result["scaling_groups"].push_back({{"name", group.name}, {"id", group.id}});
  if (form == JsonForm::store) result["index"] = instance.index;
  return result;
}

// The lists of plugins that the reference's server installs.
void add_plugin_lists(json& result, const Plan& plan) {
  std::set<std::string> used;
  for (const Node& node : plan.nodes)
    used.insert(node.plugins.begin(), node.plugins.end());
  json central = json::array(), host = json::array(), workflow = json::array();
  for (const std::string& name : used) {
    const auto found = plan.plugins.find(name);
    if (found == plan.plugins.end()) continue;
    json& list = found->second.executor == "host_agent" ? host : central;
    list.push_back(plugin_json(found->second, JsonForm::cloudify));
  }
  std::set<std::string> by_workflows;
  for (const auto& [name, one] : plan.workflows)
    by_workflows.insert(one.plugin);
  for (const std::string& name : by_workflows)
    if (const auto found = plan.plugins.find(name); found != plan.plugins.end())
      workflow.push_back(plugin_json(found->second, JsonForm::cloudify));
  result["deployment_plugins_to_install"] = std::move(central);
  result["host_agent_plugins_to_install"] = std::move(host);
  result["workflow_plugins_to_install"] = std::move(workflow);
}

json workflows_json(const Plan& plan, JsonForm form) {
  json result = json::object();
  for (const auto& [name, workflow] : plan.workflows) {
    json& one = result[name] = {{"plugin", workflow.plugin},
                                {"operation", workflow.operation},
                                {"parameters", workflow.parameters},
                                {"is_cascading", workflow.is_cascading},
                                {"availability_rules", workflow.availability_rules}};
    if (form == JsonForm::store) one["declared_at"] = workflow.declared_at;
  }
  return result;
}

json plugins_of(const Node& node, const Plan& plan) {
  json plugins = json::array();
  for (const std::string& name : node.plugins)
    if (const auto found = plan.plugins.find(name); found != plan.plugins.end())
      plugins.push_back(plugin_json(found->second, JsonForm::cloudify));
  return plugins;
}

void add_nodes(json& result, const Plan& plan, JsonForm form) {
  Writer writer(form, form == JsonForm::store);
  json& nodes = result["nodes"] = json::array();
  for (const Node& node : plan.nodes) {
    nodes.push_back(writer.node(node));
    if (form == JsonForm::cloudify) nodes.back()["plugins"] = plugins_of(node, plan);
  }
  if (form == JsonForm::store) result["shared"] = writer.shared();
}

std::string dumped(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// Texts of nodes; what they share is made into text once.
class TextWriter {
 public:
  /// Appends the node to `text`.
  void write(const Node& node, const Plan& plan, std::string& text) {
    text += '{';
    append_members(writer_.node(node), text);
    text += ",\"plugins\":" + dumped(plugins_of(node, plan)) + '}';
  }

 private:
  // Members of a node or relationship. A number stands for a part of the pool under these keys.
  void append_members(const json& map, std::string& text) {
    for (auto member = map.begin(); member != map.end(); ++member) {
      append_key(member.key(), text);
      if (member.key() == "relationships")
        append_relationships(*member, text);
      else if (is_operations(member.key()))
        append_operations(member->is_number() ? pooled(*member) : *member, text);
      else if (is_pooled(member.key()) && member->is_number())
        text += pooled_text(*member);
      else
        text += dumped(*member);
    }
  }

  static bool is_operations(std::string_view key) {
    return key == "operations" || key == "source_operations" || key == "target_operations";
  }
  static bool is_pooled(std::string_view key) {
    return key == "type_hierarchy" || key == "interfaces" || key == "source_interfaces" ||
           key == "target_interfaces";
  }

  static void append_key(const std::string& key, std::string& text) {
    if (text.back() != '{') text += ',';
    text += dumped(key);
    text += ':';
  }

  void append_relationships(const json& list, std::string& text) {
    text += '[';
    for (const json& one : list) {
      text += text.back() == '[' ? "{" : ",{";
      append_members(one, text);
      text += '}';
    }
    text += ']';
  }

  void append_operations(const json& map, std::string& text) {
    text += '{';
    for (auto entry = map.begin(); entry != map.end(); ++entry) {
      append_key(entry.key(), text);
      if (entry->is_number())
        text += pooled_text(*entry);
      else
        text += dumped(*entry);
    }
    text += '}';
  }

  const json& pooled(const json& number) const {
    return writer_.shared()[number.get<std::size_t>()];
  }

  const std::string& pooled_text(const json& number) {
    std::string& text = texts_[number.get<std::size_t>()];
    if (text.empty()) text = dumped(pooled(number));
    return text;
  }

  Writer writer_{JsonForm::cloudify, true};
  std::unordered_map<std::size_t, std::string> texts_;
};

// All but the nodes.
json frame_json(const Plan& plan, JsonForm form) {
  json result = {{"version", version_json(plan.version)},
                 {"description", plan.description},
                 {"metadata", plan.metadata},
                 {"inputs", plan.inputs},
                 {"relationships", plan.relationships},
                 {"workflows", workflows_json(plan, form)},
                 {"outputs", outputs_json(plan.outputs)},
                 {"capabilities", outputs_json(plan.capabilities)},
                 {"groups", plan.groups},
                 {"policies", plan.policies},
                 {"policy_types", plan.policy_types},
                 {"policy_triggers", plan.policy_triggers},
                 {"data_types", plan.data_types},
                 {"labels", plan.labels},
                 {"blueprint_labels", plan.blueprint_labels},
                 {"resource_tags", plan.resource_tags},
                 {"deployment_settings", plan.deployment_settings},
                 {"requirements", plan.requirements},
                 {"imported_blueprints", plan.imported_blueprints},
                 {"namespaces_mapping", plan.namespaces_mapping},
                 {"scaling_groups", json::object()}};
  for (const auto& [name, group] : plan.scaling_groups)
    result["scaling_groups"][name] = to_json(group);
  if (form == JsonForm::cloudify) {
    add_plugin_lists(result, plan);
  } else {
    result["input_schemas"] = plan.input_schemas;
    result["declared_at"] = plan.declared_at;
    result["imported_folders"] = plan.imported_folders;
    for (const auto& [name, plugin] : plan.plugins)
      result["plugins"][name] = plugin_json(plugin, form);
  }
  if (plan.inter_deployment_functions.is_null()) return result;
  result["inter_deployment_functions"] = plan.inter_deployment_functions;
  json& instances = result["node_instances"] = json::array();
  for (const NodeInstance& instance : plan.node_instances)
    instances.push_back(instance_json(instance, form));
  return result;
}

}  // namespace

json to_json(const Node& node) {
  return Writer(JsonForm::cloudify, false).node(node);
}

json to_json(const NodeInstance& instance) {
  return instance_json(instance, JsonForm::cloudify);
}

json to_json(const ScalingGroup& group) {
  return {{"members", group.members}, {"properties", scalable_json(group.properties)}};
}

json to_json(const Plan& plan, JsonForm form) {
  json result = frame_json(plan, form);
  add_nodes(result, plan, form);
  return result;
}

void write_json(const Plan& plan, const WriteText& write) {
  // Enough for few calls of write(), and little enough to stay in the cache.
  constexpr std::size_t kPiece = std::size_t{256} << 10U;
  std::string text = dumped(frame_json(plan, JsonForm::cloudify));
  text.back() = ',';
  text += "\"nodes\":[";
  TextWriter writer;
  const char* separator = "";
  for (const Node& node : plan.nodes) {
    text += separator;
    separator = ",";
    writer.write(node, plan, text);
    if (text.size() < kPiece) continue;
    write(text);
    text.clear();
  }
  write(text + "]}");
}

}  // namespace cfy::plan
