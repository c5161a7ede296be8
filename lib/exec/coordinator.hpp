// Coordinator: the one thread that brings a task graph to its end. It alone changes states, counts
// retries, watches due times and hears of a cancel. Knows no plugin ABI, no SQLite, no process.
// README.md of this room tells the story as a whole, with the state diagram.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "exec/interfaces.hpp"
#include "exec/mailbox.hpp"
#include "exec/pool.hpp"
#include "exec/snapshot.hpp"
#include "exec/task_events.hpp"
#include "exec/task_table.hpp"
#include "exec/turn_log.hpp"
#include "graph/task_states.hpp"

namespace cfy::exec {

/// What the coordinator works with; all borrowed, all outliving it.
struct CoordinatorParts {
  graph::TaskGraph* graph = nullptr;
  TaskTable* table = nullptr;
  const TaskEvents* events = nullptr;
  const Snapshots* snapshots = nullptr;
  const base::Clock* clock = nullptr;
  TaskRunner* runner = nullptr;
  Recorder* recorder = nullptr;  ///< may be nullptr
  Replay* replay = nullptr;      ///< of a resumed run, which has a recorder; else nullptr
  RunOptions options;
  bool accepts_other_graph = false;  ///< a resumed run may differ from the one before
};

/// Three parties meet here.
///  - The workflow's thread builds the graph, each step under lock(), and calls execute().
///  - The coordinator's thread is in run(), which makes one turn() after the other.
///  - Any thread may ask for a cancel or post an answer; that only goes into the mailbox.
/// While a handler of the workflow is asked, the graph is the workflow's: no turn touches it.
class Coordinator final : public OperationSink {
 public:
  explicit Coordinator(CoordinatorParts parts);

  // [any thread]
  void request_cancel(CancelDegree degree);
  CancelDegree cancel_degree() const { return cancel_degree_.load(); }
  void on_operation_result(TaskId task, std::uint32_t attempt,
                           dispatch::OperationResult result) override;
  void on_operation_begun(TaskId task, std::uint32_t attempt,
                          const dispatch::BegunCall& begun) override;
  void on_property_request(const std::string& task_id, dispatch::PropertyRequest request,
                           dispatch::PropertyReply reply) override;
  void on_instances_request(dispatch::InstancesRequest request,
                            dispatch::InstancesReply reply) override;
  /// Look at the clock again. For whoever moves a fake one.
  void nudge() { mailbox_.nudge(); }

  // [workflow thread]
  /// Hold it while touching the graph, its states or the task table.
  [[nodiscard]] std::unique_lock<std::mutex> lock() { return std::unique_lock(mutex_); }
  /// [under lock()]
  graph::TaskStates& states() { return states_; }
  /// [under lock()] The state of an instance now, with what this run changed since the snapshot.
  const std::string& current_state(plugin::InstanceId instance) const;
  /// [under lock()] Its state. A pending task of a resumed run that an earlier run has ended, and
  /// that therefore will not run, has that end already. What is to be for this run alone must have
  /// been marked before.
  TaskState known_state(TaskId task);
  /// [under lock()] What this run changed of an instance since the snapshot; nullptr: nothing.
  const json* find_changed_system_properties(plugin::InstanceId instance) const;
  /// [under lock()] The snapshot shows all that there is.
  void forget_changes() {
    changed_states_.clear();
    changed_system_properties_.clear();
  }
  /// [under lock()] When a rescheduled task is due, on the monotonic clock.
  std::optional<std::int64_t> due_ms(TaskId task) const;
  /// [under lock()] A ring of the graph, spelled out, as an error.
  base::Error ring_error() const;
  /// Store a change of runtime properties now, as the workflow itself. See Recorder::store_now.
  dispatch::PropertyAnswer store_now(const dispatch::PropertyRequest& request);
  /// Recorded with the next turn.
  void set_system_properties(plugin::InstanceId instance, json properties);
  /// Run the graph. Blocks; calls handlers on this thread meanwhile. See WorkflowHost::execute.
  base::Result<void> execute();
  /// Standard mode: run the task by itself, at once. Returns when a turn has seen it, so that what
  /// is done on the spot (events, states) is done. See WorkflowHost::start_task.
  base::Result<void> start_task(TaskId task);
  /// Standard mode: wait for its end. See WorkflowHost::wait_for_task.
  base::Result<void> wait_for_task(TaskId task, bool retry_on_failure);
  /// Standard mode, after the function: wait for all tasks that nobody waited for.
  base::Result<void> wait_for_started();
  /// Until end_cleanup() a graceful cancel is not looked at. See WorkflowHost::begin_cleanup.
  void begin_cleanup();
  void end_cleanup();
  /// The workflow function has returned; nothing more will be built.
  void workflow_returned();

  // [coordinator thread]
  /// Take turns until stop().
  void run();
  /// One turn, without waiting; for tests that have no second thread.
  void turn(Mail mail);
  void break_off(base::Error error);
  Mail take_mail() { return mailbox_.take(0); }

  // [the thread that owns the call]
  /// Until the function has returned and what runs has ended, or the execution was ended by force.
  void wait_until_over();
  void stop();
  /// Something of the plugin was left running when the execution ended.
  bool left_something() const { return left_something_.load(); }
  /// [under lock()] Tasks that failed for good, first one first.
  std::vector<TaskId> failures() const { return failures_; }
  /// [under lock()] Last lines of stderr of the operation's last attempt that failed, or empty.
  std::string_view last_output(TaskId task) const;
  /// [under lock()] Why the recorder could not write, if it could not.
  const std::optional<base::Error>& record_error() const { return record_error_; }

  static constexpr std::int64_t kKillGraceMs = 6000;

 private:
  /// How an attempt ended, whatever kind of task it was.
  struct Attempt {
    dispatch::Status status = dispatch::Status::ok;
    json value;
    std::string error;
    json causes;
    std::optional<double> retry_after_s;
  };
  struct HandlerCall {
    TaskId task{};
    plugin::Handler handler;  // a copy: it may replace itself
    plugin::TaskOutcome outcome;
  };

  // coordinator.cpp: turns
  void answer_property_requests(std::vector<PropertyMail> requests);
  void answer_instances_requests(std::vector<InstancesMail> requests);
  void apply_cancel();
  bool graph_is_lent() const { return handler_call_.has_value() && !handler_answer_; }
  bool may_start() const;
  bool is_cancelled() const;
  bool is_before_cleanup(TaskId task) const;
  bool has_startable() const;
  bool has_any_ready() const;
  bool is_over() const;
  std::optional<std::int64_t> wait_ms() const;
  void check_execute_end();
  std::int64_t ms_from_now(double seconds) const;
  base::Error failure() const;
  base::Error error_of(TaskId task) const;
  std::string describe_failure(TaskId task) const;

  // coordinator_start.cpp: from ready to started
  void start_ready();
  void start_inline(TaskId task);
  json set_or_get_state(const StateTask& task);
  void start_pool_tasks();
  void start_operations();
  void hand_over_started();
  void take_back_unstarted();  // from the pool
  void take_back_started();    // what was not handed over, as it could not be recorded
  void wake_rescheduled();

  // coordinator_resume.cpp: what an earlier run of the execution left
  void take_in_new_tasks();
  void look_for_new_tasks();
  bool find_again(TaskId task);
  void restore_end(TaskId task, const StoredTask& stored);
  bool keeps_verdict(TaskId task) const;
  void judge_as_before(TaskId task, const StoredTask& stored);
  std::optional<base::Error> compare_batch(TaskId first_new) const;

  // coordinator_finish.cpp: from an answer to a final state, or another try
  void take_answers(Mail mail);
  void note_begun(const std::vector<OperationBegun>& begun);
  bool is_current(TaskId task, std::uint32_t attempt) const;
  void finish_operation(OperationDone done);
  void finish_local(LocalDone done);
  void finish_subgraphs();
  void attempt_ended(TaskId task, Attempt attempt);
  const plugin::Handler* find_handler(TaskId task, bool succeeded) const;
  void judge_unasked();  // nobody listens any more
  void ask_next_handler();
  void take_handler_answer();
  void judge(TaskId task, const plugin::HandlerResult& verdict);
  void judge_by_default(TaskId task);
  void retry(TaskId task, const plugin::HandlerResult& verdict);
  void give_up_retries(TaskId task);
  void replace_subgraph(TaskId task, const plugin::HandlerResult& verdict);
  void fail(TaskId task);
  void fail_with(TaskId task, std::string error);
  void add_failures(TaskId task);
  void tell_whom_it_waits_for();
  std::string running_work() const;
  void add_unforgiven_skips();

  mutable std::mutex mutex_;         // guards everything below that is not atomic
  std::condition_variable changed_;  // an answer for execute() or wait_until_over()
  Mailbox mailbox_;
  CoordinatorParts parts_;
  TaskTable& table_;
  const TaskEvents& events_;
  TurnLog log_;
  graph::TaskStates states_;

  std::atomic<CancelDegree> cancel_degree_{CancelDegree::none};
  CancelDegree applied_degree_ = CancelDegree::none;
  std::atomic<bool> left_something_{false};
  std::atomic<bool> stopping_{false};

  bool is_executing_ = false;
  bool was_executed_ = false;
  bool is_standard_ = false;       // tasks were started by themselves
  std::uint64_t turns_ = 0;        // what start_task() waits for
  std::vector<TaskId> unfetched_;  // started by themselves, nobody has waited for them yet
  std::optional<std::uint32_t> cleanup_from_;  // in a cleanup: the first place of its tasks
  std::optional<base::Result<void>> execute_result_;
  bool has_returned_ = false;
  bool is_ended_ = false;  // by force: nobody waits any more
  bool gave_up_ = false;   // wait_after_fail was over while something ran
  std::optional<base::Error> record_error_;
  bool has_told_waiting_ = false;
  std::optional<std::int64_t> give_up_at_ms_, kill_over_at_ms_;

  struct NewTask {
    TaskId task{};
    bool is_found = false;  // among those that an earlier run stored
  };
  std::vector<NewTask> new_tasks_;  // since the last turn that took them in
  std::uint32_t batches_ = 0;       // execute() calls so far that had tasks of their own
  bool is_first_turn_ = false;      // of the execute() that runs

  Mail backlog_;  // answers that came while the graph was lent
  std::optional<HandlerCall> handler_call_;
  std::optional<base::Result<plugin::HandlerResult>> handler_answer_;
  std::deque<TaskId> to_judge_;
  // Of tasks whose last attempt did not succeed, until they are judged: may it be tried again,
  // when?
  struct Verdict {
    bool is_recoverable = true;
    std::optional<double> retry_after_s;
  };
  std::unordered_map<std::uint32_t, Verdict> verdicts_;
  std::unordered_map<std::uint32_t, std::string> outputs_;
  std::multimap<std::int64_t, TaskId> rescheduled_;                // by due time
  std::unordered_map<std::uint32_t, std::int64_t> due_ms_;         // the same by task
  std::unordered_map<std::uint32_t, std::string> changed_states_;  // by instance
  std::unordered_map<std::uint32_t, json> changed_system_properties_;
  std::vector<TaskId> failures_;
  std::size_t first_failure_ = 0;  // of the execute() that runs

  std::vector<LocalCall> local_starts_;  // of this turn, after the commit
  std::vector<TaskId> operation_starts_;
  std::size_t local_running_ = 0, operations_running_ = 0;
  std::size_t local_window_ = 0;  // how many local tasks may be out at a time
  std::size_t turn_budget_ = 0;
  LocalPool pool_;  // last: its threads post to the mailbox
};

}  // namespace cfy::exec
