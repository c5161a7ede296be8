#include "exec/restart.hpp"

#include <array>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace cfy::exec {
namespace {

constexpr std::array kKinds = {TaskKind::nop,   TaskKind::operation, TaskKind::event,
                               TaskKind::local, TaskKind::state,     TaskKind::subgraph};

TaskKind kind_of(std::string_view name) {
  for (const TaskKind kind : kKinds)
    if (name_of(kind) == name) return kind;
  return TaskKind::nop;
}

TaskState state_of(std::string_view name) {
  for (std::size_t i = 0; i < graph::kTaskStateCount; ++i)
    if (const auto state = static_cast<TaskState>(i); graph::to_string(state) == name) return state;
  return TaskState::pending;
}

// The results of others are what their operations made them.
std::optional<std::uint32_t> skipped_because(const store::Operation& row) {
  if (row.state != "skipped" || !row.result.is_object()) return std::nullopt;
  const auto number = row.result.find(kBecause);
  if (number == row.result.end() || !number->is_number_unsigned()) return std::nullopt;
  return number->get<std::uint32_t>();
}

bool has_failed(const store::Operation& row) {
  return row.state == "failed" || row.state == "skipped";
}

// Which failures stand. What failed in a subgraph that was forgiven, or that a new one took the
// place of, does not run again. But when a task outside of it waits for something in it, the whole
// subgraph starts anew.
class Failures {
 public:
  explicit Failures(const std::vector<store::Operation>& rows) {
    for (const store::Operation& row : rows) {
      by_number_.emplace(row.number, &row);
      if (row.subgraph) members_[*row.subgraph].push_back(row.number);
    }
    for (const store::Operation& row : rows)
      if (has_failed(row) && !is_in_forgiven(row)) start_anew(row);
  }
  bool starts_anew(const store::Operation& row) const { return anew_.contains(row.number); }

 private:
  bool is_in_forgiven(const store::Operation& row) const {
    for (auto outer = row.subgraph; outer;) {
      const auto found = by_number_.find(*outer);
      if (found == by_number_.end()) return false;
      if (found->second->state == "ignored") return true;
      outer = found->second->subgraph;
    }
    return false;
  }

  // And with it what it waits for, what it stands in, and what it consists of.
  void start_anew(const store::Operation& first) {
    std::vector<std::uint32_t> open{first.number};
    std::unordered_set<std::uint32_t> annulled;  // containers of what starts anew
    while (!open.empty()) {
      const auto found = by_number_.find(open.back());
      open.pop_back();
      if (found == by_number_.end()) continue;
      const store::Operation& row = *found->second;
      if (!has_failed(row) && !annulled.contains(row.number)) continue;
      if (!anew_.insert(row.number).second) continue;
      open.insert(open.end(), row.dependencies.begin(), row.dependencies.end());
      if (const auto because = skipped_because(row)) open.push_back(*because);
      if (row.subgraph) {
        open.push_back(*row.subgraph);
        annulled.insert(*row.subgraph);
      }
      if (const auto inner = members_.find(row.number); inner != members_.end())
        open.insert(open.end(), inner->second.begin(), inner->second.end());
    }
  }

  std::unordered_map<std::uint32_t, const store::Operation*> by_number_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> members_;
  std::unordered_set<std::uint32_t> anew_;
};

CutOffOperation describe_cut_off(const store::Operation& row) {
  CutOffOperation cut_off;
  cut_off.id = row.id;
  cut_off.function = row.name;
  cut_off.operation = row.parameters.value("operation", row.name);
  cut_off.plugin = row.parameters.value("plugin", "");
  cut_off.instance = row.parameters.value("node_instance_id", "");
  if (const auto target = row.parameters.find("target_id"); target != row.parameters.end())
    cut_off.instance += "->" + target->get<std::string>();
  return cut_off;
}

StoredTask to_stored(const store::Operation& row) {
  StoredTask task;
  task.number = row.number;
  task.key = row.task_key;
  task.kind = kind_of(row.type);
  task.subgraph = row.subgraph;
  task.batch = row.batch;
  task.is_late = row.is_late;
  task.is_expected = !row.is_for_this_run;
  task.stored_state = state_of(row.state);
  task.attempt = row.attempt;
  const bool has_succeeded = task.stored_state == TaskState::succeeded ||
                             (task.stored_state == TaskState::responded && row.error.empty());
  task.outcome = {has_succeeded, row.result, row.error};
  return task;
}

}  // namespace

Restart plan_restart(const std::vector<store::Operation>& rows, bool is_reset) {
  Restart restart;
  const Failures failures(rows);
  for (const store::Operation& row : rows) {
    StoredTask task = to_stored(row);
    restart.next_number = row.number + 1;
    const bool is_cut_off = task.stored_state == TaskState::started;
    if (is_cut_off && task.kind == TaskKind::operation)
      restart.cut_off.push_back(describe_cut_off(row));
    if (row.is_for_this_run && !row.is_undo) {
      if (is_cut_off) restart.given_up.push_back(row.number);
      continue;
    }
    const bool starts_anew =
        failures.starts_anew(row) || (is_cut_off && is_reset && task.kind == TaskKind::operation);
    if (starts_anew) {
      restart.reset.push_back(row.number);
      task.stored_state = TaskState::pending;
      task.attempt = 0;
    } else if (task.kind == TaskKind::subgraph) {
      // Its members decide.
    } else if (task.stored_state == TaskState::rescheduled) {
      ++task.attempt;
    } else if (!is_cut_off) {
      task.state = task.stored_state;
    }
    restart.tasks.push_back(std::move(task));
  }
  return restart;
}

}  // namespace cfy::exec
