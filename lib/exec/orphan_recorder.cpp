#include "exec/orphan_recorder.hpp"

#include <cstdio>
#include <span>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "event/secret_mask.hpp"
#include "exec/property_changes.hpp"
#include "exec/task_events.hpp"
#include "store/store.hpp"

namespace cfy::exec {
namespace {

using base::ErrorKind;
using base::Result;

std::string node_of(store::Store& store, const std::string& deployment_id,
                    const std::string& instance_id) {
  const auto instance = store.node_instances().get(deployment_id, instance_id);
  return instance ? instance->node_id : std::string();
}

event::Context context_of(store::Store& store, const dispatch::OrphanResult& orphan,
                          const store::Operation& row) {
  const json& parameters = row.parameters;
  event::Context context;
  context.execution_id = orphan.execution_id;
  context.deployment_id = orphan.context.at("deployment").at("id");
  context.task_id = row.id;
  context.task_name = row.name;
  context.operation = parameters.value("operation", "");
  context.plugin = parameters.value("plugin", "");
  context.task_current_retries = orphan.attempt;
  context.task_total_retries = parameters.value("total_retries", std::int64_t{0});
  context.task_error_causes = orphan.result.error.causes;
  const std::string instance = parameters.value("node_instance_id", "");
  if (parameters.contains("target_id")) {
    context.source_id = instance;
    context.source_name = node_of(store, context.deployment_id, instance);
    context.target_id = parameters.at("target_id");
    context.target_name = node_of(store, context.deployment_id, context.target_id);
  } else {
    context.node_id = instance;
    context.node_name = node_of(store, context.deployment_id, instance);
  }
  return context;
}

// What the runner would have told.
Result<void> tell(store::Store& store, const dispatch::OrphanResult& orphan,
                  const store::Operation& row) {
  const bool succeeded = orphan.result.status == dispatch::Status::ok;
  if (succeeded && !row.parameters.value("send_task_events", true)) return {};
  event::Event event;
  event.wall_ms = base::system_clock().wall_ms();
  event.event_type = succeeded ? "task_succeeded" : "task_failed";
  event.context = context_of(store, orphan, row);
  event.text = task_event_text(
      {succeeded ? "succeeded" : "failed", row.name,
       succeeded ? result_tail(orphan.result.value) : " -> " + orphan.result.error.message,
       orphan.attempt, event.context.task_total_retries});
  return store.events().append(std::span(&event, 1));
}

// Before anything of it is written. Runtime properties are the operation's to decide. Whatever its
// inputs were, it may have come upon any secret: in runtime properties, in files.
Result<void> hide_secrets(store::Store& store, dispatch::OrphanResult& orphan) {
  event::SecretMask mask;
  for (const std::string& secret : orphan.secrets)
    mask.add(secret);
  const auto stored = store.secrets().values();
  if (!stored) return stored.error();
  for (const auto& [name, value] : *stored)
    mask.add(value);
  dispatch::OperationResult& result = orphan.result;
  mask.apply(result.value);
  result.error.message = mask.text(result.error.message);
  mask.apply(result.error.causes);
  return {};
}

}  // namespace

Result<void> StoreOrphanRecorder::write(dispatch::OrphanResult orphan) const {
  auto store = store::Store::open(state_dir_);
  if (!store) return store.error();
  auto transaction = (*store)->begin();
  if (!transaction) return transaction.error();
  const auto task = (*store)->operations().find_task(orphan.execution_id, orphan.task_id);
  if (!task) return task.error();
  if (!*task)
    return base::make_error(ErrorKind::not_found, "task {} is not stored", orphan.task_id);
  const auto& [key, row] = **task;
  for (const dispatch::Delta& delta : orphan.result.deltas) {
    const auto changes =
        to_changes(delta, orphan.context.at("deployment").at("id"), orphan.task_id);
    auto version = (*store)->node_instances().apply(changes);
    if (version) continue;
    if (version.error().kind() != ErrorKind::conflict) return version.error();
    orphan.result.status = dispatch::Status::recoverable;
    orphan.result.error = {"StorageConflictError", version.error().message(), "", json::array()};
  }
  if (auto hidden = hide_secrets(**store, orphan); !hidden) return hidden;
  store::OperationEnd end;
  end.attempt = orphan.attempt;
  end.state = "failed";
  end.result = orphan.result.value;
  end.error = orphan.result.error.message;
  end.wall_ms = base::system_clock().wall_ms();
  // A success is still to be judged: a handler of the workflow may want it otherwise.
  auto ended = orphan.result.status == dispatch::Status::ok
                   ? (*store)->operations().respond(key, end)
                   : (*store)->operations().finish(key, end);
  // The runner stored it before it died, and could not say so any more.
  if (!ended && ended.error().kind() == ErrorKind::conflict) return {};
  if (!ended) return ended;
  if (auto closed = (*store)->operations().end_call(key); !closed) return closed;
  if (auto told = tell(**store, orphan, row); !told) return told;
  return transaction->commit();
}

void StoreOrphanRecorder::record(const dispatch::OrphanResult& orphan) {
  if (auto written = write(orphan); !written)
    fmt::print(stderr, "cfy-run worker: the result of task {} of execution {} is lost: {}\n",
               orphan.task_id, orphan.execution_id, written.error().message());
}

}  // namespace cfy::exec
