// StoreRecorder: what a turn of the coordinator changed, written to the store in one transaction
// together with its events. Knows no thread but its own caller.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "exec/event_log.hpp"
#include "exec/instance_book.hpp"
#include "exec/interfaces.hpp"
#include "exec/secret_source.hpp"
#include "store/store.hpp"

namespace cfy::exec {

class StoreRecorder final : public Recorder {
 public:
  /// All borrowed. The store belongs to the coordinator's thread while the execution runs.
  /// @param on_stored  hears of each operation whose result is on disk now; same thread
  StoreRecorder(store::Store& store, InstanceBook& book, EventLog& events, std::string execution_id,
                const base::Clock& clock, const SecretSource& secrets,
                std::function<void(const std::string& task_id)> on_stored)
      : store_(store),
        book_(book),
        events_(events),
        execution_id_(std::move(execution_id)),
        clock_(clock),
        secrets_(secrets),
        on_stored_(std::move(on_stored)) {}

  /// The name of the graph that all tasks of an execution are stored in.
  static constexpr const char* kGraphName = "main";
  /// A resumed run goes on in the graph that it has.
  void continue_graph(store::GraphId graph) { graph_ = graph; }

  void settle(const std::string& task_id, dispatch::OperationResult& result) override;
  base::Result<void> commit(const TurnRecord& turn, const TaskCatalog& tasks) override;
  dispatch::PropertyAnswer store_now(const std::string& task_id,
                                     const dispatch::PropertyRequest& request) override;
  dispatch::InstancesAnswer node_instances(const std::string& node_id) override;

 private:
  base::Result<void> write_now(const store::PropertiesDelta& changes);
  base::Result<void> write(const TurnRecord& turn, const TaskCatalog& tasks);
  base::Result<void> add(const AddedTask& added, const TaskCatalog& tasks);
  base::Result<void> change(const TaskChange& change, const TaskCatalog& tasks);
  json parameters_of(const OperationTask& operation) const;

  store::Store& store_;
  InstanceBook& book_;
  EventLog& events_;
  std::string execution_id_;
  const base::Clock& clock_;
  const SecretSource& secrets_;
  std::function<void(const std::string& task_id)> on_stored_;
  std::optional<store::GraphId> graph_;
  std::vector<store::PropertiesDelta> changes_;  // merged into the book, to be written
  std::vector<std::string> settled_;             // ids of tasks whose result is to be written
};

}  // namespace cfy::exec
