#include "exec/workflow_host.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "exec/kwargs.hpp"
#include "exec/outside.hpp"
#include "plan/to_json.hpp"

namespace cfy::exec {
namespace {

using plugin::InstanceId;
using PluginTaskId = plugin::TaskId;

graph::TaskId inside(PluginTaskId task) {
  return graph::TaskId{static_cast<std::uint32_t>(task)};
}
PluginTaskId outside(graph::TaskId task) {
  return PluginTaskId{graph::index_of(task)};
}

base::Error unknown_task() {
  return {base::ErrorKind::invalid, "there is no such task"};
}

/// The name with its interface: a bare "create" is another key for the same operation.
std::string full_name(const plan::OperationMap& operations, std::string_view name,
                      const std::shared_ptr<const plan::Operation>& operation) {
  const std::string ending = fmt::format(".{}", name);
  if (name.find('.') == std::string_view::npos)
    for (const auto& [key, mapped] : operations)
      if (mapped == operation && key.ends_with(ending)) return key;
  return std::string(name);
}

}  // namespace

GraphHost::GraphHost(HostParts parts) : parts_(std::move(parts)) {}

const std::vector<plugin::NodeView>& GraphHost::nodes() const {
  return snapshot().nodes();
}

const std::vector<plugin::InstanceView>& GraphHost::instances() const {
  return snapshot().instances();
}

void GraphHost::log(std::optional<InstanceId> of, std::string_view level, std::string_view text) {
  parts_.events->log(of, level, text);
}

plugin::CancelDegree GraphHost::cancel_request() const {
  switch (parts_.coordinator->cancel_degree()) {
    case CancelDegree::none:
      return plugin::CancelDegree::none;
    case CancelDegree::graceful:
      return plugin::CancelDegree::graceful;
    case CancelDegree::force:
      return plugin::CancelDegree::force;
    case CancelDegree::kill:
      break;
  }
  return plugin::CancelDegree::kill;
}

// ---- making tasks

RetryPolicy GraphHost::run_policy(const plugin::TaskOptions& options) const {
  return {options.total_retries.value_or(parts_.options.task_retries),
          options.retry_interval_s.value_or(parts_.options.task_retry_interval_s)};
}

base::Result<PluginTaskId> GraphHost::make_mapped_task(OperationTask task,
                                                       const plan::OperationMap* operations,
                                                       json kwargs, bool allow_kwargs_override,
                                                       const plugin::TaskOptions& options) {
  const auto found =
      operations == nullptr ? plan::OperationMap::const_iterator{} : operations->find(task.name);
  // An operation that nobody mapped has nothing to do, which is no mistake.
  if (operations == nullptr || found == operations->end() || found->second->is_noop())
    return make_nop_task();
  task.operation = found->second;
  auto merged = merge_kwargs(*task.operation, std::move(kwargs), allow_kwargs_override);
  if (!merged)
    return std::move(merged).error().context(
        fmt::format("operation '{}' of '{}'", task.name, snapshot().instance(*task.instance).id));
  task.kwargs = std::move(merged).value();
  task.name = full_name(*operations, task.name, task.operation);
  return make_operation(std::move(task), options);
}

PluginTaskId GraphHost::make_operation(OperationTask task, const plugin::TaskOptions& options) {
  const RetryPolicy run = run_policy({});
  task.total_retries = options.total_retries.value_or(
      task.operation->max_retries.value_or(options.only_own_retries ? 0 : run.total_retries));
  task.retry_interval_s = options.retry_interval_s.value_or(
      task.operation->retry_interval_s.value_or(run.retry_interval_s));
  const auto guard = parts_.coordinator->lock();
  return outside(
      parts_.table->make_operation(std::move(task), options.send_task_events, lane(kRunnerLane)));
}

base::Result<PluginTaskId> GraphHost::make_function_task(std::optional<InstanceId> instance,
                                                         plugin::FunctionCall call,
                                                         plugin::TaskOptions options) {
  const auto& plugins = parts_.plan->plugins;
  const std::size_t dot = call.mapping.find('.');
  const std::string plugin = call.mapping.substr(0, dot);
  if (dot == std::string::npos || !plugins.contains(plugin)) {
    std::vector<std::string> names;
    for (const auto& [name, declared] : plugins)
      names.push_back(name);
    return base::make_error(base::ErrorKind::invalid,
                            "'{}' is no 'plugin.module.function' of a plugin of the blueprint; "
                            "its plugins: {}",
                            call.mapping, base::join(names, ", "));
  }
  auto operation = std::make_shared<plan::Operation>();
  operation->plugin = plugin;
  operation->operation = call.mapping.substr(dot + 1);
  operation->inputs = call.kwargs;
  operation->timeout_s = call.timeout_s;
  operation->timeout_recoverable = call.timeout_recoverable;
  OperationTask task;
  task.instance = instance;
  task.name = std::move(call.mapping);
  task.kwargs = std::move(call.kwargs);
  task.operation = std::move(operation);
  return make_operation(std::move(task), options);
}

base::Result<PluginTaskId> GraphHost::make_operation_task(InstanceId instance,
                                                          std::string_view operation, json kwargs,
                                                          bool allow_kwargs_override,
                                                          plugin::TaskOptions options) {
  if (!snapshot().has(instance))
    return base::Error(base::ErrorKind::invalid, "there is no such node instance");
  OperationTask task;
  task.instance = instance;
  task.name = operation;
  return make_mapped_task(std::move(task), snapshot().plan_node_of(instance).operations.get(),
                          std::move(kwargs), allow_kwargs_override, options);
}

base::Result<PluginTaskId> GraphHost::make_relationship_task(
    InstanceId instance, std::uint32_t relationship, plugin::RelationshipSide side,
    std::string_view operation, json kwargs, bool allow_kwargs_override,
    plugin::TaskOptions options) {
  if (!snapshot().has_relationship(instance, relationship))
    return base::Error(base::ErrorKind::invalid, "there is no such relationship");
  const plan::Relationship& declared = snapshot().plan_relationship(instance, relationship);
  OperationTask task;
  task.instance = instance;
  task.relationship = relationship;
  task.target = snapshot().instance(instance).relationships[relationship].target;
  task.side = side;
  task.name = operation;
  const bool is_source = side == plugin::RelationshipSide::source;
  return make_mapped_task(
      std::move(task),
      is_source ? declared.source_operations.get() : declared.target_operations.get(),
      std::move(kwargs), allow_kwargs_override, options);
}

plugin::CustomEvent GraphHost::without_unknown(plugin::CustomEvent event) const {
  if (event.instance && !snapshot().has(*event.instance)) event.instance.reset();
  if (!event.instance ||
      (event.relationship && !snapshot().has_relationship(*event.instance, *event.relationship)))
    event.relationship.reset();
  return event;
}

PluginTaskId GraphHost::make_event_task(plugin::CustomEvent event) {
  event = without_unknown(std::move(event));
  const auto guard = parts_.coordinator->lock();
  return outside(parts_.table->make_event(std::move(event)));
}

PluginTaskId GraphHost::make_local_task(std::string_view name, std::optional<InstanceId> instance,
                                        plugin::LocalFunction function,
                                        plugin::TaskOptions options) {
  if (instance && !snapshot().has(*instance)) instance.reset();
  const auto guard = parts_.coordinator->lock();
  return outside(parts_.table->make_local(
      name, {std::move(function), instance, run_policy(options), options.info},
      options.send_task_events, lane(kPoolLane)));
}

PluginTaskId GraphHost::make_state_task(InstanceId instance, std::string_view state) {
  if (!snapshot().has(instance)) return make_nop_task();
  const auto guard = parts_.coordinator->lock();
  return outside(parts_.table->make_state({instance, std::string(state)}));
}

PluginTaskId GraphHost::make_nop_task() {
  const auto guard = parts_.coordinator->lock();
  return outside(parts_.table->make_nop());
}

PluginTaskId GraphHost::make_subgraph(std::string_view name) {
  const auto guard = parts_.coordinator->lock();
  return outside(parts_.table->make_subgraph(name, {parts_.options.subgraph_retries, 0}));
}

// ---- the graph

base::Result<void> GraphHost::add_task(std::optional<PluginTaskId> subgraph, PluginTaskId task) {
  const auto guard = parts_.coordinator->lock();
  return parts_.coordinator->states().add_task(inside(task),
                                               subgraph ? inside(*subgraph) : graph::kNoTask);
}

base::Result<void> GraphHost::remove_task(PluginTaskId task) {
  const auto guard = parts_.coordinator->lock();
  return parts_.coordinator->states().remove_task(inside(task));
}

base::Result<void> GraphHost::add_dependency(PluginTaskId task, PluginTaskId after) {
  const auto guard = parts_.coordinator->lock();
  return parts_.coordinator->states().add_dependency(inside(task), inside(after));
}

base::Result<void> GraphHost::remove_dependency(PluginTaskId task, PluginTaskId after) {
  const auto guard = parts_.coordinator->lock();
  return parts_.coordinator->states().remove_dependency(inside(task), inside(after));
}

bool GraphHost::is_known(PluginTaskId task) const {
  return parts_.coordinator->states().graph().is_known(inside(task));
}

base::Result<void> GraphHost::set_on_success(PluginTaskId task, plugin::Handler handler) {
  const auto guard = parts_.coordinator->lock();
  if (!is_known(task)) return unknown_task();
  parts_.table->set_on_success(inside(task), std::move(handler));
  return {};
}

base::Result<void> GraphHost::set_on_failure(PluginTaskId task, plugin::Handler handler) {
  const auto guard = parts_.coordinator->lock();
  if (!is_known(task)) return unknown_task();
  parts_.table->set_on_failure(inside(task), std::move(handler));
  return {};
}

base::Result<void> GraphHost::set_for_this_run(PluginTaskId task) {
  const auto guard = parts_.coordinator->lock();
  if (!is_known(task)) return unknown_task();
  parts_.table->set_for_this_run(inside(task));
  return {};
}

base::Result<void> GraphHost::set_undoes(PluginTaskId task, PluginTaskId undone) {
  const auto guard = parts_.coordinator->lock();
  if (!is_known(task) || !is_known(undone)) return unknown_task();
  parts_.table->set_undoes(inside(task), inside(undone));
  return {};
}

base::Result<void> GraphHost::set_total_retries(PluginTaskId task, std::int64_t total_retries) {
  const auto guard = parts_.coordinator->lock();
  if (!is_known(task)) return unknown_task();
  const std::string_view name = parts_.table->name(inside(task));
  if (total_retries < -1)
    return base::make_error(base::ErrorKind::invalid,
                            "total_retries must be -1 (endless) or more, got {}", total_retries);
  if (!parts_.table->has_retries(inside(task)))
    return base::make_error(base::ErrorKind::invalid, "task '{}' is never tried again", name);
  // What runs has its numbers with it already.
  if (parts_.coordinator->states().state(inside(task)) != TaskState::pending ||
      parts_.table->attempt(inside(task)) > 0)
    return base::make_error(base::ErrorKind::invalid,
                            "task '{}' has started; its number of retries stays", name);
  parts_.table->set_total_retries(inside(task), total_retries);
  return {};
}

std::string GraphHost::task_name(PluginTaskId task) const {
  const auto guard = parts_.coordinator->lock();
  return is_known(task) ? std::string(parts_.table->name(inside(task))) : std::string();
}

base::Result<plugin::TaskOutcome> GraphHost::task_outcome(PluginTaskId task) const {
  const auto guard = parts_.coordinator->lock();
  if (!is_known(task)) return unknown_task();
  const TaskState state = parts_.coordinator->states().state(inside(task));
  if (state == TaskState::skipped)
    return plugin::TaskOutcome{false, nullptr, "it was skipped, as a task before it failed"};
  if (!graph::is_final(state) && state != TaskState::responded)
    return base::make_error(base::ErrorKind::invalid, "task '{}' has not ended yet",
                            parts_.table->name(inside(task)));
  return parts_.table->outcome(inside(task));
}

base::Result<void> GraphHost::execute() {
  return parts_.coordinator->execute();
}

// ---- standard mode

base::Result<void> GraphHost::start_task(PluginTaskId task) {
  {
    const auto guard = parts_.coordinator->lock();
    if (!is_known(task)) return unknown_task();
  }
  return parts_.coordinator->start_task(inside(task));
}

base::Result<void> GraphHost::wait_for_task(PluginTaskId task, bool retry_on_failure) {
  return parts_.coordinator->wait_for_task(inside(task), retry_on_failure);
}

json GraphHost::deployment_facts() const {
  const plan::Plan& plan = parts_.changer == nullptr ? *parts_.plan : parts_.changer->plan();
  json groups = json::object();
  for (const auto& [name, group] : plan.scaling_groups)
    groups[name] = plan::to_json(group);
  return {{"id", deployment_id()},
          {"display_name", deployment_id()},
          {"creator", local_user()},
          {"tenant_name", kTenant},
          {"resources_root", *parts_.resources_root},
          {"blueprint_id", blueprint_id()},
          {"inputs", plan.inputs},
          {"resource_tags", plan.resource_tags},
          {"scaling_groups", std::move(groups)}};
}

json GraphHost::node_facts(plugin::NodeId node) const {
  return plan::to_json(parts_.plan->nodes.at(static_cast<std::size_t>(node)));
}

void GraphHost::begin_cleanup() {
  parts_.coordinator->begin_cleanup();
}

void GraphHost::end_cleanup() {
  parts_.coordinator->end_cleanup();
}

// ---- at once

void GraphHost::send_event(plugin::CustomEvent event) {
  parts_.events->custom(without_unknown(std::move(event)));
}

std::string GraphHost::current_state(InstanceId instance) const {
  if (!snapshot().has(instance)) return {};
  const auto guard = parts_.coordinator->lock();
  return parts_.coordinator->current_state(instance);
}

json GraphHost::system_properties(InstanceId instance) const {
  if (!snapshot().has(instance)) return json::object();
  const auto guard = parts_.coordinator->lock();
  const json* changed = parts_.coordinator->find_changed_system_properties(instance);
  return changed != nullptr ? *changed : snapshot().record(instance).system_properties;
}

void GraphHost::set_system_properties(InstanceId instance, json properties) {
  if (!snapshot().has(instance)) return;
  parts_.coordinator->set_system_properties(instance, std::move(properties));
}

base::Result<void> GraphHost::set_runtime_properties(InstanceId instance, json properties) {
  if (!snapshot().has(instance))
    return base::Error(base::ErrorKind::invalid, "there is no such node instance");
  if (parts_.options.is_dry_run) return {};
  KnownProperties& known = known_properties_[static_cast<std::uint32_t>(instance)];
  const store::NodeInstance& record = snapshot().record(instance);
  if (known.snapshot != &snapshot())
    known = {&snapshot(), record.version, record.runtime_properties};
  const dispatch::PropertyRequest request{
      dispatch::make_delta(known.properties, properties, record.id, known.version)};
  if (request.delta.is_empty()) return {};
  dispatch::PropertyAnswer answer = parts_.coordinator->store_now(request);
  if (answer.status == dispatch::PropertyAnswer::Status::failed)
    return base::Error(base::ErrorKind::failed, std::move(answer.message));
  known.version = answer.version;
  known.properties = std::move(answer.runtime_properties);
  if (answer.status == dispatch::PropertyAnswer::Status::conflict)
    return base::Error(base::ErrorKind::conflict, std::move(answer.message));
  return {};
}

base::Result<json> GraphHost::find_execution(const std::string& id) {
  if (!*parts_.find_execution)
    return base::make_error(base::ErrorKind::not_found, "there is no execution '{}'", id);
  const auto guard = parts_.coordinator->lock();
  return (*parts_.find_execution)(id);
}

}  // namespace cfy::exec
