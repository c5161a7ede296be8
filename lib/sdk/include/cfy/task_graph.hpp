// TaskGraph: which tasks run and who waits for whom. Subgraph: the same, as one task of a larger
// graph. TaskSequence: chains without naming every dependency.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <ranges>
#include <string_view>
#include <utility>
#include <vector>

#include <cfy/task.hpp>

namespace cfy {

/// Tasks that run side by side as one step of a sequence.
class ForkJoin {
 public:
  explicit ForkJoin(std::vector<Task> tasks) : tasks_(std::move(tasks)) {}
  const std::vector<Task>& tasks() const { return tasks_; }

 private:
  std::vector<Task> tasks_;
};

template <std::convertible_to<Task>... Tasks>
ForkJoin forkjoin(const Tasks&... tasks) {
  return ForkJoin({static_cast<Task>(tasks)...});
}
inline ForkJoin forkjoin(std::vector<Task> tasks) {
  return ForkJoin(std::move(tasks));
}

class TaskContainer;
class Subgraph;

/// Each step starts when the step before it has finished.
class TaskSequence {
 public:
  explicit TaskSequence(const TaskContainer& container);

  /// Add steps, and the tasks in them to the graph. A step is a task, a forkjoin, or a list of
  /// tasks, which is a step for each of its tasks. An empty forkjoin is skipped: what comes after
  /// it waits for what came before.
  template <typename... Steps>
  TaskSequence& add(const Steps&... steps) {
    (add_step(steps), ...);
    return *this;
  }

 private:
  void add_step(const Task& task) { add_parallel({task}); }
  void add_step(const ForkJoin& step) { add_parallel(step.tasks()); }
  template <std::ranges::input_range Range>
  requires std::convertible_to<std::ranges::range_reference_t<const Range>, Task>
  void add_step(const Range& tasks) {
    for (const Task& task : tasks)
      add_parallel({task});
  }
  void add_parallel(const std::vector<Task>& tasks);

  detail::Session* session_;
  cfy_task scope_;
  std::vector<Task> last_;
};

struct SubgraphOptions {
  /// How often its on_failure may give another subgraph for it (HandlerResult::retry_by()); -1:
  /// endless; unset: the run's subgraph_retries.
  std::optional<std::int64_t> total_retries = {};
};

/// What TaskGraph and Subgraph have in common. A handle, like Task.
class TaskContainer {
 public:
  /// Put a task into this graph. Adding it a second time changes nothing; adding it to another
  /// subgraph throws.
  void add_task(const Task& task) const {
    session_->demand<&cfy_workflow_host::graph_add_task>(scope_, task.id());
  }
  /// Take it out again, with its dependencies; a subgraph goes with its members.
  void remove_task(const Task& task) const {
    session_->demand<&cfy_workflow_host::graph_remove_task>(task.id());
  }
  /// Make `task` wait until `after` has finished. Twice, or a task after itself: changes nothing.
  void add_dependency(const Task& task, const Task& after) const {
    session_->demand<&cfy_workflow_host::graph_add_dependency>(task.id(), after.id());
  }
  void remove_dependency(const Task& task, const Task& after) const {
    session_->demand<&cfy_workflow_host::graph_remove_dependency>(task.id(), after.id());
  }
  TaskSequence sequence() const { return TaskSequence(*this); }
  /// A new subgraph, already added here.
  Subgraph subgraph(std::string_view name, const SubgraphOptions& options = {}) const;
  /// In the order of adding. Of a subgraph: its members. Of the graph: all tasks, the members of
  /// subgraphs too.
  std::vector<Task> tasks() const { return list(CFY_ORDER_ADDED); }

 protected:
  friend class TaskSequence;
  std::vector<Task> list(std::int32_t order) const {
    cfy_task_list found{};
    session_->demand<&cfy_workflow_host::graph_tasks>(scope_, order, &found);
    std::vector<Task> tasks;
    tasks.reserve(found.count);
    for (std::size_t i = 0; i < found.count; ++i)
      tasks.emplace_back(session_, found.items[i]);
    return tasks;
  }
  TaskContainer(detail::Session* session, cfy_task scope) : session_(session), scope_(scope) {}

  detail::Session* session_;
  cfy_task scope_;  // CFY_NONE: the whole graph
};

/// A graph that is a task of the graph around it: finished when all its members are, failed with
/// the first member that fails. Empty: succeeds at once.
class Subgraph : public Task, public TaskContainer {
 public:
  Subgraph(detail::Session* session, cfy_task id) : Task(session, id), TaskContainer(session, id) {}
};

/// The graph of an execution.
class TaskGraph : public TaskContainer {
 public:
  explicit TaskGraph(detail::Session* session) : TaskContainer(session, CFY_NONE) {}

  /// The task with that number, if it is in the graph.
  std::optional<Task> get_task(std::uint32_t id) const {
    const json found = detail::parse(session_->ask<&cfy_workflow_host::task_json>(id));
    if (found.is_null() || !found.at("is_in_graph").get<bool>()) return std::nullopt;
    return Task(session_, id);
  }
  /// All tasks, each after those that it waits for, a subgraph before its members. Throws
  /// NonRecoverable for a ring.
  std::vector<Task> linearize() const { return list(CFY_ORDER_LINEAR); }
  /// Take out tasks that do nothing and have no handlers, and subgraphs that are empty or become
  /// so. What waited for them waits for what they waited for. A no-op stays where it ties a member
  /// of a subgraph to a task outside, or very many tasks to very many others. Handles of what was
  /// taken out are good for nothing any more. Throws NonRecoverable for a ring.
  void optimize() const { session_->demand<&cfy_workflow_host::graph_optimize>(); }

  /// Run what is in the graph and wait for its end. Throws ExecutionCancelled as soon as the
  /// execution is cancelled, WorkflowFailed (naming every failed task) when tasks failed, and
  /// NonRecoverable for a ring of dependencies ("a -> b -> a"; nothing was started then).
  void execute() const { session_->demand<&cfy_workflow_host::graph_execute>(); }
};

inline Subgraph TaskContainer::subgraph(std::string_view name,
                                        const SubgraphOptions& options) const {
  Subgraph made(session_, session_->make<&cfy_workflow_host::subgraph>(detail::str(name)));
  if (options.total_retries) made.set_total_retries(*options.total_retries);
  add_task(made);
  return made;
}

inline std::optional<Subgraph> Task::as_subgraph() const {
  return is_subgraph() ? std::optional(Subgraph(session_, id_)) : std::nullopt;
}
inline std::optional<Subgraph> Task::containing_subgraph() const {
  const json id = dump().at("containing_subgraph");
  return id.is_null() ? std::nullopt : std::optional(Subgraph(session_, id.get<cfy_task>()));
}

inline TaskSequence::TaskSequence(const TaskContainer& container)
    : session_(container.session_), scope_(container.scope_) {}

inline void TaskSequence::add_parallel(const std::vector<Task>& tasks) {
  if (tasks.empty()) return;
  for (const Task& task : tasks) {
    session_->demand<&cfy_workflow_host::graph_add_task>(scope_, task.id());
    for (const Task& before : last_)
      session_->demand<&cfy_workflow_host::graph_add_dependency>(task.id(), before.id());
  }
  last_ = tasks;
}

}  // namespace cfy
