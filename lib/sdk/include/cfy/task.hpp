// Task: something the executor will run once it is in the graph, and the handlers that decide what
// its end means (facts of the original: tasks with on_success and on_failure).
#pragma once

#include <compare>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <cfy/detail/session.hpp>

namespace cfy {

class Subgraph;
class Task;

/// What a handler wants to happen to its task.
class HandlerResult {
 public:
  /// Go on: a success stays one, a failure counts as done, as with ignore().
  static HandlerResult cont() { return HandlerResult(CFY_HANDLER_CONT); }
  /// The task failed; what depends on it never runs.
  static HandlerResult fail() { return HandlerResult(CFY_HANDLER_FAIL); }
  /// The task counts as done although it failed; what depends on it runs.
  static HandlerResult ignore() { return HandlerResult(CFY_HANDLER_IGNORE); }
  /// Run it again, also after a success (polling).
  /// @param ignore_total_retries  even when no tries are left
  /// @param retry_after           delay in seconds; unset: the task's retry interval
  static HandlerResult retry(bool ignore_total_retries = false,
                             std::optional<double> retry_after = {}) {
    HandlerResult result(CFY_HANDLER_RETRY);
    result.ignore_total_retries_ = ignore_total_retries;
    result.retry_after_ = retry_after;
    return result;
  }

  /// For a failed subgraph: try again by `replacement`, a new subgraph that the handler has made in
  /// the same place. What waits for the old one waits for the new one. While retries are left (its
  /// own total_retries, else the run's subgraph_retries); else the replacement goes out of the
  /// graph and the old one fails.
  static HandlerResult retry_by(const Task& replacement);

  void write_to(cfy_handler_result& out) const {
    out.action = action_;
    out.ignore_total_retries = ignore_total_retries_ ? 1 : 0;
    out.retry_after_s = retry_after_.value_or(-1);
    out.retried_task = retried_task_;
  }

 private:
  explicit HandlerResult(std::int32_t action) : action_(action) {}
  std::int32_t action_;
  bool ignore_total_retries_ = false;
  std::optional<double> retry_after_;
  cfy_task retried_task_ = CFY_NONE;
};

using Handler = std::function<HandlerResult(const Task&)>;

/// How a task is to be tried. Unset: what the operation or the run says.
struct TaskOptions {
  std::optional<std::int64_t> total_retries = {};  ///< -1: endless
  std::optional<double> retry_interval = {};       ///< seconds
  bool send_task_events = true;
  std::string_view info = {};  ///< of a local task: a word for people
};

/// In graph mode a task runs when its graph is executed; without graph_mode() it has started when
/// the call that made it returns. A handle: copying it does not copy the task. Only on the
/// workflow's thread, and only until the workflow function returns.
class Task {
 public:
  /// No task; good for nothing but being assigned to.
  Task() = default;
  Task(detail::Session* session, cfy_task id) : session_(session), id_(id) {}

  /// Its number in the graph, also when it is tried again. Only a subgraph is tried again by
  /// another one; see retried_task().
  std::uint32_t id() const { return id_; }
  std::string name() const {
    return detail::text(session().ask<&cfy_workflow_host::task_name>(id_));
  }
  explicit operator bool() const { return session_ != nullptr; }

  /// Standard mode: wait for the task, its retries included, and give its result; null when there
  /// is none. In graph mode, after execute(): the result. A task that nobody waited for is waited
  /// for at the end of the workflow.
  ///
  /// Throws ExecutionCancelled as soon as the execution is cancelled, also when that was before;
  /// WorkflowFailed with the task's error when it has failed.
  /// @param retry_on_failure  false: the try that runs is the last one
  json get(bool retry_on_failure = true) const {
    if (!session().is_in_graph_mode())
      session().demand<&cfy_workflow_host::task_wait>(id_, retry_on_failure ? 1 : 0);
    const cfy_task_outcome end = outcome();
    if (end.succeeded == 0) throw WorkflowFailed(detail::text(end.error));
    return detail::parse(end.result_json);
  }

  /// Graph mode: call `handler` when the task has succeeded, or has failed. It is a function of the
  /// task, or of nothing, and gives a HandlerResult; it runs while execute() does, one handler at a
  /// time. What it throws fails the task.
  template <typename Function>
  const Task& on_success(Function&& handler) const {
    set<&cfy_workflow_host::task_on_success>(as_handler(std::forward<Function>(handler)));
    return *this;
  }
  template <typename Function>
  const Task& on_failure(Function&& handler) const {
    set<&cfy_workflow_host::task_on_failure>(as_handler(std::forward<Function>(handler)));
    return *this;
  }

  /// It (of a subgraph: its members, too) belongs to the run at hand alone: a later resume neither
  /// expects it nor counts it as done. For what a workflow does only because ctx.resume() is true,
  /// such as undoing what was left half done.
  const Task& for_this_run() const {
    session().demand<&cfy_workflow_host::task_for_this_run>(id_);
    return *this;
  }

  /// The same, for what undoes an operation that was left half done and is about to run again:
  /// should the run be cut off before that starts, the next resume does not undo once more what was
  /// undone.
  const Task& undoes(const Task& undone) const {
    session().demand<&cfy_workflow_host::task_undoes>(id_, undone.id_);
    return *this;
  }

  /// How it ended. Throw NonRecoverable as long as it has not.
  bool has_succeeded() const { return outcome().succeeded != 0; }
  json result() const { return detail::parse(outcome().result_json); }
  std::string error() const { return detail::text(outcome().error); }

  // What it is, and how far it has come. Each call asks the program anew.

  /// Its id in events and in the stored operations.
  std::string task_id() const { return dump().at("task_id"); }
  /// A word for people: the operation, the text of an event, the state that is set, what
  /// LocalTaskOptions said. Else empty.
  std::string info() const { return text_of("info"); }
  /// "pending", "started", "rescheduled" (waits for its next try), "succeeded" or "failed". The
  /// last two are final. One that never ran because a task before it failed stays pending, and one
  /// whose failure was forgiven is failed. The program alone changes it: a handler's result is how
  /// a workflow decides.
  std::string get_state() const { return dump().at("state"); }
  /// An operation. It runs in a process of its own; everything else runs within the program.
  bool is_remote() const { return dump().at("kind") == "operation"; }
  bool is_local() const { return !is_remote(); }
  /// It does nothing; so does an operation that is not mapped.
  bool is_nop() const { return dump().at("kind") == "nop"; }
  bool is_subgraph() const { return dump().at("kind") == "subgraph"; }
  /// It as a subgraph, if it is one.
  std::optional<Subgraph> as_subgraph() const;
  /// The subgraph that it is a member of.
  std::optional<Subgraph> containing_subgraph() const;
  /// It has been added to the graph, and not removed.
  bool is_in_graph() const { return dump().at("is_in_graph"); }
  bool send_task_events() const { return dump().at("send_task_events"); }

  /// How often it may be tried again; -1: endless. What is never tried again (events, states) has
  /// 0.
  std::int64_t total_retries() const { return dump().at("total_retries"); }
  /// Its own number, whatever the operation and the run say. Of a subgraph: how often its
  /// on_failure may give another one for it, by HandlerResult::retry_by(); that one inherits the
  /// number. Throws NonRecoverable once it has started, and for what is never tried again.
  const Task& set_total_retries(std::int64_t total_retries) const {
    session().demand<&cfy_workflow_host::task_set_total_retries>(id_, total_retries);
    return *this;
  }
  /// Seconds from one try to the next, when nothing else is asked for.
  double retry_interval() const { return dump().at("retry_interval"); }
  /// 0 during the first try.
  std::int64_t current_retries() const { return dump().at("current_retries"); }
  /// Rescheduled: when its next try is due, in seconds since 1970.
  std::optional<double> execute_after() const { return number_of("execute_after"); }
  /// Seconds that each try may take, as the blueprint says.
  std::optional<double> timeout() const { return number_of("timeout"); }
  /// A try that takes longer may be tried again.
  bool timeout_recoverable() const { return dump().at("timeout_recoverable"); }
  /// Of a subgraph that is another's next try: that one.
  std::optional<Task> retried_task() const {
    const json id = dump().at("retried_task");
    return id.is_null() ? std::nullopt : std::optional(Task(session_, id.get<cfy_task>()));
  }
  /// All of it in one object; cfy/plugin.h has the names.
  json dump() const { return detail::parse(session().ask<&cfy_workflow_host::task_json>(id_)); }

  friend bool operator==(const Task& a, const Task& b) { return a.id_ == b.id_; }
  friend auto operator<=>(const Task& a, const Task& b) { return a.id_ <=> b.id_; }

 protected:
  detail::Session& session() const {
    if (session_ == nullptr) throw NonRecoverable("an empty cfy::Task was used");
    return *session_;
  }

 private:
  /// Keeps the session alive for as long as the host may call.
  struct Holder {
    std::shared_ptr<detail::Session> session;
    Handler handler;
  };

  template <typename Function>
  static Handler as_handler(Function&& handler) {
    if constexpr (std::is_invocable_v<Function&, const Task&>)
      return std::forward<Function>(handler);
    else
      return [inner = std::forward<Function>(handler)](const Task&) mutable { return inner(); };
  }

  template <auto SetHandler>
  void set(Handler handler) const {
    if (!session().is_in_graph_mode())
      throw NonRecoverable(
          "handlers are for tasks of a graph: the task has started already, so get() its result "
          "and decide then");
    auto holder =
        std::make_unique<Holder>(Holder{session().shared_from_this(), std::move(handler)});
    // Ownership passes to the host with the call, whatever it answers.
    session().demand<SetHandler>(id_,
                                 cfy_handler{holder.release(), &run_handler, &release_handler});
  }

  static cfy_status run_handler(void* data, cfy_task task, const cfy_task_outcome*,
                                cfy_handler_result* result, cfy_reply* reply) noexcept {
    return detail::guarded(reply, [&]() -> cfy_status {
      const Holder& holder = *static_cast<const Holder*>(data);
      holder.handler(Task(holder.session.get(), task)).write_to(*result);
      return CFY_OK;
    });
  }
  static void release_handler(void* data) noexcept {
    const std::unique_ptr<Holder> owner(static_cast<Holder*>(data));
  }

  std::string text_of(const char* key) const {
    const json all = dump();
    return all.at(key).is_string() ? all.at(key).get<std::string>() : std::string();
  }
  std::optional<double> number_of(const char* key) const {
    const json all = dump();
    return all.at(key).is_number() ? std::optional(all.at(key).get<double>()) : std::nullopt;
  }

  cfy_task_outcome outcome() const {
    cfy_task_outcome outcome{};
    outcome.size = sizeof(outcome);
    session().demand<&cfy_workflow_host::task_outcome>(id_, &outcome);
    return outcome;
  }

  detail::Session* session_ = nullptr;
  cfy_task id_ = CFY_NONE;
};

inline HandlerResult HandlerResult::retry_by(const Task& replacement) {
  HandlerResult result(CFY_HANDLER_RETRY);
  result.retried_task_ = replacement.id();
  return result;
}

}  // namespace cfy
