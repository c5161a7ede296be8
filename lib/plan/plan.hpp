// Plan: what a blueprint says, ready to run. Plain data, the waist of the program: everything above
// makes it (yaml, dsl), everything below uses it (deploy, exec) and knows nothing of YAML.
// Prints as JSON with the key names of Cloudify's plan (to_json.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/source.hpp"

namespace cfy::plan {

using nlohmann::json;

/// An operation of a node or of one side of a relationship, resolved to plugin and function.
/// Unset values are the run's defaults (facts.md section 1, Operations).
struct Operation {
  std::string plugin;     ///< empty: a no-op
  std::string operation;  ///< mapping without the plugin's name: "script_runner.tasks.run"
  json inputs = json::object();
  json inputs_types;                        ///< null when no input declares a type
  std::optional<std::string> executor;      ///< auto, host_agent, central_deployment_agent
  std::optional<std::int64_t> max_retries;  ///< -1: endless
  std::optional<double> retry_interval_s;
  std::optional<double> timeout_s;
  std::optional<bool> timeout_recoverable;
  bool has_intrinsic_functions = false;
  std::string declared_at;  ///< "blueprint.yaml:31:18", for messages; not part of Cloudify's plan
  base::SourceRange range = {};  ///< the same place, while the texts that were read are there

  bool is_noop() const { return plugin.empty(); }
};

/// "interface.operation", and the bare name where only one interface has it, to the operation.
/// Nodes of one type share operations (and often the whole map), so that a plan of ten thousand
/// nodes stays small: treat both as immutable, replace to change.
using OperationMap = std::map<std::string, std::shared_ptr<const Operation>, std::less<>>;

/// Interfaces as the plan shows them; what runs is in the operations.
struct Interfaces {
  std::shared_ptr<const json> declared;  ///< merged with the type's; shared by nodes of one type
  /// Plugin operations are shown with the inputs that the operation has (functions evaluated), not
  /// with those declared. Kept as a flag: a copy of all interfaces for each node would be most of
  /// the plan.
  bool show_operation_inputs = false;
};

/// A relationship of a node template.
struct Relationship {
  std::string type;
  std::shared_ptr<const std::vector<std::string>> type_hierarchy;  ///< base first, own type last
  std::string target_id;
  json properties = json::object();
  Interfaces source_interfaces;
  Interfaces target_interfaces;
  std::shared_ptr<const OperationMap> source_operations;
  std::shared_ptr<const OperationMap> target_operations;

  bool is_derived_from(std::string_view ancestor) const;
};

/// capabilities.scalable.properties of a node or scaling group. Before the deployment plan the
/// numbers may still be intrinsic functions, so they are kept as JSON there.
struct Scalable {
  json default_instances = 1;
  json min_instances = 0;
  json max_instances = -1;  ///< -1: UNBOUNDED
  json current_instances = 1;
  json planned_instances = 1;
};

struct Node {
  std::string id;
  std::string type;
  std::shared_ptr<const std::vector<std::string>> type_hierarchy;  ///< base first, own type last
  std::optional<std::string> host_id;
  json properties = json::object();
  std::vector<Relationship> relationships;  ///< in the order of the template
  Interfaces interfaces;
  std::shared_ptr<const OperationMap> operations;
  Scalable scalable;
  json capabilities = json::object();  ///< others than scalable
  json instances = json::object();     ///< the older {deploy: N}, as written
  std::vector<std::string> plugins;    ///< names of the plugins its operations use

  bool is_of_type(std::string_view type_name) const;
  /// The node it is contained in, or nullptr when it is not contained.
  const Relationship* find_containment() const;
};

struct Workflow {
  std::string plugin;
  std::string operation;
  json parameters = json::object();  ///< name to schema {default, type, required, ...}
  bool is_cascading = false;
  json availability_rules;       ///< null when none
  std::string declared_at;       ///< for messages
  base::SourceRange range = {};  ///< the same place, as in Operation
};

struct Plugin {
  std::string name;
  std::string executor;
  bool install = true;
  std::optional<std::string> source;
  std::optional<std::string> package_name;
  std::optional<std::string> package_version;
  json properties = json::object();
  json rest = json::object();  ///< the other keys of the plugins section, as written
  std::string declared_in;     ///< path of the file that declares it; `source` is relative to it
  std::string declared_at;     ///< for messages
};

/// A group that a scaling policy targets.
struct ScalingGroup {
  std::vector<std::string> members;
  Scalable properties;
};

struct Output {
  json value;
  std::string description;
};

/// An instance made from a node when a deployment is prepared (facts.md section 4).
struct InstanceRelationship {
  std::string type;
  std::string target_name;
  std::string target_id;
};
struct GroupInstance {
  std::string name;
  std::string id;
};
struct NodeInstance {
  std::string id;
  std::string node_id;
  std::uint32_t index = 0;  ///< 1-based among the instances of its node
  std::optional<std::string> host_id;
  std::vector<InstanceRelationship> relationships;
  std::vector<GroupInstance> scaling_groups;  ///< innermost first
};

struct Plan {
  std::string version;  ///< "cloudify_dsl_1_3"
  json description;     ///< null when absent
  json metadata;
  json inputs = json::object();         ///< parse: name to declaration; deployment: name to value
  json input_schemas = json::object();  ///< the declarations, kept in both stages
  std::vector<Node> nodes;              ///< in the order written
  json relationships = json::object();  ///< relationship types, flattened
  std::map<std::string, Workflow, std::less<>> workflows;
  std::map<std::string, Plugin, std::less<>> plugins;  ///< all that are declared
  std::map<std::string, Output, std::less<>> outputs;
  std::map<std::string, Output, std::less<>> capabilities;
  json groups = json::object();
  json policies = json::object();
  json policy_types = json::object();
  json policy_triggers = json::object();
  std::map<std::string, ScalingGroup, std::less<>> scaling_groups;
  json data_types = json::object();
  json labels = json::object();
  json blueprint_labels = json::object();
  json resource_tags = json::object();
  json deployment_settings = json::object();
  json requirements = json::object();  ///< secrets and parent_capabilities used
  json imported_blueprints = json::array();
  json namespaces_mapping = json::object();
  /// Where the files of imported blueprints lie: namespace to folder. Not for others to see.
  json imported_folders = json::object();
  /// For messages: where inputs and workflow parameters are declared, "inputs.port" or
  /// "workflows.scale.parameters.delta" to "blueprint.yaml:5:3". May lack entries.
  std::map<std::string, std::string, std::less<>> declared_at;
  /// The same as ranges, while the texts that were read are there, and more: nodes ("nodes.web"),
  /// scaling groups and every value that holds a function ("nodes.web.properties.url"). Not part
  /// of the JSON, so empty in a plan that was read from it.
  std::map<std::string, base::SourceRange, std::less<>> places;
  // Only in the deployment stage:
  std::vector<NodeInstance> node_instances;
  json inter_deployment_functions;  ///< null in the blueprint stage

  /// nullptr when there is none. Cost: O(nodes); code that asks often makes its own index.
  const Node* find_node(std::string_view id) const;
  /// Where "ns--name" lies when an imported blueprint has the namespace, the innermost one if
  /// several do; nothing otherwise. Does not look whether it is there.
  std::optional<std::string> imported_file(std::string_view name) const;
  /// Where a dotted path, or the nearest thing around it, is written; unknown when nothing is.
  base::SourceRange find_place(std::string_view path) const;
};

/// Cloudify's names of the base relationship types.
inline constexpr std::string_view kContainedIn = "cloudify.relationships.contained_in";
inline constexpr std::string_view kConnectedTo = "cloudify.relationships.connected_to";
inline constexpr std::string_view kDependsOn = "cloudify.relationships.depends_on";

}  // namespace cfy::plan
