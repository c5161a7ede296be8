// Operations: the tasks of stored graphs. Written by the coordinator turn by turn, and by a worker
// whose runner is gone. Does not know what a task is.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "store/records.hpp"
#include "store/sqlite.hpp"

namespace cfy::store {

/// Where an operation stands.
struct OperationKey {
  GraphId graph{};
  std::uint32_t number = 0;
};

/// How one attempt of an operation ended.
struct OperationEnd {
  std::uint32_t attempt = 0;
  std::string_view state;  ///< succeeded, failed
  json result;
  std::string error;
  std::int64_t wall_ms = 0;
};

class Operations {
 public:
  explicit Operations(Database& database) : database_(database) {}

  /// Errors: conflict (the execution has a graph of that name), not_found (no such execution),
  /// state.
  base::Result<GraphId> create_graph(const std::string& execution_id, const std::string& name,
                                     std::int64_t wall_ms);
  /// In order of creation.
  base::Result<std::vector<StoredGraph>> list_graphs(const std::string& execution_id);

  /// Errors: state (also when the number is taken). Cost: some microseconds in a transaction.
  base::Result<void> add(GraphId graph, const Operation& operation);
  /// In order of their numbers.
  base::Result<std::vector<Operation>> list(GraphId graph);
  /// Of all graphs of the execution, in order of the graphs' creation.
  base::Result<std::vector<Operation>> list(const std::string& execution_id);
  base::Result<std::optional<Operation>> find(OperationKey key);
  /// By the task id that events show, which ends with its number: one row is read and not a graph
  /// of a million.
  base::Result<std::optional<std::pair<OperationKey, Operation>>> find_task(
      const std::string& execution_id, const std::string& task_id);

  /// Enter a state that is not an end; "started" notes the time. Errors: not_found, state.
  base::Result<void> set_state(OperationKey key, std::string_view state, std::uint32_t attempt,
                               std::int64_t wall_ms);
  /// Errors: conflict (it has ended already, or another attempt is on: nothing changed),
  /// not_found, state.
  base::Result<void> finish(OperationKey key, const OperationEnd& end);
  /// An attempt has ended and is still to be judged: notes how, in the state "responded".
  /// Errors: conflict (it was judged already, or another attempt is on: nothing changed),
  /// not_found, state.
  base::Result<void> respond(OperationKey key, const OperationEnd& end);
  /// The end of a subgraph, which may come anew in a resumed run. Errors: not_found, state.
  base::Result<void> finish_again(OperationKey key, const OperationEnd& end);
  /// A worker has taken it up. Errors: state.
  base::Result<void> begin_call(OperationKey key, const Call& call);
  /// Its attempt has ended. Nothing when none has begun. Errors: state.
  base::Result<void> end_call(OperationKey key);
  /// Of an execution that is known to have no process any more. Errors: state.
  base::Result<void> forget_calls(const std::string& execution_id);
  /// Of an execution: operations that have begun, and where they run.
  base::Result<std::vector<std::pair<Operation, Call>>> list_calls(const std::string& execution_id);
  /// Executions of a deployment that have such.
  base::Result<std::vector<std::string>> executions_with_calls(const std::string& deployment_id);

  /// What a task undoes starts again: neither it nor its members are found any more. Errors: state.
  base::Result<void> use_up_undo(OperationKey undo);

  /// Back to pending with attempt 0, whatever it was: for resume. Errors: not_found, state.
  base::Result<void> reset(OperationKey key);

 private:
  base::Result<void> write_end(Query& query, OperationKey key, const OperationEnd& end);
  Database& database_;
};

}  // namespace cfy::store
