#include "exec/orphan_recorder.hpp"

#include <cstdio>
#include <optional>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "exec/property_changes.hpp"
#include "store/store.hpp"

namespace cfy::exec {
namespace {

using base::ErrorKind;
using base::Result;

Result<std::optional<store::OperationKey>> find_task(store::Store& store,
                                                     const dispatch::OrphanResult& orphan) {
  const auto graphs = store.operations().list_graphs(orphan.execution_id);
  if (!graphs) return graphs.error();
  for (const store::StoredGraph& graph : *graphs) {
    const auto rows = store.operations().list(graph.id);
    if (!rows) return rows.error();
    for (const store::Operation& row : *rows)
      if (row.id == orphan.task_id) return std::optional(store::OperationKey{graph.id, row.number});
  }
  return std::optional<store::OperationKey>();
}

}  // namespace

Result<void> StoreOrphanRecorder::write(const dispatch::OrphanResult& orphan) const {
  auto store = store::Store::open(state_dir_);
  if (!store) return store.error();
  auto transaction = (*store)->begin();
  if (!transaction) return transaction.error();
  const auto key = find_task(**store, orphan);
  if (!key) return key.error();
  if (!*key) return base::make_error(ErrorKind::not_found, "task {} is not stored", orphan.task_id);
  store::OperationEnd end;
  end.attempt = orphan.attempt;
  end.state = orphan.result.status == dispatch::Status::ok ? "succeeded" : "failed";
  end.result = orphan.result.value;
  end.error = orphan.result.error.message;
  end.wall_ms = base::system_clock().wall_ms();
  auto finished = (*store)->operations().finish(**key, end);
  // The runner stored it before it died, and could not say so any more.
  if (!finished && finished.error().kind() == ErrorKind::conflict) return {};
  if (!finished) return finished;
  for (const dispatch::Delta& delta : orphan.result.deltas) {
    const auto changes =
        to_changes(delta, orphan.context.at("deployment").at("id"), orphan.task_id);
    if (auto version = (*store)->node_instances().apply(changes); !version) return version.error();
  }
  return transaction->commit();
}

void StoreOrphanRecorder::record(const dispatch::OrphanResult& orphan) {
  if (auto written = write(orphan); !written)
    fmt::print(stderr, "cfy-run worker: the result of task {} of execution {} is lost: {}\n",
               orphan.task_id, orphan.execution_id, written.error().message());
}

}  // namespace cfy::exec
