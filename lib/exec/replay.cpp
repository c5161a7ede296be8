#include "exec/replay.hpp"

#include <algorithm>
#include <utility>

namespace cfy::exec {

Replay::Replay(std::vector<StoredTask> tasks, std::uint32_t next_number)
    : tasks_(std::move(tasks)), taken_(tasks_.size()), next_number_(next_number) {
  for (std::size_t at = 0; at < tasks_.size(); ++at) {
    by_key_[place_of(tasks_[at].subgraph, tasks_[at].key)].all.push_back(at);
    batches_ = std::max(batches_, tasks_[at].batch + 1);
  }
}

std::string Replay::place_of(std::optional<std::uint32_t> subgraph, std::string_view key) {
  return subgraph ? fmt::format("{} {}", *subgraph, key) : std::string(key);
}

const StoredTask* Replay::take(std::optional<std::uint32_t> subgraph, std::string_view key) {
  const auto found = by_key_.find(place_of(subgraph, key));
  if (found == by_key_.end() || found->second.next == found->second.all.size()) return nullptr;
  const std::size_t at = found->second.all[found->second.next++];
  taken_[at] = true;
  return &tasks_[at];
}

const StoredTask* Replay::find_missing(std::uint32_t batch) const {
  for (std::size_t at = 0; at < tasks_.size(); ++at) {
    const StoredTask& task = tasks_[at];
    const bool is_work = task.kind == TaskKind::operation || task.kind == TaskKind::local;
    if (is_work && !taken_[at] && task.batch == batch && !task.is_late && task.is_expected &&
        !graph::is_final(task.state))
      return &task;
  }
  return nullptr;
}

}  // namespace cfy::exec
