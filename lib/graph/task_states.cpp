#include "graph/task_states.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace cfy::graph {
namespace {

constexpr unsigned bit(TaskState state) {
  return 1U << static_cast<unsigned>(state);
}

/// Where a state may lead. A task without work of its own may succeed without having started.
constexpr unsigned next_states(TaskState from) {
  using enum TaskState;
  constexpr unsigned kJudged = bit(succeeded) | bit(failed) | bit(ignored) | bit(rescheduled);
  switch (from) {
    case pending:
      return bit(started) | bit(succeeded) | bit(skipped);
    case started:
      return kJudged | bit(responded) | bit(pending);  // pending: it was taken back unused
    case responded:
      return kJudged;
    case rescheduled:
      return bit(pending) | bit(skipped) | bit(failed);  // failed: nobody wants it any more
    default:
      return 0;
  }
}

base::Error invalid(std::string_view what) {
  return base::make_error(base::ErrorKind::invalid, "{}", what);
}

}  // namespace

TaskStates::TaskStates(TaskGraph& graph, StateObserver* observer)
    : graph_(graph), observer_(observer) {}

// ---- changes of the graph

base::Result<void> TaskStates::check_known(TaskId task) const {
  if (graph_.contains(task)) return {};
  return invalid(graph_.is_known(task) ? "the task is not in the graph; add it first"
                                       : "there is no such task");
}

base::Result<void> TaskStates::add_task(TaskId task, TaskId container) {
  if (!graph_.is_known(task)) return invalid("there is no such task");
  if (graph_.contains(task)) return add_again(task, container);
  if (state(task) != TaskState::pending) return invalid("the task has already run");
  if (container != kNoTask) {
    if (!graph_.contains(container) || !graph_.is_subgraph(container))
      return invalid("there is no such subgraph in the graph");
    if (is_final(state(container))) return invalid("the subgraph has already ended");
  }
  graph_.add(task, container);
  if (entries_.size() < graph_.size()) {
    if (entries_.capacity() < graph_.size()) entries_.reserve(graph_.size() * 2);
    entries_.resize(graph_.size());
  }
  ++total_;
  ++counts_[static_cast<std::size_t>(TaskState::pending)];
  if (container != kNoTask) {
    ++subgraph(container).open_members;
    if (state(container) == TaskState::pending) ++at(task).waiting_for;
  }
  update_ready(task);
  return {};
}

// Sequences add what may be there already, and a subgraph is made in the graph before it goes into
// another one; neither is a mistake.
base::Result<void> TaskStates::add_again(TaskId task, TaskId container) {
  if (container == kNoTask || graph_.subgraph(task) == container) return {};
  if (graph_.subgraph(task) != kNoTask) return invalid("the task is already in another subgraph");
  if (!graph_.contains(container) || !graph_.is_subgraph(container))
    return invalid("there is no such subgraph in the graph");
  for (TaskId outer = container; outer != kNoTask; outer = graph_.subgraph(outer))
    if (outer == task) return invalid("a subgraph cannot be a member of itself");
  if (state(task) != TaskState::pending) return invalid("the task has already started");
  if (is_final(state(container))) return invalid("the subgraph has already ended");
  graph_.enter(task, container);
  ++subgraph(container).open_members;
  if (state(container) == TaskState::pending) wait_more(task, 1);
  return {};
}

bool TaskStates::runs(TaskId task) const {
  if (!graph_.is_subgraph(task))
    return state(task) == TaskState::started || state(task) == TaskState::responded;
  const auto& members = graph_.members(task);
  return std::any_of(members.begin(), members.end(), [this](TaskId m) { return runs(m); });
}

base::Result<void> TaskStates::remove_task(TaskId task) {
  if (auto known = check_known(task); !known) return known;
  if (runs(task)) return invalid("the task runs at the moment");
  if (graph_.is_subgraph(task))
    for (const TaskId member : std::vector<TaskId>(graph_.members(task)))
      if (auto removed = remove_task(member); !removed) return removed;
  if (!lets_dependents_start(state(task)))
    graph_.for_each_dependent(task, [this](TaskId waiting) { wait_less(waiting, 1); });
  --total_;
  --counts_[static_cast<std::size_t>(state(task))];
  const TaskId container = graph_.subgraph(task);
  const bool was_open = !is_final(state(task));
  ready_[graph_.lane(task)].erase(graph_.order(task));
  graph_.remove(task);
  if (state(task) == TaskState::pending) at(task).waiting_for = 0;
  if (container == kNoTask || !was_open) return {};
  Subgraph& open = subgraph(container);
  if (--open.open_members == 0 && open.first_failed == kNoTask &&
      state(container) == TaskState::started)
    answered_subgraphs_.push_back(container);
  return {};
}

base::Result<void> TaskStates::add_dependency(TaskId task, TaskId after) {
  if (auto known = check_known(task); !known) return known;
  if (auto known = check_known(after); !known) return known;
  if (task == after) return {};
  if (state(task) != TaskState::pending)
    return invalid("the task has already started, it cannot wait any more");
  graph_.add_edge(task, after);
  const TaskState awaited = state(after);
  if (awaited == TaskState::failed) {
    skip({task}, reason(after));
  } else if (awaited == TaskState::skipped) {
    skip({task}, skipped_because(after));
  } else if (!lets_dependents_start(awaited)) {
    wait_more(task, 1);
  }
  return {};
}

base::Result<void> TaskStates::remove_dependency(TaskId task, TaskId after) {
  if (auto known = check_known(task); !known) return known;
  if (auto known = check_known(after); !known) return known;
  const auto removed = static_cast<std::uint32_t>(graph_.remove_edge(task, after));
  if (!lets_dependents_start(state(after))) wait_less(task, removed);
  return {};
}

void TaskStates::move_dependents(TaskId from, TaskId to) {
  CFY_ASSERT(graph_.contains(from) && graph_.contains(to));
  CFY_ASSERT(!is_final(state(from)) && !is_final(state(to)));
  std::vector<TaskId> waiting;
  graph_.for_each_dependent(from, [&](TaskId task) { waiting.push_back(task); });
  for (const TaskId task : waiting) {
    const auto removed = static_cast<std::uint32_t>(graph_.remove_edge(task, from));
    if (removed == 0 || task == to) continue;
    graph_.add_edge(task, to);
    wait_more(task, 1);
    wait_less(task, removed);
  }
}

// ---- waiting and readiness

void TaskStates::update_ready(TaskId task) {
  ReadySet& ready = ready_[graph_.lane(task)];
  if (at(task).state == TaskState::pending && at(task).waiting_for == 0)
    ready.insert(graph_.order(task));
  else
    ready.erase(graph_.order(task));
}

void TaskStates::set_lane(TaskId task, std::uint8_t lane) {
  ready_[graph_.lane(task)].erase(graph_.order(task));
  graph_.set_lane(task, lane);
  update_ready(task);
}

void TaskStates::wait_more(TaskId task, std::uint32_t count) {
  if (at(task).state != TaskState::pending) return;
  at(task).waiting_for += count;
  update_ready(task);
}

void TaskStates::wait_less(TaskId task, std::uint32_t count) {
  Entry& entry = at(task);
  if (entry.state != TaskState::pending) return;
  CFY_ASSERT(entry.waiting_for >= count);
  entry.waiting_for -= count;
  if (entry.waiting_for == 0) update_ready(task);
}

// ---- transitions

void TaskStates::set(TaskId task, TaskState to) {
  CFY_ASSERT(graph_.contains(task));
  CFY_ASSERT((next_states(state(task)) & bit(to)) != 0);
  change(task, to);
  if (to == TaskState::started && graph_.is_subgraph(task)) after_start(task);
  if (is_final(to)) after_end(task);
}

void TaskStates::change(TaskId task, TaskState to) {
  Entry& entry = at(task);
  const TaskState from = entry.state;
  const auto is_running = [](TaskState s) {
    return s == TaskState::started || s == TaskState::responded;
  };
  entry.state = to;
  --counts_[static_cast<std::size_t>(from)];
  ++counts_[static_cast<std::size_t>(to)];
  if (is_running(from) != is_running(to) && !graph_.is_subgraph(task))
    is_running(to) ? ++running_ : --running_;
  if (from == TaskState::pending || to == TaskState::pending) update_ready(task);
  if (observer_ != nullptr) observer_->on_state(task, from, to);
}

void TaskStates::after_start(TaskId task) {
  for (const TaskId member : graph_.members(task))
    wait_less(member, 1);
  const Subgraph& started = subgraph(task);
  if (started.open_members == 0 || started.first_failed != kNoTask)
    answered_subgraphs_.push_back(task);
}

void TaskStates::after_end(TaskId task) {
  tell_subgraph_of(task);
  if (lets_dependents_start(state(task))) {
    graph_.for_each_dependent(task, [this](TaskId waiting) { wait_less(waiting, 1); });
  } else if (state(task) == TaskState::failed) {
    std::vector<TaskId> waiting;
    graph_.for_each_dependent(task, [&](TaskId dependent) { waiting.push_back(dependent); });
    skip(std::move(waiting), reason(task));
  }
}

void TaskStates::tell_subgraph_of(TaskId member) {
  const TaskId container = graph_.subgraph(member);
  if (container == kNoTask) return;
  Subgraph& open = subgraph(container);
  --open.open_members;
  if (open.first_failed != kNoTask) return;  // it has been answered already
  const TaskState ended = state(member);
  if (ended == TaskState::failed) open.first_failed = reason(member);
  if (ended == TaskState::skipped) open.first_failed = skipped_because(member);
  if (state(container) == TaskState::started &&
      (open.open_members == 0 || open.first_failed != kNoTask))
    answered_subgraphs_.push_back(container);
}

std::optional<TaskId> TaskStates::pop_answered_subgraph() {
  while (!answered_subgraphs_.empty()) {
    const TaskId task = answered_subgraphs_.front();
    answered_subgraphs_.pop_front();
    // A handler may have added a member, or removed the subgraph, in the meantime.
    if (!graph_.contains(task) || state(task) != TaskState::started) continue;
    const Subgraph& answered = subgraph(task);
    if (answered.open_members == 0 || answered.first_failed != kNoTask) return task;
  }
  return std::nullopt;
}

// ---- failures

TaskId TaskStates::skipped_because(TaskId task) const {
  return state(task) == TaskState::skipped ? TaskId{entries_[index_of(task)].waiting_for} : kNoTask;
}

TaskId TaskStates::first_failed(TaskId task) const {
  const auto found = subgraphs_.find(index_of(task));
  return found == subgraphs_.end() ? kNoTask : found->second.first_failed;
}

TaskId TaskStates::reason(TaskId failed) const {
  const TaskId member = first_failed(failed);
  return member == kNoTask ? failed : member;
}

void TaskStates::skip_waiting_members(TaskId task, const std::function<bool(TaskId)>& spares) {
  std::vector<TaskId> waiting;
  std::vector<TaskId> containers{task};
  while (!containers.empty()) {
    const TaskId container = containers.back();
    containers.pop_back();
    for (const TaskId member : graph_.members(container)) {
      if (graph_.is_subgraph(member) && state(member) == TaskState::started)
        containers.push_back(member);
      if (!spares || !spares(member)) waiting.push_back(member);
    }
  }
  skip(std::move(waiting), reason(task));
}

void TaskStates::skip(std::vector<TaskId> tasks, TaskId because) {
  // First find them all, then change them in the graph's order, so that what an observer sees does
  // not depend on how the edges were added.
  std::vector<TaskId> found;
  while (!tasks.empty()) {
    const TaskId task = tasks.back();
    tasks.pop_back();
    Entry& entry = at(task);
    const bool waits = entry.state == TaskState::pending || entry.state == TaskState::rescheduled;
    if (!waits || entry.waiting_for == kMarked) continue;
    entry.waiting_for = kMarked;
    found.push_back(task);
    graph_.for_each_dependent(task, [&](TaskId dependent) { tasks.push_back(dependent); });
    if (graph_.is_subgraph(task))
      tasks.insert(tasks.end(), graph_.members(task).begin(), graph_.members(task).end());
  }
  std::sort(found.begin(), found.end(),
            [this](TaskId a, TaskId b) { return graph_.order(a) < graph_.order(b); });
  for (const TaskId task : found) {
    at(task).waiting_for = index_of(because);
    change(task, TaskState::skipped);
  }
  for (const TaskId task : found)
    if (const TaskId container = graph_.subgraph(task); container != kNoTask)
      tell_subgraph_of(task);
}

}  // namespace cfy::graph
