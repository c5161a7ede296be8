#include "exec/recorder_store.hpp"

#include <algorithm>
#include <utility>

#include "exec/property_changes.hpp"
#include "exec/restart.hpp"

namespace cfy::exec {
void StoreRecorder::settle(const std::string& task_id, dispatch::OperationResult& result) {
  settled_.push_back(task_id);
  for (const dispatch::Delta& delta : result.deltas) {
    const store::NodeInstance* instance = book_.find(delta.instance_id);
    if (instance == nullptr || delta.is_empty()) continue;
    store::PropertiesDelta changes = to_changes(delta, instance->deployment_id, task_id);
    if (auto merged = book_.merge(changes); !merged) {
      result.status = dispatch::Status::recoverable;
      result.error = {"StorageConflictError", merged.error().message(), "", json::array()};
      continue;
    }
    changes_.push_back(std::move(changes));
  }
}

base::Result<void> StoreRecorder::commit(const TurnRecord& turn, const TaskCatalog& tasks) {
  const auto writing = events_.lock_writing();
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  if (auto written = write(turn, tasks); !written) return written;
  if (auto written = events_.write(store_); !written) return written;
  if (auto committed = transaction->commit(); !committed) return committed;
  for (const std::string& task_id : std::exchange(settled_, {}))
    on_stored_(task_id);
  return {};
}

dispatch::PropertyAnswer StoreRecorder::store_now(const std::string& task_id,
                                                  const dispatch::PropertyRequest& request) {
  using Status = dispatch::PropertyAnswer::Status;
  const dispatch::Delta& delta = request.delta;
  const store::NodeInstance* instance = book_.find(delta.instance_id);
  if (instance == nullptr)
    return {.status = Status::failed,
            .message = fmt::format("there is no node instance '{}'", delta.instance_id)};
  dispatch::PropertyAnswer answer;
  auto done = delta.is_empty() ? book_.reread(store_, delta.instance_id)
                               : write_now(to_changes(delta, instance->deployment_id, task_id));
  if (!done) {
    answer.message = done.error().message();
    // The book may be ahead of the row now.
    if (auto reread = book_.reread(store_, delta.instance_id); !reread) {
      answer.status = Status::failed;
      return answer;
    }
    if (done.error().kind() != base::ErrorKind::conflict) {
      answer.status = Status::failed;
      return answer;
    }
    answer.status = Status::conflict;
  }
  answer.version = instance->version;
  answer.runtime_properties = instance->runtime_properties;
  return answer;
}

dispatch::InstancesAnswer StoreRecorder::node_instances(const std::string& node_id) {
  std::vector<const store::NodeInstance*> found;
  for (const std::size_t position : book_.of_node(node_id))
    found.push_back(&book_.all()[position]);
  std::stable_sort(found.begin(), found.end(),
                   [](const auto* one, const auto* other) { return one->index < other->index; });
  dispatch::InstancesAnswer answer;
  for (const store::NodeInstance* one : found)
    answer.instances.push_back({{"id", one->id}, {"index", one->index}, {"state", one->state}});
  return answer;
}

base::Result<void> StoreRecorder::write_now(const store::PropertiesDelta& changes) {
  const auto writing = events_.lock_writing();
  auto transaction = store_.begin();
  if (!transaction) return transaction.error();
  if (auto merged = book_.merge_strictly(changes); !merged) return merged;
  if (auto written = book_.write(store_, changes); !written) return written;
  if (auto written = events_.write(store_); !written) return written;
  return transaction->commit();
}

base::Result<void> StoreRecorder::write(const TurnRecord& turn, const TaskCatalog& tasks) {
  for (const AddedTask& task : turn.added)
    if (auto added = add(task, tasks); !added) return added;
  for (const TaskChange& one : turn.changes)
    if (auto changed = change(one, tasks); !changed) return changed;
  for (const BegunOperation& one : turn.begun) {
    const auto& [worker_pid, worker_started_ticks, began_ticks] = one.call;
    if (auto begun = store_.operations().begin_call(
            {*graph_, tasks.number(one.task)}, {worker_pid, worker_started_ticks, began_ticks});
        !begun)
      return begun;
  }
  for (const store::PropertiesDelta& delta : std::exchange(changes_, {}))
    if (auto written = book_.write(store_, delta); !written) return written;
  for (const InstanceStateChange& one : turn.instance_states) {
    const std::string& id = book_.all().at(static_cast<std::size_t>(one.instance)).id;
    if (book_.find(id) == nullptr) continue;  // a modification removed it meanwhile
    if (auto set = book_.write_state(store_, id, one.state); !set) return set;
  }
  for (const SystemPropertiesChange& one : turn.system_properties) {
    const std::string& id = book_.all().at(static_cast<std::size_t>(one.instance)).id;
    if (book_.find(id) == nullptr) continue;
    if (auto set = book_.write_system_properties(store_, id, one.properties); !set) return set;
  }
  return {};
}

base::Result<void> StoreRecorder::add(const AddedTask& added, const TaskCatalog& tasks) {
  if (!graph_) {
    auto graph = store_.operations().create_graph(execution_id_, kGraphName, clock_.wall_ms());
    if (!graph) return graph.error();
    graph_ = *graph;
  }
  TaskDescription description = tasks.describe(added.task);
  store::Operation row;
  row.number = description.number;
  row.id = std::move(description.id);
  row.type = name_of(description.kind);
  row.name = std::move(description.name);
  row.dependencies = std::move(description.dependencies);
  if (description.operation != nullptr) row.parameters = parameters_of(*description.operation);
  if (!description.sends_events && description.operation != nullptr)
    row.parameters["send_task_events"] = false;
  row.task_key = std::move(description.key);
  row.subgraph = description.subgraph;
  row.batch = added.batch;
  row.is_late = added.is_late;
  row.is_for_this_run = description.is_for_this_run;
  row.is_undo = description.is_undo;
  return store_.operations().add(*graph_, row);
}

base::Result<void> StoreRecorder::change(const TaskChange& change, const TaskCatalog& tasks) {
  const store::OperationKey key{*graph_, tasks.number(change.task)};
  const bool has_ended = change.state != TaskState::started && change.state != TaskState::pending;
  if (has_ended && tasks.kind(change.task) == TaskKind::operation)
    if (auto ended = store_.operations().end_call(key); !ended) return ended;
  if (const TaskId undo = tasks.undo_of(change.task);
      undo != graph::kNoTask && change.state == TaskState::started)
    if (auto used = store_.operations().use_up_undo({*graph_, tasks.number(undo)}); !used)
      return used;
  const bool has_answer = change.outcome != nullptr && change.state != TaskState::rescheduled;
  if (!graph::is_final(change.state) && !has_answer)
    return store_.operations().set_state(key, graph::to_string(change.state), change.attempt,
                                         clock_.wall_ms());
  store::OperationEnd end;
  end.attempt = change.attempt;
  end.state = graph::to_string(change.state);
  end.wall_ms = clock_.wall_ms();
  if (change.outcome != nullptr) {
    end.result = change.outcome->result;
    secrets_.mask().apply(end.result);
    end.error = secrets_.mask().text(change.outcome->error);
  } else if (change.because != graph::kNoTask) {
    end.error = fmt::format("skipped, because task {} failed", tasks.task_id(change.because));
    end.result = {{kBecause, tasks.number(change.because)}};
  }
  if (tasks.kind(change.task) == TaskKind::subgraph)
    return store_.operations().finish_again(key, end);
  return graph::is_final(change.state) ? store_.operations().finish(key, end)
                                       : store_.operations().respond(key, end);
}

json StoreRecorder::parameters_of(const OperationTask& operation) const {
  json parameters = {{"operation", operation.name},
                     {"plugin", operation.operation->plugin},
                     {"kwargs", secrets_.refer_to_secrets(operation.kwargs)},
                     {"total_retries", operation.total_retries},
                     {"retry_interval", operation.retry_interval_s}};
  if (operation.instance)
    parameters["node_instance_id"] =
        book_.all().at(static_cast<std::size_t>(*operation.instance)).id;
  if (operation.relationship) {
    parameters["target_id"] = book_.all().at(static_cast<std::size_t>(*operation.target)).id;
    parameters["side"] = operation.side == plugin::RelationshipSide::source ? "source" : "target";
  }
  return parameters;
}

}  // namespace cfy::exec
