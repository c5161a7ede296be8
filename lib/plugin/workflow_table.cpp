// The functions behind cfy_workflow_host: each checks what came from the plugin, calls the host and
// turns what comes back. None lets an exception out.
#include <cmath>

#include <cfy/plugin.h>

#include "base/json_text.hpp"
#include "base/text.hpp"
#include "plugin/c_text.hpp"
#include "plugin/workflow_bridge.hpp"

namespace cfy::plugin {
namespace {

using base::Result;

WorkflowBridge& bridge(cfy_workflow* call) {
  return WorkflowBridge::of(call);
}
TaskId task_id(cfy_task task) {
  return static_cast<TaskId>(task);
}
std::string text(cfy_str borrowed) {
  return base::to_valid_utf8(view(borrowed));
}
std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

// "the changes", "is not JSON"
base::Error refused(std::string_view what, const base::Error& reason) {
  return base::make_error(base::ErrorKind::invalid, "{} {}", what, reason.message());
}

Result<json> read_object(cfy_str borrowed, std::string_view what) {
  auto object = base::parse_json(view(borrowed));
  if (!object) return refused(what, object.error());
  if (!object->is_object())
    return base::make_error(base::ErrorKind::invalid, "{} must be a dict", what);
  return object;
}

Result<json> read_kwargs(cfy_str borrowed) {
  if (view(borrowed).empty()) return json::object();
  auto kwargs = base::parse_json(view(borrowed));
  if (!kwargs) return refused("the text of the kwargs of an operation", kwargs.error());
  if (kwargs->is_null()) return json::object();
  if (!kwargs->is_object())
    return base::make_error(base::ErrorKind::invalid,
                            "kwargs of an operation must be a dict, got {}", kwargs->type_name());
  return kwargs;
}

Result<TaskOptions> read_options(const cfy_task_options* options) {
  TaskOptions read;
  if (options == nullptr) return read;
  read.send_task_events = options->send_task_events != 0;
  read.only_own_retries = options->total_retries == CFY_RETRIES_OWN;
  if (options->total_retries < CFY_RETRIES_OWN)
    return base::make_error(base::ErrorKind::invalid,
                            "total_retries must be -1 (endless) or more, got {}",
                            options->total_retries);
  if (options->total_retries >= CFY_RETRIES_ENDLESS) read.total_retries = options->total_retries;
  if (!std::isfinite(options->retry_interval_s))
    return base::Error(base::ErrorKind::invalid, "retry_interval must be a number of seconds");
  if (options->retry_interval_s >= 0) read.retry_interval_s = options->retry_interval_s;
  if (options->size >= sizeof(cfy_task_options)) read.info = text(options->info);
  return read;
}

/// The instance, nothing for CFY_NONE, or an error for an id that is not of this deployment.
Result<std::optional<InstanceId>> read_optional_instance(WorkflowBridge& call, cfy_instance id) {
  if (id == CFY_NONE) return std::optional<InstanceId>();
  if (id >= call.host().instances().size())
    return base::make_error(base::ErrorKind::invalid, "there is no node instance number {}", id);
  return std::optional(static_cast<InstanceId>(id));
}
Result<InstanceId> read_instance(WorkflowBridge& call, cfy_instance id) {
  const auto instance = read_optional_instance(call, id);
  if (!instance) return instance.error();
  if (!*instance) return base::Error(base::ErrorKind::invalid, "a node instance is needed");
  return **instance;
}

Result<void> check_relationship(WorkflowBridge& call, cfy_instance id, std::uint32_t index) {
  const auto instance = read_instance(call, id);
  if (!instance) return instance.error();
  const InstanceView& view = call.host().instances()[id];
  if (index >= view.relationships.size())
    return base::make_error(base::ErrorKind::invalid,
                            "node instance '{}' has no relationship number {}", view.id, index);
  return {};
}

Result<CustomEvent> read_event(WorkflowBridge& call, cfy_instance id, std::uint32_t index,
                               cfy_str type, cfy_str message, cfy_str context) {
  CustomEvent event;
  const auto instance = read_optional_instance(call, id);
  if (!instance) return instance.error();
  event.instance = *instance;
  if (index != CFY_NONE) {
    const auto known = check_relationship(call, id, index);
    if (!known) return known.error();
    event.relationship = index;
  }
  event.event_type = text(type);
  event.text = text(message);
  if (context.size == 0) return event;
  const std::string valid_context = text(context);
  auto additional = base::parse_json(valid_context);
  if (!additional) return refused("the context of an event", additional.error());
  if (!additional->is_object())
    return base::Error(base::ErrorKind::invalid, "the context of an event must be a JSON object");
  event.additional_context = *std::move(additional);
  return event;
}

cfy_status operation_task(cfy_workflow* call, cfy_instance id, cfy_str operation, cfy_str kwargs,
                          int32_t allow_override, const cfy_task_options* options,
                          cfy_task* made) noexcept {
  return bridge(call).make(made, [&]() -> Result<TaskId> {
    const auto instance = read_instance(bridge(call), id);
    if (!instance) return instance.error();
    auto inputs = read_kwargs(kwargs);
    if (!inputs) return inputs.error();
    const auto tries = read_options(options);
    if (!tries) return tries.error();
    return bridge(call).host().make_operation_task(*instance, text(operation), *std::move(inputs),
                                                   allow_override != 0, *tries);
  });
}

cfy_status function_task(cfy_workflow* call, cfy_instance id, cfy_str mapping, cfy_str kwargs,
                         double timeout_s, int32_t timeout_recoverable,
                         const cfy_task_options* options, cfy_task* made) noexcept {
  return bridge(call).make(made, [&]() -> Result<TaskId> {
    const auto instance = read_optional_instance(bridge(call), id);
    if (!instance) return instance.error();
    auto inputs = read_kwargs(kwargs);
    if (!inputs) return inputs.error();
    const auto tries = read_options(options);
    if (!tries) return tries.error();
    FunctionCall function{std::string(text(mapping)), *std::move(inputs), {}, false};
    if (timeout_s > 0) function.timeout_s = timeout_s;
    function.timeout_recoverable = timeout_recoverable != 0;
    return bridge(call).host().make_function_task(*instance, std::move(function), *tries);
  });
}

cfy_status relationship_task(cfy_workflow* call, cfy_instance id, std::uint32_t index, int32_t side,
                             cfy_str operation, cfy_str kwargs, int32_t allow_override,
                             const cfy_task_options* options, cfy_task* made) noexcept {
  return bridge(call).make(made, [&]() -> Result<TaskId> {
    const auto known = check_relationship(bridge(call), id, index);
    if (!known) return known.error();
    if (side != CFY_SOURCE && side != CFY_TARGET)
      return base::make_error(base::ErrorKind::invalid, "a relationship has no side {}", side);
    auto inputs = read_kwargs(kwargs);
    if (!inputs) return inputs.error();
    const auto tries = read_options(options);
    if (!tries) return tries.error();
    return bridge(call).host().make_relationship_task(
        static_cast<InstanceId>(id), index,
        side == CFY_SOURCE ? RelationshipSide::source : RelationshipSide::target, text(operation),
        *std::move(inputs), allow_override != 0, *tries);
  });
}

cfy_status event_task(cfy_workflow* call, cfy_instance id, std::uint32_t index, cfy_str type,
                      cfy_str message, cfy_str context, cfy_task* made) noexcept {
  return bridge(call).make(made, [&]() -> Result<TaskId> {
    auto event = read_event(bridge(call), id, index, type, message, context);
    if (!event) return event.error();
    return bridge(call).host().make_event_task(*std::move(event));
  });
}

cfy_status local_task(cfy_workflow* call, cfy_str name, cfy_instance id,
                      cfy_local_function function, const cfy_task_options* options,
                      cfy_task* made) noexcept {
  // Taken over first, so that it is released whatever is wrong with the rest.
  LocalFunction owned = bridge(call).wrap(function);
  return bridge(call).make(made, [&]() -> Result<TaskId> {
    const auto instance = read_optional_instance(bridge(call), id);
    if (!instance) return instance.error();
    const auto tries = read_options(options);
    if (!tries) return tries.error();
    return bridge(call).host().make_local_task(text(name), *instance, std::move(owned), *tries);
  });
}

cfy_status state_task(cfy_workflow* call, cfy_instance id, cfy_str state, cfy_task* made) noexcept {
  return bridge(call).make(made, [&]() -> Result<TaskId> {
    const auto instance = read_instance(bridge(call), id);
    if (!instance) return instance.error();
    return bridge(call).host().make_state_task(*instance, text(state));
  });
}

cfy_status nop_task(cfy_workflow* call, cfy_task* made) noexcept {
  return bridge(call).make(made,
                           [&]() -> Result<TaskId> { return bridge(call).host().make_nop_task(); });
}

cfy_status subgraph(cfy_workflow* call, cfy_str name, cfy_task* made) noexcept {
  return bridge(call).make(
      made, [&]() -> Result<TaskId> { return bridge(call).host().make_subgraph(text(name)); });
}

cfy_status graph_add_task(cfy_workflow* call, cfy_task subgraph, cfy_task task) noexcept {
  return bridge(call).attempt([&] {
    std::optional<TaskId> container;
    if (subgraph != CFY_NONE) container = task_id(subgraph);
    return bridge(call).host().add_task(container, task_id(task));
  });
}

cfy_status graph_remove_task(cfy_workflow* call, cfy_task task) noexcept {
  return bridge(call).attempt([&] { return bridge(call).host().remove_task(task_id(task)); });
}

cfy_status graph_add_dependency(cfy_workflow* call, cfy_task task, cfy_task after) noexcept {
  return bridge(call).attempt(
      [&] { return bridge(call).host().add_dependency(task_id(task), task_id(after)); });
}

cfy_status graph_remove_dependency(cfy_workflow* call, cfy_task task, cfy_task after) noexcept {
  return bridge(call).attempt(
      [&] { return bridge(call).host().remove_dependency(task_id(task), task_id(after)); });
}

cfy_status task_on_success(cfy_workflow* call, cfy_task task, cfy_handler handler) noexcept {
  Handler owned = bridge(call).wrap(handler);
  return bridge(call).attempt(
      [&] { return bridge(call).host().set_on_success(task_id(task), std::move(owned)); });
}

cfy_status task_on_failure(cfy_workflow* call, cfy_task task, cfy_handler handler) noexcept {
  Handler owned = bridge(call).wrap(handler);
  return bridge(call).attempt(
      [&] { return bridge(call).host().set_on_failure(task_id(task), std::move(owned)); });
}

cfy_str task_name(cfy_workflow* call, cfy_task task) noexcept {
  return bridge(call).keep_name(bridge(call).host().task_name(task_id(task)));
}

cfy_str task_json(cfy_workflow* call, cfy_task task) noexcept {
  const json facts = bridge(call).host().task_facts(task_id(task));
  if (facts.is_null()) return {};
  return bridge(call).keep_task(dump(facts));
}

cfy_status graph_tasks(cfy_workflow* call, cfy_task subgraph, int32_t order,
                       cfy_task_list* out) noexcept {
  return bridge(call).attempt([&]() -> Result<void> {
    if (order != CFY_ORDER_ADDED && order != CFY_ORDER_LINEAR)
      return base::make_error(base::ErrorKind::invalid, "tasks have no order {}", order);
    std::optional<TaskId> container;
    if (subgraph != CFY_NONE) container = task_id(subgraph);
    const auto tasks = bridge(call).host().list_tasks(
        container, order == CFY_ORDER_LINEAR ? TaskOrder::linear : TaskOrder::added);
    if (!tasks) return tasks.error();
    *out = bridge(call).keep_tasks(*tasks);
    return {};
  });
}

cfy_status graph_optimize(cfy_workflow* call) noexcept {
  return bridge(call).attempt([&] { return bridge(call).host().optimize(); });
}

cfy_status task_set_total_retries(cfy_workflow* call, cfy_task task, int64_t number) noexcept {
  return bridge(call).attempt(
      [&] { return bridge(call).host().set_total_retries(task_id(task), number); });
}

cfy_status get_execution(cfy_workflow* call, cfy_str id, cfy_str* out) noexcept {
  return bridge(call).attempt([&]() -> Result<void> {
    const auto found = bridge(call).host().find_execution(
        view(id).empty() ? std::string(bridge(call).host().execution_id()) : text(id));
    if (!found) return found.error();
    *out = bridge(call).keep_execution(dump(*found));
    return {};
  });
}

cfy_status task_outcome(cfy_workflow* call, cfy_task task, cfy_task_outcome* out) noexcept {
  return bridge(call).attempt([&]() -> Result<void> {
    const auto outcome = bridge(call).host().task_outcome(task_id(task));
    if (!outcome) return outcome.error();
    bridge(call).fill(*out, *outcome);
    return {};
  });
}

cfy_status graph_execute(cfy_workflow* call) noexcept {
  return bridge(call).attempt([&] { return bridge(call).host().execute(); });
}

cfy_status task_for_this_run(cfy_workflow* call, cfy_task task) noexcept {
  return bridge(call).attempt([&] { return bridge(call).host().set_for_this_run(task_id(task)); });
}

cfy_status task_undoes(cfy_workflow* call, cfy_task task, cfy_task undone) noexcept {
  return bridge(call).attempt(
      [&] { return bridge(call).host().set_undoes(task_id(task), task_id(undone)); });
}

cfy_status task_start(cfy_workflow* call, cfy_task task) noexcept {
  return bridge(call).attempt([&] { return bridge(call).host().start_task(task_id(task)); });
}

cfy_status task_wait(cfy_workflow* call, cfy_task task, int32_t retry_on_failure) noexcept {
  return bridge(call).attempt(
      [&] { return bridge(call).host().wait_for_task(task_id(task), retry_on_failure != 0); });
}

cfy_status cleanup_begin(cfy_workflow* call) noexcept {
  return bridge(call).attempt([&]() -> Result<void> {
    bridge(call).host().begin_cleanup();
    return {};
  });
}

cfy_status cleanup_end(cfy_workflow* call) noexcept {
  return bridge(call).attempt([&]() -> Result<void> {
    bridge(call).host().end_cleanup();
    return {};
  });
}

cfy_status send_event(cfy_workflow* call, cfy_instance id, std::uint32_t index, cfy_str type,
                      cfy_str message, cfy_str context) noexcept {
  return bridge(call).attempt([&]() -> Result<void> {
    auto event = read_event(bridge(call), id, index, type, message, context);
    if (!event) return event.error();
    bridge(call).host().send_event(*std::move(event));
    return {};
  });
}

cfy_str current_state(cfy_workflow* call, cfy_instance id) noexcept {
  const auto instance = read_instance(bridge(call), id);
  return bridge(call).keep_state(instance ? bridge(call).host().current_state(*instance) : "");
}

cfy_str system_properties(cfy_workflow* call, cfy_instance id) noexcept {
  const auto instance = read_instance(bridge(call), id);
  if (!instance) return {};
  return bridge(call).keep_system_properties(bridge(call).host().system_properties(*instance));
}

cfy_status set_system_properties(cfy_workflow* call, cfy_instance id, cfy_str borrowed) noexcept {
  return bridge(call).attempt([&]() -> Result<void> {
    const auto instance = read_instance(bridge(call), id);
    if (!instance) return instance.error();
    auto properties = read_object(borrowed, "system properties");
    if (!properties) return properties.error();
    bridge(call).host().set_system_properties(*instance, *std::move(properties));
    return {};
  });
}

cfy_status set_runtime_properties(cfy_workflow* call, cfy_instance id, cfy_str borrowed) noexcept {
  Result<void> done;
  const cfy_status status = bridge(call).attempt([&]() -> Result<void> {
    const auto instance = read_instance(bridge(call), id);
    if (!instance) return instance.error();
    auto properties = read_object(borrowed, "runtime properties");
    if (!properties) return properties.error();
    done = bridge(call).host().set_runtime_properties(*instance, *std::move(properties));
    return done;
  });
  const bool has_conflict = !done && done.error().kind() == base::ErrorKind::conflict;
  return has_conflict ? CFY_RECOVERABLE : status;
}

// ---- modifications

Result<DeploymentEditor*> editor(cfy_workflow* call) {
  DeploymentEditor* found = bridge(call).host().editor();
  if (found == nullptr)
    return base::Error(base::ErrorKind::invalid, "this deployment cannot be modified");
  return found;
}

json to_json(const std::vector<ModifiedInstance>& instances) {
  json list = json::array();
  for (const ModifiedInstance& one : instances)
    list.push_back({{"instance", static_cast<cfy_instance>(one.instance)},
                    {"fate", one.fate},
                    {"relationships", one.relationships}});
  return list;
}

json to_json(const ModificationView& view) {
  return {{"id", view.id},
          {"added", to_json(view.added)},
          {"removed", to_json(view.removed)},
          {"extended", to_json(view.extended)},
          {"reduced", to_json(view.reduced)}};
}

cfy_status modification_start(cfy_workflow* call, cfy_str changes, cfy_str* made) noexcept {
  return bridge(call).attempt([&]() -> Result<void> {
    const auto target = editor(call);
    if (!target) return target.error();
    const auto given = base::parse_json(view(changes));
    if (!given) return refused("the text of the changes", given.error());
    const auto started = (*target)->start_modification(*given);
    if (!started) return started.error();
    bridge(call).views().refresh();
    *made = bridge(call).keep_modification(to_json(*started).dump());
    return {};
  });
}

/// One that gives nothing but the state of the deployment after it.
template <typename Step>
cfy_status change_deployment(cfy_workflow* call, Step step) noexcept {
  return bridge(call).attempt([&]() -> Result<void> {
    const auto target = editor(call);
    if (!target) return target.error();
    const Result<void> done = step(**target);
    if (done) bridge(call).views().refresh();
    return done;
  });
}

cfy_status modification_finish(cfy_workflow* call, cfy_str id) noexcept {
  return change_deployment(
      call, [&](DeploymentEditor& target) { return target.finish_modification(text(id)); });
}

cfy_status modification_rollback(cfy_workflow* call, cfy_str id) noexcept {
  return change_deployment(
      call, [&](DeploymentEditor& target) { return target.rollback_modification(text(id)); });
}

cfy_status modifications_started(cfy_workflow* call, cfy_str* list) noexcept {
  return bridge(call).attempt([&]() -> Result<void> {
    const auto target = editor(call);
    if (!target) return target.error();
    const auto started = (*target)->started_modifications();
    if (!started) return started.error();
    *list = bridge(call).keep_started(started->dump());
    return {};
  });
}

cfy_status refresh(cfy_workflow* call) noexcept {
  return change_deployment(call, [](DeploymentEditor& target) { return target.refresh(); });
}

// ---- updates

cfy_status update_lists(cfy_workflow* call, cfy_str* made) noexcept {
  return bridge(call).attempt([&]() -> Result<void> {
    const auto target = editor(call);
    if (!target) return target.error();
    const auto update = (*target)->update();
    if (!update) return update.error();
    json lists = to_json(update->lists);
    lists["changed"] = update->changed;
    lists["interrupted"] = update->interrupted;
    *made = bridge(call).keep_modification(lists.dump());
    return {};
  });
}

cfy_status update_forget_removed(cfy_workflow* call) noexcept {
  return change_deployment(call, [](DeploymentEditor& target) { return target.forget_removed(); });
}

cfy_str last_error(cfy_workflow* call) noexcept {
  return borrow(bridge(call).last_error());
}

void log(cfy_workflow* call, cfy_instance id, cfy_str level, cfy_str line) noexcept {
  const auto instance = read_optional_instance(bridge(call), id);
  bridge(call).host().log(instance ? *instance : std::nullopt, text(level), text(line));
}

int32_t has_cancel_request(cfy_workflow* call) noexcept {
  return static_cast<int32_t>(bridge(call).host().cancel_request());
}

cfy_str deployment_json(cfy_workflow* call) noexcept {
  return bridge(call).views().deployment_json();
}
cfy_str node_json(cfy_workflow* call, cfy_node id) noexcept {
  return bridge(call).views().node_json(id);
}
cfy_str instance_json(cfy_workflow* call, cfy_instance id) noexcept {
  return bridge(call).views().instance_json(id);
}

const cfy_execution_view* execution(cfy_workflow* call) noexcept {
  return bridge(call).views().execution();
}
const cfy_node_view* node(cfy_workflow* call, cfy_node id) noexcept {
  return bridge(call).views().node(id);
}
const cfy_relationship_view* relationship(cfy_workflow* call, cfy_node id,
                                          std::uint32_t index) noexcept {
  return bridge(call).views().relationship(id, index);
}
const cfy_instance_view* instance(cfy_workflow* call, cfy_instance id) noexcept {
  return bridge(call).views().instance(id);
}
const cfy_relationship_instance_view* relationship_instance(cfy_workflow* call, cfy_instance id,
                                                            std::uint32_t index) noexcept {
  return bridge(call).views().relationship_instance(id, index);
}
cfy_str node_properties(cfy_workflow* call, cfy_node id) noexcept {
  return bridge(call).views().node_properties(id);
}
cfy_str relationship_properties(cfy_workflow* call, cfy_node id, std::uint32_t index) noexcept {
  return bridge(call).views().relationship_properties(id, index);
}
cfy_str runtime_properties(cfy_workflow* call, cfy_instance id) noexcept {
  return bridge(call).views().runtime_properties(id);
}

constexpr cfy_workflow_host kTable = {
    .size = sizeof(cfy_workflow_host),
    .abi_major = CFY_ABI_MAJOR,
    .abi_minor = CFY_ABI_MINOR,
    .last_error = last_error,
    .execution = execution,
    .node = node,
    .relationship = relationship,
    .instance = instance,
    .relationship_instance = relationship_instance,
    .node_properties = node_properties,
    .relationship_properties = relationship_properties,
    .runtime_properties = runtime_properties,
    .log = log,
    .has_cancel_request = has_cancel_request,
    .operation_task = operation_task,
    .relationship_task = relationship_task,
    .event_task = event_task,
    .local_task = local_task,
    .state_task = state_task,
    .nop_task = nop_task,
    .subgraph = subgraph,
    .graph_add_task = graph_add_task,
    .graph_remove_task = graph_remove_task,
    .graph_add_dependency = graph_add_dependency,
    .graph_remove_dependency = graph_remove_dependency,
    .task_on_success = task_on_success,
    .task_on_failure = task_on_failure,
    .task_name = task_name,
    .task_outcome = task_outcome,
    .graph_execute = graph_execute,
    .task_for_this_run = task_for_this_run,
    .task_start = task_start,
    .task_wait = task_wait,
    .cleanup_begin = cleanup_begin,
    .cleanup_end = cleanup_end,
    .send_event = send_event,
    .current_state = current_state,
    .system_properties = system_properties,
    .set_system_properties = set_system_properties,
    .deployment_json = deployment_json,
    .node_json = node_json,
    .instance_json = instance_json,
    .modification_start = modification_start,
    .modification_finish = modification_finish,
    .modification_rollback = modification_rollback,
    .modifications_started = modifications_started,
    .refresh = refresh,
    .task_json = task_json,
    .graph_tasks = graph_tasks,
    .graph_optimize = graph_optimize,
    .task_set_total_retries = task_set_total_retries,
    .get_execution = get_execution,
    .set_runtime_properties = set_runtime_properties,
    .update_lists = update_lists,
    .update_forget_removed = update_forget_removed,
    .function_task = function_task,
    .task_undoes = task_undoes,
};

}  // namespace

const cfy_workflow_host& workflow_table() {
  return kTable;
}

}  // namespace cfy::plugin
