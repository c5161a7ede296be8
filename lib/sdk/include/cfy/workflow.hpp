// WorkflowContext: what a workflow function gets:
//
//   void f(cfy::WorkflowContext& ctx, const cfy::Parameters& parameters);
//
// Graph mode: the function builds a graph of tasks from the nodes and instances of the deployment
// and executes it. Standard mode, without a call of graph_mode(): whatever makes a task starts it
// at once, get() waits for it, and the workflow ends when all have ended.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <cfy/deployment.hpp>
#include <cfy/detail/resources.hpp>
#include <cfy/node.hpp>
#include <cfy/parameters.hpp>
#include <cfy/task_graph.hpp>

namespace cfy {

/// How a function of the workflow's own is to be run.
struct LocalTaskOptions {
  std::string_view name = "local";
  std::optional<NodeInstance> node_instance = {};  ///< whose task it is, for events
  std::optional<std::int64_t> total_retries = {};  ///< -1: endless; unset: the run's
  std::optional<double> retry_interval = {};       ///< seconds; unset: the run's
  bool send_task_events = true;
  std::string_view info = {};  ///< a word for people; Task::info() tells it
};

/// How a function of a plugin is to be called that no operation is mapped to.
struct ExecuteTaskOptions {
  json kwargs = json::object();  ///< its inputs; functions in them are evaluated
  std::optional<NodeInstance> node_instance =
      {};  ///< whose context it gets; unset: the deployment's
  bool send_task_events = true;
  std::optional<std::int64_t> total_retries = {};  ///< -1: endless; unset: the run's
  std::optional<double> retry_interval = {};       ///< seconds; unset: the run's
  std::optional<double> timeout = {};              ///< seconds; unset: none
  bool timeout_recoverable = false;
};

/// What a workflow function may know and do. Functions that make tasks, and the graph, are for the
/// workflow's thread (handlers run there too); everything else is safe from local functions as
/// well.
class WorkflowContext {
 public:
  explicit WorkflowContext(detail::Session* session) : session_(session) {}

  std::string execution_id() const { return detail::text(facts().execution_id); }
  std::string workflow_id() const { return detail::text(facts().workflow_id); }
  std::string tenant_name() const { return deployment().tenant_name(); }
  bool dry_run() const { return facts().is_dry_run != 0; }
  /// There is no server: workflow and operations run on this machine.
  bool local() const { return true; }
  /// Seconds that unrelated tasks may go on after a task has failed.
  double wait_after_fail() const { return facts().wait_after_fail_s; }
  /// The execution was cut off before and goes on. The function runs from its beginning again, and
  /// is expected to make the same tasks; those that were done do not run again. Tasks that are made
  /// only because of this are to be marked with Task::for_this_run().
  bool resume() const { return facts().is_resume != 0; }

  /// A thing that has only an id here.
  class Named {
   public:
    explicit Named(std::string id) : id_(std::move(id)) {}
    const std::string& id() const { return id_; }

   private:
    std::string id_;
  };
  Named blueprint() const { return Named(detail::text(facts().blueprint_id)); }
  Deployment deployment() const {
    return Deployment(session_, detail::text(facts().deployment_id));
  }

  /// An execution as it is stored now, this one when no id is given: {id, workflow_id,
  /// deployment_id, status, parameters, error, result, is_dry_run, created_at, started_at,
  /// ended_at}. Throws NonRecoverable when there is none with that id. Only on the workflow's
  /// thread.
  json get_execution(std::string_view id = {}) const {
    cfy_str found{};
    session_->demand<&cfy_workflow_host::get_execution>(detail::str(id), &found);
    return detail::parse(found);
  }

  // Files beside the blueprint: `path` is relative to it, absolute, or a file:// address. All throw
  // NonRecoverable when there is none.

  std::string get_resource(const std::string& path) const {
    return detail::load_resource(detail::need_resource(path, deployment().resources_root()));
  }
  /// A copy that belongs to the workflow.
  /// @param target  empty: a file of the same name in a new temporary folder
  /// @return its path
  std::string download_resource(const std::string& path, const std::string& target = {}) const {
    const auto source = detail::need_resource(path, deployment().resources_root());
    return detail::save_resource(source, detail::load_resource(source), target, /*workdir=*/"");
  }

  /// In blueprint order.
  std::vector<Node> nodes() const { return all<Node>(facts().node_count); }
  std::vector<NodeInstance> node_instances() const {
    std::vector<NodeInstance> found;
    for (const Node& node : nodes())
      for (NodeInstance& instance : node.instances())
        found.push_back(std::move(instance));
    return found;
  }
  /// Look at what is stored now: states and properties that operations of this run, or somebody
  /// else, have changed.
  void refresh_node_instances() const {
    session_->demand<&cfy_workflow_host::refresh>();
    session_->forget();
  }
  /// By id, or nothing. O(1) but for the first call.
  std::optional<Node> get_node(std::string_view id) const {
    return some<Node>(session_->find_node(id));
  }
  std::optional<NodeInstance> get_node_instance(std::string_view id) const {
    auto found = some<NodeInstance>(session_->find_instance(id));
    if (found && session_->ask<&cfy_workflow_host::instance>(found->number())->is_gone != 0)
      return std::nullopt;
    return found;
  }

  /// The graph of this execution. Tasks are made after this call, added to the graph, and run by
  /// its execute(). Throws NonRecoverable once a task was started in standard mode.
  TaskGraph graph_mode() const {
    session_->enter_graph_mode();
    return TaskGraph(session_);
  }

  /// A task that tells an event of the workflow.
  /// @param additional_context  null, or an object: added to the context of the event's record
  Task send_event(std::string_view event, std::string_view event_type = "workflow_stage",
                  const json& additional_context = {}) const {
    return detail::event_task(session_, CFY_NONE, CFY_NONE, event_type, event, additional_context);
  }
  /// The same at once, without a task. For handlers.
  void send_event_now(std::string_view event, std::string_view event_type = "workflow_stage",
                      const json& additional_context = {}) const {
    detail::send_event(session_, CFY_NONE, CFY_NONE, event_type, event, additional_context);
  }
  /// A task that tells how far the execution is, in a word of the workflow's own. Cloudify's server
  /// shows it as the status of the execution; here it is an event, and the status stays "started".
  Task update_execution_status(std::string_view status) const {
    return send_event("Execution status: " + std::string(status));
  }
  /// A task that calls `function` (no parameters) on a thread of the program's pool; what it gives,
  /// if anything, is the task's result. Like an operation it may throw Recoverable, Retry or
  /// NonRecoverable. It must own what it captures.
  template <std::invocable Function>
  Task local_task(Function function, const LocalTaskOptions& options = {}) const;
  /// A task that calls an operation function by its mapping, "plugin.module.function", without an
  /// operation of a node: in the context of the deployment, or of the instance that is given.
  /// Throws NonRecoverable when the blueprint declares no such plugin.
  Task execute_task(std::string_view mapping, const ExecuteTaskOptions& options = {}) const;
  /// A task that does nothing, to hang dependencies on.
  Task nop_task() const { return Task(session_, session_->make<&cfy_workflow_host::nop_task>()); }

  /// Run `function` (no parameters) although the execution was cancelled: tasks in it run, and
  /// only a forced cancel ends them. See CleanupScope.
  template <std::invocable Function>
  void cleanup(Function&& function) const;

  /// True once the execution was asked to cancel. execute() and get() look for themselves; between
  /// them the workflow may, and should throw ExecutionCancelled then.
  bool has_cancel_request() const {
    return session_->ask<&cfy_workflow_host::has_cancel_request>() != CFY_NO_CANCEL;
  }
  /// True when it is being killed: in a few seconds the process is gone.
  bool has_kill_request() const {
    return session_->ask<&cfy_workflow_host::has_cancel_request>() == CFY_KILL_CANCEL;
  }
  Logger logger() const {
    return Logger([session = session_](std::string_view level, std::string_view line) {
      session->ask<&cfy_workflow_host::log>(CFY_NONE, detail::str(level), detail::str(line));
    });
  }

 private:
  friend class CleanupScope;
  const cfy_execution_view& facts() const { return session_->execution(); }

  template <typename T>
  std::vector<T> all(std::uint32_t count) const {
    std::vector<T> handles;
    handles.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i)
      handles.emplace_back(session_, i);
    return handles;
  }
  template <typename T>
  std::optional<T> some(std::uint32_t number) const {
    if (number == CFY_NONE) return std::nullopt;
    return T(session_, number);
  }

  detail::Session* session_;
};

/// As long as it lives, execute() and get() work although the execution was cancelled gracefully:
/// for what has to be undone after ExecutionCancelled was caught, before it is thrown again. What
/// the cancel kept from starting is taken out of the graph. Scopes do not nest.
///
///   try {
///     graph.execute();
///   } catch (const cfy::ExecutionCancelled&) {
///     cfy::CleanupScope scope(ctx);
///     graph.add_task(instance.execute_operation("maintenance.unlock"));
///     graph.execute();
///     throw;
///   }
class CleanupScope {
 public:
  explicit CleanupScope(const WorkflowContext& ctx) : session_(ctx.session_) {
    session_->demand<&cfy_workflow_host::cleanup_begin>();
  }
  ~CleanupScope() { session_->ask<&cfy_workflow_host::cleanup_end>(); }
  CleanupScope(const CleanupScope&) = delete;
  CleanupScope& operator=(const CleanupScope&) = delete;

 private:
  detail::Session* session_;
};

template <std::invocable Function>
void WorkflowContext::cleanup(Function&& function) const {
  const CleanupScope scope(*this);
  std::forward<Function>(function)();
}

namespace detail {

/// A function of a workflow in the hands of the host; keeps the session alive until released.
struct LocalHolder {
  std::shared_ptr<Session> session;
  std::function<json()> function;

  static cfy_status run(void* data, cfy_reply* reply) noexcept {
    return guarded(reply, [&]() -> cfy_status {
      const json result = static_cast<const LocalHolder*>(data)->function();
      reply->set_result(reply, str(dump(result)));
      return CFY_OK;
    });
  }
  static void release(void* data) noexcept {
    const std::unique_ptr<LocalHolder> owner(static_cast<LocalHolder*>(data));
  }
};

}  // namespace detail

inline Task WorkflowContext::execute_task(std::string_view mapping,
                                          const ExecuteTaskOptions& options) const {
  const std::string kwargs = detail::dump(options.kwargs);
  const cfy_task_options tries = detail::to_c(
      TaskOptions{options.total_retries, options.retry_interval, options.send_task_events});
  const std::uint32_t instance = options.node_instance ? options.node_instance->number() : CFY_NONE;
  return Task(session_,
              session_->make<&cfy_workflow_host::function_task>(
                  instance, detail::str(mapping), detail::str(kwargs), options.timeout.value_or(0),
                  options.timeout_recoverable ? 1 : 0, &tries));
}

template <std::invocable Function>
Task WorkflowContext::local_task(Function function, const LocalTaskOptions& options) const {
  auto holder = std::make_unique<detail::LocalHolder>();
  holder->session = session_->shared_from_this();
  holder->function = [inner = std::move(function)]() mutable -> json {
    if constexpr (std::is_void_v<std::invoke_result_t<Function&>>) {
      inner();
      return nullptr;
    } else {
      return inner();
    }
  };
  const cfy_task_options tries = detail::to_c(TaskOptions{
      options.total_retries, options.retry_interval, options.send_task_events, options.info});
  const cfy_instance instance =
      options.node_instance ? options.node_instance->number() : cfy_instance{CFY_NONE};
  // Ownership passes to the host with the call, whatever it answers.
  return Task(session_, session_->make<&cfy_workflow_host::local_task>(
                            detail::str(options.name), instance,
                            cfy_local_function{holder.release(), &detail::LocalHolder::run,
                                               &detail::LocalHolder::release},
                            &tries));
}

}  // namespace cfy
