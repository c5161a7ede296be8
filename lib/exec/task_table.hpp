// TaskTable: what each task of a call is to do, how often it was tried and how it ended. The graph
// room knows the tasks as numbers only; this is what the numbers mean. Plain data, no threads.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "exec/interfaces.hpp"
#include "exec/replay.hpp"
#include "graph/task_graph.hpp"

namespace cfy::exec {

/// Which queue a ready task waits in: for the coordinator itself, for the pool of local tasks, for
/// the runner of operations.
enum Lane : std::uint8_t { kInlineLane = 0, kPoolLane = 1, kRunnerLane = 2 };

struct RetryPolicy {
  std::int64_t total_retries = 0;  ///< -1: endless
  double retry_interval_s = 0;

  bool allows(std::uint32_t next_attempt) const {
    return total_retries < 0 || static_cast<std::int64_t>(next_attempt) <= total_retries;
  }
};

struct LocalTask {
  plugin::LocalFunction function;
  std::optional<plugin::InstanceId> instance;
  RetryPolicy policy;
  std::string info = {};  ///< a word for people
};
struct StateTask {
  plugin::InstanceId instance{};
  std::string state;  ///< empty: it asks for the state
};
struct Handlers {
  plugin::Handler on_success, on_failure;
};

/// A million tasks are common enough that what most of them lack is kept aside: names are shared,
/// payloads are by kind, handlers and outcomes only where there are any.
class TaskTable {
 public:
  explicit TaskTable(graph::TaskGraph& graph) : graph_(graph) {}

  // Each makes the task in the graph room too, not yet added to the graph.
  TaskId make_nop(Lane lane = kInlineLane);
  TaskId make_subgraph(std::string_view name, RetryPolicy policy);
  TaskId make_operation(OperationTask operation, bool send_events, Lane lane);
  TaskId make_local(std::string_view name, LocalTask local, bool send_events, Lane lane);
  TaskId make_event(plugin::CustomEvent event);
  TaskId make_state(StateTask state);

  TaskKind kind(TaskId task) const { return record(task).kind; }
  /// The name that events show: function of an operation, name of a local task or subgraph.
  std::string_view name(TaskId task) const { return *record(task).name; }
  bool sends_events(TaskId task) const { return record(task).sends_events; }
  RetryPolicy policy(TaskId task) const;
  /// False for what is never tried again.
  bool has_retries(TaskId task) const;
  /// Its own number, which a subgraph that takes its place inherits. Must have retries.
  void set_total_retries(TaskId task, std::int64_t total_retries);
  /// `replacement` is the next try of the subgraph `task`.
  void set_replacement(TaskId task, TaskId replacement);
  /// The subgraph that it took the place of, or kNoTask.
  TaskId retried_task(TaskId task) const;
  /// The attempt that runs, or ran, is its last.
  void give_up_retries(TaskId task) { record(task).is_last_attempt = true; }

  std::uint32_t attempt(TaskId task) const { return record(task).attempt; }
  void set_attempt(TaskId task, std::uint32_t attempt) { record(task).attempt = attempt; }

  const OperationTask& operation(TaskId task) const { return operations_[payload(task)]; }
  const LocalTask& local(TaskId task) const { return locals_[payload(task)]; }
  const plugin::CustomEvent& event(TaskId task) const { return events_[payload(task)]; }
  const StateTask& state(TaskId task) const { return states_[payload(task)]; }

  void set_on_success(TaskId task, plugin::Handler handler);
  void set_on_failure(TaskId task, plugin::Handler handler);
  /// nullptr when it has none.
  const Handlers* find_handlers(TaskId task) const;

  /// The plugin made it for this run alone; see Task::for_this_run().
  void set_for_this_run(TaskId task) { for_this_run_.insert(graph::index_of(task)); }
  /// It, or a subgraph around it, was made for this run alone.
  bool is_for_this_run(TaskId task) const;
  /// The same, for as long as `undone` has not started again: then it has been used up.
  void set_undoes(TaskId task, TaskId undone);
  /// It, or a subgraph around it, undoes something.
  bool is_undo(TaskId task) const;
  /// The task that undoes this one; kNoTask: none.
  TaskId undo_of(TaskId task) const;

  // A resumed run: tasks keep the numbers, and so the ids, that they had before.
  /// Tasks that are new get numbers from here on.
  void set_first_number(std::uint32_t number) { first_number_ = number; }
  /// What tells the task from all others of the execution, in any run of it.
  std::uint32_t number(TaskId task) const {
    const StoredTask* stored = find_stored(task);
    return stored != nullptr ? stored->number : first_number_ + graph::index_of(task);
  }
  /// It is this one of an earlier run. The pointer is borrowed for good.
  void restore(TaskId task, const StoredTask* stored);
  /// nullptr when it is new.
  const StoredTask* find_stored(TaskId task) const {
    return record(task).has_stored ? stored_.at(graph::index_of(task)) : nullptr;
  }
  /// What happens to it is told and stored already.
  bool is_replaying(TaskId task) const { return record(task).is_replaying; }
  void end_replay(TaskId task) { record(task).is_replaying = false; }

  void set_outcome(TaskId task, plugin::TaskOutcome outcome);
  /// How the last attempt ended; a plain success when there is nothing to tell. The reference stays
  /// valid until the task's next outcome.
  const plugin::TaskOutcome& outcome(TaskId task) const;

 private:
  struct Record {
    const std::string* name = nullptr;
    std::uint32_t payload = 0;
    std::uint32_t attempt = 0;
    TaskKind kind = TaskKind::nop;
    bool sends_events = false;
    bool has_handlers = false;
    bool has_outcome = false;
    bool has_stored = false;
    bool is_replaying = false;
    bool is_last_attempt = false;
  };
  struct NameHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  const Record& record(TaskId task) const { return records_[graph::index_of(task)]; }
  Record& record(TaskId task) { return records_[graph::index_of(task)]; }
  std::uint32_t payload(TaskId task) const { return record(task).payload; }
  TaskId append(TaskId task, TaskKind kind, std::string_view name, std::size_t payload,
                bool sends_events);
  const std::string* intern(std::string_view name);

  graph::TaskGraph& graph_;
  std::vector<Record> records_;
  std::unordered_map<std::string, char, NameHash, std::equal_to<>> names_;
  const std::string* last_name_ = nullptr;
  // Deques: what is handed to other threads stays where it is.
  std::deque<OperationTask> operations_;
  std::deque<LocalTask> locals_;
  std::deque<plugin::CustomEvent> events_;
  std::deque<StateTask> states_;
  struct Subgraph {
    RetryPolicy policy;
    bool has_own_policy = false;
    TaskId retried_task = graph::kNoTask;
  };
  std::deque<Subgraph> subgraphs_;
  std::unordered_map<std::uint32_t, Handlers> handlers_;
  std::unordered_map<std::uint32_t, const StoredTask*> stored_;
  std::uint32_t first_number_ = 0;
  bool is_or_is_in(TaskId task, const std::unordered_set<std::uint32_t>& set) const;

  std::unordered_set<std::uint32_t> for_this_run_, undoes_;
  std::unordered_map<std::uint32_t, TaskId> undo_of_;  // by what it undoes
  std::unordered_map<std::uint32_t, plugin::TaskOutcome> outcomes_;
};

}  // namespace cfy::exec
