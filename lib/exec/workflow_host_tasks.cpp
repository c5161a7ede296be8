// What a workflow may know of its tasks and of its graph as a whole.
#include <algorithm>

#include "exec/workflow_host.hpp"
#include "graph/linearize.hpp"
#include "graph/optimize.hpp"
#include "graph/ring.hpp"

namespace cfy::exec {
namespace {

using PluginTaskId = plugin::TaskId;

/// The word that the workflow API has for it.
std::string_view shown(TaskState state) {
  switch (state) {
    case TaskState::responded:
      return "started";
    case TaskState::ignored:
      return "failed";
    case TaskState::skipped:
      return "pending";
    default:
      return graph::to_string(state);
  }
}

json id_or_null(TaskId task) {
  return task == graph::kNoTask ? json() : json(graph::index_of(task));
}

json info_of(const TaskTable& table, TaskId task) {
  switch (table.kind(task)) {
    case TaskKind::operation:
      return table.operation(task).name;
    case TaskKind::event:
      return table.event(task).text;
    case TaskKind::state:
      return table.state(task).state.empty() ? json() : json(table.state(task).state);
    case TaskKind::local:
      return table.local(task).info.empty() ? json() : json(table.local(task).info);
    default:
      return nullptr;
  }
}

}  // namespace

/// Numbers that only tasks have which can be tried again.
void GraphHost::add_tries(TaskId task, json& facts) const {
  const TaskTable& table = *parts_.table;
  const RetryPolicy policy = table.policy(task);
  facts["total_retries"] = policy.total_retries;
  facts["retry_interval"] = policy.retry_interval_s;
  facts["current_retries"] = table.attempt(task);
  facts["execute_after"] = nullptr;
  if (const auto due_ms = parts_.coordinator->due_ms(task)) {
    const std::int64_t wait_ms = *due_ms - parts_.clock->monotonic_ms();
    facts["execute_after"] = static_cast<double>(parts_.clock->wall_ms() + wait_ms) / 1000;
  }
  facts["timeout"] = nullptr;
  facts["timeout_recoverable"] = false;
  if (table.kind(task) != TaskKind::operation) return;
  const plan::Operation& operation = *table.operation(task).operation;
  if (operation.timeout_s) facts["timeout"] = *operation.timeout_s;
  facts["timeout_recoverable"] = operation.timeout_recoverable.value_or(false);
}

json GraphHost::task_facts(PluginTaskId id) const {
  const auto guard = parts_.coordinator->lock();
  if (!is_known(id)) return nullptr;
  const TaskId task{static_cast<std::uint32_t>(id)};
  const TaskTable& table = *parts_.table;
  const graph::TaskStates& states = parts_.coordinator->states();
  json facts = {{"id", graph::index_of(task)},
                {"task_id", parts_.events->task_id(task)},
                {"kind", name_of(table.kind(task))},
                {"name", table.name(task)},
                {"info", info_of(table, task)},
                {"state", shown(parts_.coordinator->known_state(task))},
                {"is_in_graph", states.graph().contains(task)},
                {"containing_subgraph", id_or_null(states.graph().subgraph(task))},
                {"send_task_events", table.sends_events(task)},
                {"retried_task", id_or_null(table.retried_task(task))}};
  const std::string& error = table.outcome(task).error;
  facts["error"] = error.empty() ? json() : json(error);
  add_tries(task, facts);
  return facts;
}

base::Result<std::vector<PluginTaskId>> GraphHost::list_tasks(std::optional<PluginTaskId> subgraph,
                                                              plugin::TaskOrder order) const {
  const auto guard = parts_.coordinator->lock();
  const graph::TaskStates& states = parts_.coordinator->states();
  const graph::TaskGraph& graph = states.graph();
  const TaskId container =
      subgraph ? TaskId{static_cast<std::uint32_t>(*subgraph)} : graph::kNoTask;
  if (subgraph && (!graph.contains(container) || !graph.is_subgraph(container)))
    return base::Error(base::ErrorKind::invalid, "there is no such subgraph in the graph");
  std::vector<TaskId> found;
  if (order == plugin::TaskOrder::linear) {
    found = graph::linearize(states);
    if (found.size() < states.total()) return parts_.coordinator->ring_error();
    if (subgraph) std::erase_if(found, [&](TaskId t) { return graph.subgraph(t) != container; });
  } else if (subgraph) {
    found = graph.members(container);
    std::ranges::sort(found, {}, [&](TaskId task) { return graph.order(task); });
  } else {
    for (std::uint32_t i = 0; i < graph.order_size(); ++i)
      if (const TaskId task = graph.at(i); task != graph::kNoTask) found.push_back(task);
  }
  std::vector<PluginTaskId> tasks;
  tasks.reserve(found.size());
  for (const TaskId task : found)
    tasks.push_back(PluginTaskId{graph::index_of(task)});
  return tasks;
}

base::Result<void> GraphHost::optimize() {
  const auto guard = parts_.coordinator->lock();
  graph::TaskStates& states = parts_.coordinator->states();
  if (!graph::find_ring(states).empty()) return parts_.coordinator->ring_error();
  graph::optimize(states, [this](TaskId task) {
    const TaskKind kind = parts_.table->kind(task);
    const bool is_needless = kind == TaskKind::nop || kind == TaskKind::subgraph;
    return !is_needless || parts_.table->find_handlers(task) != nullptr;
  });
  return {};
}

}  // namespace cfy::exec
