#include "fake_workflow_host.hpp"

#include <algorithm>

namespace cfy::test {

using base::ErrorKind;
using base::Result;
using plugin::InstanceId;
using plugin::TaskId;

void FakeWorkflowHost::add_node(const std::string& name, std::vector<std::string> types,
                                std::uint32_t instances, const std::vector<std::string>& targets,
                                const std::string& relationship) {
  const auto node_id = static_cast<plugin::NodeId>(nodes_.size());
  plugin::NodeView node{};
  node.id = names_.emplace_back(name);
  node.type_hierarchy = &hierarchies_.emplace_back(std::move(types));
  node.type = node.type_hierarchy->back();
  node.properties = &properties;
  node.operations.assign(operations.begin(), operations.end());
  node.number_of_instances = node.planned_number_of_instances = instances;
  std::vector<plugin::RelationshipInstanceView> relationships;
  for (const std::string& target : targets) {
    const auto found = std::find_if(nodes_.begin(), nodes_.end(),
                                    [&](const auto& other) { return other.id == target; });
    const auto index = static_cast<std::uint32_t>(node.relationships.size());
    const auto& hierarchy = hierarchies_.emplace_back(
        std::vector<std::string>{"cloudify.relationships.depends_on", relationship});
    node.relationships.push_back({hierarchy.back(),
                                  &hierarchy,
                                  static_cast<plugin::NodeId>(found - nodes_.begin()),
                                  &properties,
                                  {source_operations.begin(), source_operations.end()},
                                  {target_operations.begin(), target_operations.end()}});
    for (const InstanceId instance : found->instances)
      relationships.push_back({index, instance});
  }
  for (std::uint32_t i = 1; i <= instances; ++i) {
    node.instances.push_back(static_cast<InstanceId>(instances_.size()));
    plugin::InstanceView instance{};
    instance.id = names_.emplace_back(name + "_" + std::to_string(i));
    instance.node = node_id;
    instance.index = i;
    instance.state = "uninitialized";
    instance.runtime_properties = &properties;
    instance.relationships = relationships;
    for (std::uint32_t place = 0; place < relationships.size(); ++place)
      instance.current_relationships.push_back(place);
    instances_.push_back(std::move(instance));
  }
  nodes_.push_back(std::move(node));
}

std::set<std::string> FakeWorkflowHost::dependencies() const {
  std::set<std::string> found;
  for (const Task& task : tasks)
    for (const std::uint32_t after : task.after)
      if (task.is_in_graph && tasks[after].is_in_graph)
        found.insert(task.label + " after " + tasks[after].label);
  return found;
}

const FakeWorkflowHost::Task& FakeWorkflowHost::task(const std::string& label) const {
  for (const Task& task : tasks)
    if (task.label == label) return task;
  throw std::out_of_range("no task " + label);
}

std::string FakeWorkflowHost::instance_name(std::optional<InstanceId> instance) const {
  return instance ? std::string(instances_.at(static_cast<std::size_t>(*instance)).id) : "-";
}

std::string FakeWorkflowHost::pair_name(InstanceId source, std::uint32_t relationship) const {
  const auto& view = instances_.at(static_cast<std::size_t>(source));
  return instance_name(source) + "->" + instance_name(view.relationships.at(relationship).target);
}

void FakeWorkflowHost::log(std::optional<InstanceId> of, std::string_view level,
                           std::string_view text) {
  logs.push_back(std::string(level) + " " + instance_name(of) + " " + std::string(text));
}

TaskId FakeWorkflowHost::make(std::string label) {
  tasks.emplace_back();
  tasks.back().label = std::move(label);
  return static_cast<TaskId>(tasks.size() - 1);
}

Result<TaskId> FakeWorkflowHost::make_operation_task(InstanceId instance,
                                                     std::string_view operation, json kwargs,
                                                     bool allow_kwargs_override,
                                                     plugin::TaskOptions options) {
  if (kwargs.contains("given_twice") && !allow_kwargs_override)
    return base::make_error(ErrorKind::invalid, "input 'given_twice' is given twice");
  const TaskId id = make(instance_name(instance) + "." + std::string(operation));
  find(id).kwargs = std::move(kwargs);
  find(id).options = options;
  return id;
}

Result<TaskId> FakeWorkflowHost::make_relationship_task(InstanceId instance,
                                                        std::uint32_t relationship,
                                                        plugin::RelationshipSide side,
                                                        std::string_view operation, json kwargs,
                                                        bool, plugin::TaskOptions options) {
  const TaskId id = make(pair_name(instance, relationship) + " " + std::string(operation) +
                         (side == plugin::RelationshipSide::source ? "@source" : "@target"));
  find(id).kwargs = std::move(kwargs);
  find(id).options = options;
  return id;
}

Result<TaskId> FakeWorkflowHost::make_function_task(std::optional<InstanceId> instance,
                                                    plugin::FunctionCall call,
                                                    plugin::TaskOptions options) {
  if (!call.mapping.starts_with("known."))
    return base::make_error(ErrorKind::invalid, "there is no plugin for '{}'", call.mapping);
  const TaskId id = make(instance_name(instance) + " " + call.mapping +
                         (call.timeout_s ? fmt::format(" within {:g} s", *call.timeout_s) : "") +
                         (call.timeout_recoverable ? " recoverable" : ""));
  find(id).kwargs = std::move(call.kwargs);
  find(id).options = options;
  return id;
}

TaskId FakeWorkflowHost::make_event_task(plugin::CustomEvent event) {
  const std::string about = event.relationship ? pair_name(*event.instance, *event.relationship)
                                               : instance_name(event.instance);
  const std::string context =
      event.additional_context.is_null() ? "" : " " + event.additional_context.dump();
  return make(event.event_type + " " + about + " " + event.text + context);
}

TaskId FakeWorkflowHost::make_local_task(std::string_view name, std::optional<InstanceId> instance,
                                         plugin::LocalFunction function,
                                         plugin::TaskOptions options) {
  const TaskId id = make("local " + instance_name(instance) + " " + std::string(name));
  find(id).function = std::move(function);
  find(id).options = options;
  return id;
}

TaskId FakeWorkflowHost::make_state_task(InstanceId instance, std::string_view state) {
  const TaskId id = make("state " + instance_name(instance) + " " + std::string(state));
  find(id).sets_state = {static_cast<std::uint32_t>(instance), std::string(state)};
  return id;
}
TaskId FakeWorkflowHost::make_nop_task() {
  return make("nop");
}
TaskId FakeWorkflowHost::make_subgraph(std::string_view name) {
  return make("subgraph " + std::string(name));
}

Result<void> FakeWorkflowHost::add_task(std::optional<TaskId> subgraph, TaskId task) {
  find(task).is_in_graph = true;
  if (subgraph) find(task).subgraph = subgraph;
  return {};
}
Result<void> FakeWorkflowHost::remove_task(TaskId task) {
  find(task).is_in_graph = false;
  return {};
}

Result<void> FakeWorkflowHost::add_dependency(TaskId task, TaskId after) {
  if (static_cast<std::size_t>(after) >= tasks.size())
    return base::Error(ErrorKind::invalid, "there is no such task");
  if (task != after) find(task).after.insert(static_cast<std::uint32_t>(after));
  return {};
}
Result<void> FakeWorkflowHost::remove_dependency(TaskId task, TaskId after) {
  find(task).after.erase(static_cast<std::uint32_t>(after));
  return {};
}

Result<void> FakeWorkflowHost::set_on_success(TaskId task, plugin::Handler handler) {
  find(task).on_success = std::move(handler);
  return {};
}
Result<void> FakeWorkflowHost::set_on_failure(TaskId task, plugin::Handler handler) {
  find(task).on_failure = std::move(handler);
  return {};
}

Result<plugin::TaskOutcome> FakeWorkflowHost::task_outcome(TaskId task) const {
  if (!find(task).outcome) return base::Error(ErrorKind::invalid, "the task has not ended");
  return *find(task).outcome;
}

void FakeWorkflowHost::send_event(plugin::CustomEvent event) {
  told.push_back(event.event_type + " " + instance_name(event.instance) + " " + event.text);
}

std::string FakeWorkflowHost::current_state(InstanceId instance) const {
  const auto known = states.find(static_cast<std::uint32_t>(instance));
  return known != states.end()
             ? known->second
             : std::string(instances_.at(static_cast<std::size_t>(instance)).state);
}

json FakeWorkflowHost::system_properties(InstanceId instance) const {
  const auto known = system.find(static_cast<std::uint32_t>(instance));
  return known != system.end() ? known->second : json::object();
}
void FakeWorkflowHost::set_system_properties(InstanceId instance, json given_properties) {
  system[static_cast<std::uint32_t>(instance)] = std::move(given_properties);
}

Result<void> FakeWorkflowHost::set_runtime_properties(InstanceId instance, json given_properties) {
  if (has_conflicts) return base::Error(ErrorKind::conflict, "changed by another operation");
  runtime[static_cast<std::uint32_t>(instance)] = std::move(given_properties);
  return {};
}

Result<json> FakeWorkflowHost::find_execution(const std::string& id) {
  if (id != "execution-1" && id != "execution-0")
    return base::make_error(ErrorKind::not_found, "there is no execution '{}'", id);
  return json{{"id", id}, {"status", id == "execution-1" ? "started" : "terminated"}};
}

Result<void> FakeWorkflowHost::set_total_retries(TaskId task, std::int64_t total_retries) {
  find(task).options.total_retries = total_retries;
  return {};
}

json FakeWorkflowHost::task_facts(TaskId task) const {
  if (static_cast<std::size_t>(task) >= tasks.size()) return nullptr;
  json facts = task_facts_given;
  facts["id"] = static_cast<std::uint32_t>(task);
  facts["name"] = find(task).label;
  facts["is_in_graph"] = find(task).is_in_graph;
  facts["containing_subgraph"] =
      find(task).subgraph ? json(static_cast<std::uint32_t>(*find(task).subgraph)) : json();
  return facts;
}

/// In linear order: the last made first, so that a test sees the difference.
Result<std::vector<TaskId>> FakeWorkflowHost::list_tasks(std::optional<TaskId> subgraph,
                                                         plugin::TaskOrder order) const {
  std::vector<TaskId> found;
  for (std::uint32_t id = 0; id < tasks.size(); ++id)
    if (tasks[id].is_in_graph && (!subgraph || tasks[id].subgraph == subgraph))
      found.push_back(TaskId{id});
  if (order == plugin::TaskOrder::linear) std::reverse(found.begin(), found.end());
  return found;
}

bool FakeWorkflowHost::is_ready(const Task& task) const {
  return task.is_in_graph && !task.outcome &&
         std::all_of(task.after.begin(), task.after.end(),
                     [&](std::uint32_t id) { return tasks[id].outcome.has_value(); });
}

plugin::TaskOutcome FakeWorkflowHost::run_once(const Task& task) const {
  const auto fails = failing.find(task.label);
  if (fails != failing.end()) return {false, nullptr, fails->second};
  if (!task.function) return {true, nullptr, {}};
  const plugin::LocalResult result = task.function();
  if (result) return {true, *result, {}};
  return {false, nullptr, result.error().message()};
}

Result<void> FakeWorkflowHost::run(std::uint32_t id) {
  constexpr int kTries = 3;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    ran.push_back(tasks[id].label);
    plugin::TaskOutcome outcome = run_once(tasks[id]);
    if (const auto given_result = results.find(tasks[id].label); given_result != results.end())
      outcome.result = given_result->second.at(static_cast<std::size_t>(attempt));
    if (tasks[id].sets_state) states[tasks[id].sets_state->first] = tasks[id].sets_state->second;
    tasks[id].outcome = outcome;
    const plugin::Handler handler = outcome.succeeded ? tasks[id].on_success : tasks[id].on_failure;
    auto action = outcome.succeeded ? plugin::HandlerAction::cont : plugin::HandlerAction::fail;
    if (handler) {
      const auto answer = handler(static_cast<TaskId>(id), outcome);
      if (!answer) return answer.error();
      if (answer->action != plugin::HandlerAction::cont) action = answer->action;
    }
    if (action == plugin::HandlerAction::fail)
      return base::make_error(ErrorKind::failed, "1 task failed: {} ({})", tasks[id].label,
                              outcome.error);
    if (action != plugin::HandlerAction::retry) return {};
  }
  return base::make_error(ErrorKind::failed, "{}: no tries left", tasks[id].label);
}

Result<void> FakeWorkflowHost::start_task(TaskId task) {
  find(task).is_in_graph = true;
  const auto ran_well = run(static_cast<std::uint32_t>(task));
  if (!ran_well)
    find(task).outcome = plugin::TaskOutcome{false, nullptr, ran_well.error().message()};
  return {};
}

Result<void> FakeWorkflowHost::wait_for_task(TaskId task, bool) {
  if (is_cancelled && !is_cleaning_up)
    return base::Error(ErrorKind::cancelled, "the execution was cancelled");
  const plugin::TaskOutcome& outcome = *find(task).outcome;
  return outcome.succeeded ? Result<void>() : base::Error(ErrorKind::failed, outcome.error);
}

Result<void> FakeWorkflowHost::execute() {
  if (is_cancelled && !is_cleaning_up)
    return base::Error(ErrorKind::cancelled, "the execution was cancelled");
  for (bool went_on = true; went_on;) {
    went_on = false;
    for (std::uint32_t id = 0; id < tasks.size(); ++id) {
      if (!is_ready(tasks[id])) continue;
      went_on = true;
      if (auto result = run(id); !result) return result;
    }
  }
  for (const Task& task : tasks)
    if (task.is_in_graph && !task.outcome)
      return base::make_error(ErrorKind::invalid, "a ring of dependencies holds {}", task.label);
  return {};
}

}  // namespace cfy::test
