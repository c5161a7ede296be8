#include "exec/request.hpp"

#include <utility>

#include "base/json_text.hpp"
#include "base/names.hpp"

namespace cfy::exec {
namespace {

using base::ErrorKind;

std::size_t position(plugin::InstanceId instance) {
  return static_cast<std::size_t>(instance);
}

json nullable(const std::optional<double>& value) {
  return value ? json(*value) : json();
}

/// What a Cloudify manager tells its agents. There is none here, so the names have no values.
json empty_bootstrap_context() {
  json agent = json::object();
  for (const char* name :
       {"user", "agent_key_path", "min_workers", "max_workers", "remote_execution_port"})
    agent[name] = nullptr;
  return {{"resources_prefix", ""},
          {"cloudify_agent", std::move(agent)},
          {"policy_engine", json::object()}};
}

json instance_facts(const store::NodeInstance& instance) {
  return {{"id", instance.id},
          {"node_id", instance.node_id},
          {"index", instance.index},
          {"host_id", instance.host_id ? json(*instance.host_id) : json()},
          {"state", instance.state},
          {"version", instance.version},
          {"runtime_properties", instance.runtime_properties},
          {"system_properties", instance.system_properties},
          {"scaling_groups", instance.scaling_groups}};
}

}  // namespace

RequestMaker::RequestMaker(RequestFacts facts, const InstanceBook& book)
    : facts_(std::move(facts)),
      book_(book),
      storage_(
          std::make_unique<RunStorage>(*facts_.plan, book, *facts_.deployment, facts_.outside)) {
  for (const plan::Node& node : facts_.plan->nodes) {
    nodes_.emplace(node.id, &node);
    if (functions::contains_function(node.properties)) with_functions_.insert(&node);
  }
}

const plan::Node* RequestMaker::node_of(const store::NodeInstance& instance) const {
  const auto found = nodes_.find(instance.node_id);
  return found == nodes_.end() ? nullptr : found->second;
}

TaskSubjects RequestMaker::subjects(const OperationTask& task) const {
  TaskSubjects subjects;
  if (!task.instance) return subjects;
  subjects.instance = &book_.all().at(position(*task.instance));
  subjects.node = node_of(*subjects.instance);
  if (task.relationship) {
    subjects.target = &book_.all().at(position(*task.target));
    subjects.target_node = node_of(*subjects.target);
  }
  return subjects;
}

json RequestMaker::node_facts(const plan::Node& node, json properties) const {
  return {{"id", node.id},
          {"name", node.id},
          {"type", node.type},
          {"type_hierarchy", *node.type_hierarchy},
          {"properties", base::plain_value(std::move(properties))},
          {"number_of_instances", book_.of_node(node.id).size()}};
}

// What waited for run time (get_secret, get_attribute, ...), as the instance sees it now.
base::Result<json> RequestMaker::evaluate_properties(const plan::Node& node,
                                                     const store::NodeInstance& instance) const {
  if (!with_functions_.contains(&node)) return node.properties;
  functions::Context context;
  context.scope = functions::Scope::node_template;
  context.node = node.id;
  context.self = instance.id;
  context.path = fmt::format("properties of node '{}'", node.id);
  return storage_->evaluate(node.properties, context);
}

// Of a node that the operation only looks at: what cannot be evaluated stays as written, as most
// operations never ask for it.
json RequestMaker::other_node(const plan::Node& node, const store::NodeInstance& instance) const {
  auto properties = evaluate_properties(node, instance);
  return node_facts(node, properties ? *std::move(properties) : node.properties);
}

// The address of the host that the instance runs on, or null.
json RequestMaker::host_ip(const store::NodeInstance& instance) const {
  const store::NodeInstance* host = instance.host_id ? book_.find(*instance.host_id) : nullptr;
  if (host == nullptr) return nullptr;
  const auto found = host->runtime_properties.find("ip");
  if (found != host->runtime_properties.end() && *found != "") return *found;
  const plan::Node* node = node_of(*host);
  if (node == nullptr || !node->properties.contains("ip")) return nullptr;
  return other_node(*node, *host).at("properties").at("ip");
}

json RequestMaker::make_relationships(const store::NodeInstance& instance,
                                      const plan::Node& node) const {
  json relationships = json::array();
  for (const json& row : instance.relationships) {
    const std::string& type = row.at("type").get_ref<const std::string&>();
    const std::string& target_id = row.at("target_id").get_ref<const std::string&>();
    json relationship = {{"type", type}, {"target_id", target_id}};
    for (const plan::Relationship& declared : node.relationships)
      if (declared.type == type && declared.target_id == row.at("target_name"))
        relationship["type_hierarchy"] = *declared.type_hierarchy;
    const store::NodeInstance* target = book_.find(target_id);
    const plan::Node* target_node = target == nullptr ? nullptr : node_of(*target);
    if (target_node != nullptr) {
      json facts = instance_facts(*target);
      facts["host_ip"] = host_ip(*target);
      relationship["target"] = {{"node", other_node(*target_node, *target)},
                                {"instance", std::move(facts)}};
    }
    relationships.push_back(std::move(relationship));
  }
  return relationships;
}

base::Result<dispatch::Subject> RequestMaker::make_subject(
    const store::NodeInstance& instance) const {
  const plan::Node* node = node_of(instance);
  CFY_ASSERT(node != nullptr);
  auto properties = evaluate_properties(*node, instance);
  if (!properties) return std::move(properties).error();
  dispatch::Subject subject;
  subject.node = node_facts(*node, *std::move(properties));
  subject.instance = instance_facts(instance);
  subject.instance["relationships"] = make_relationships(instance, *node);
  if (const store::NodeInstance* host = instance.host_id ? book_.find(*instance.host_id) : nullptr)
    subject.instance["host"] = {{"node", other_node(*node_of(*host), *host)},
                                {"instance", instance_facts(*host)}};
  return subject;
}

json RequestMaker::make_context(const OperationStart& start) const {
  const OperationTask& task = *start.operation;
  const plan::Operation& operation = *task.operation;
  json context = {{"workflow_id", facts_.workflow_id},
                  {"execution_id", facts_.execution_id},
                  {"task_id", start.task_id},
                  {"task_name", operation.operation},
                  {"task_target", nullptr},
                  {"task_queue", nullptr},
                  {"task_type", "operation"},
                  {"workflow_parameters", base::plain_value(facts_.parameters)},
                  {"blueprint", {{"id", facts_.deployment->blueprint_id}}},
                  {"deployment",
                   {{"id", facts_.deployment->id},
                    {"display_name", facts_.deployment->id},
                    {"creator", local_user()},
                    {"tenant_name", kTenant},
                    {"resource_tags", base::plain_value(facts_.plan->resource_tags)}}},
                  {"tenant_name", kTenant},
                  {"operation",
                   {{"name", task.name},
                    {"retry_number", start.attempt},
                    {"max_retries", task.total_retries},
                    {"relationship", nullptr}}},
                  {"timeout", nullable(operation.timeout_s)},
                  {"timeout_recoverable", operation.timeout_recoverable.value_or(false)},
                  {"bootstrap_context", empty_bootstrap_context()},
                  {"provider_context", json::object()},
                  {"resume", start.was_cut_off}};
  if (task.relationship)
    context["operation"]["relationship"] =
        task.side == plugin::RelationshipSide::source ? "source" : "target";
  const auto declared = facts_.plan->plugins.find(operation.plugin);
  json& plugin = context["plugin"] = {{"name", operation.plugin},
                                      {"package_name", nullptr},
                                      {"package_version", nullptr},
                                      {"source", nullptr},
                                      {"properties", json::object()}};
  if (declared != facts_.plan->plugins.end()) {
    const plan::Plugin& row = declared->second;
    if (row.package_name) plugin["package_name"] = *row.package_name;
    if (row.package_version) plugin["package_version"] = *row.package_version;
    if (row.source) plugin["source"] = *row.source;
    plugin["properties"] = base::plain_value(row.properties);
  }
  return context;
}

base::Result<json> RequestMaker::evaluate_inputs(const OperationTask& task,
                                                 const TaskSubjects& subjects) const {
  if (!functions::contains_function(task.kwargs)) return task.kwargs;
  functions::Context context;
  context.path = "inputs";
  if (subjects.node != nullptr) context.node = subjects.node->id;
  if (task.relationship) {
    context.scope = functions::Scope::relationship;
    context.source = subjects.instance->id;
    context.target = subjects.target->id;
    context.target_node = subjects.target_node->id;
  } else if (task.instance) {
    context.scope = functions::Scope::node_template;
    context.self = subjects.instance->id;
  }
  return storage_->evaluate(task.kwargs, context);
}

// A script of an imported blueprint lies beside that, not beside this one.
void RequestMaker::find_imported_script(json& inputs) const {
  const auto script = inputs.find("script_path");
  if (script == inputs.end() || !script->is_string()) return;
  const auto file = facts_.plan->imported_file(script->get_ref<const std::string&>());
  std::error_code ignored;
  if (file && std::filesystem::is_regular_file(*file, ignored)) *script = *file;
}

base::Result<void> RequestMaker::add_subjects(const TaskSubjects& subjects,
                                              dispatch::OperationRequest& request) const {
  if (subjects.instance == nullptr) {
    request.context_type = "deployment";
    return {};
  }
  auto own = make_subject(*subjects.instance);
  if (!own) return std::move(own).error();
  if (subjects.target == nullptr) {
    request.context_type = "node-instance";
    request.self = *std::move(own);
    return {};
  }
  auto target = make_subject(*subjects.target);
  if (!target) return std::move(target).error();
  request.context_type = "relationship-instance";
  request.source = *std::move(own);
  request.target = *std::move(target);
  return {};
}

base::Result<dispatch::OperationRequest> RequestMaker::make(const OperationStart& start) const {
  const OperationTask& task = *start.operation;
  const plan::Operation& operation = *task.operation;
  const TaskSubjects subjects = this->subjects(task);

  dispatch::OperationRequest request;
  request.execution_id = facts_.execution_id;
  request.task_id = start.task_id;
  request.attempt = start.attempt;
  request.plugin = operation.plugin;
  request.function = operation.operation;
  auto plugin_path = facts_.find_plugin(operation.plugin);
  if (!plugin_path) return plugin_path.error();
  request.plugin_path = *std::move(plugin_path);

  auto inputs = evaluate_inputs(task, subjects);
  // It counts as a failure of the operation: a later try may find what was not there yet.
  if (!inputs)
    return base::make_error(base::ErrorKind::failed, "evaluating the inputs of operation '{}': {}",
                            task.name, inputs.error().message());
  request.inputs = base::plain_value(*std::move(inputs));
  find_imported_script(request.inputs);

  if (auto added = add_subjects(subjects, request); !added) return std::move(added).error();
  if (facts_.outside != nullptr) request.secrets = facts_.outside->secrets_to_hide();
  request.context = make_context(start);
  const bool is_old = facts_.old_operations.contains(&operation);
  request.resources_root = (is_old ? facts_.old_resources_root : facts_.resources_root).string();
  request.workdir = (facts_.work_root / "plugins" / base::to_path_part(operation.plugin)).string();
  // As for the original, 0 is no limit.
  if (operation.timeout_s.value_or(0) > 0) request.timeout_s = operation.timeout_s;
  request.timeout_recoverable = operation.timeout_recoverable.value_or(false);
  return request;
}

event::Context RequestMaker::event_context(const OperationTask& task,
                                           std::string_view task_id) const {
  const TaskSubjects subjects = this->subjects(task);
  event::Context context;
  context.blueprint_id = facts_.deployment->blueprint_id;
  context.deployment_id = facts_.deployment->id;
  context.execution_id = facts_.execution_id;
  context.workflow_id = facts_.workflow_id;
  context.operation = task.name;
  context.plugin = task.operation->plugin;
  context.task_id = task_id;
  context.task_name = task.operation->operation;
  if (task.relationship) {
    context.source_id = subjects.instance->id;
    context.source_name = subjects.node->id;
    context.target_id = subjects.target->id;
    context.target_name = subjects.target_node->id;
  } else if (task.instance) {
    context.node_id = subjects.instance->id;
    context.node_name = subjects.node->id;
  }
  return context;
}

}  // namespace cfy::exec
