// The rule of call_groups.hpp over the process table.
#include "dispatch/call_groups.hpp"

#include <charconv>
#include <map>

#include <fmt/format.h>

namespace cfy::dispatch {

using process::ProcessEntry;

std::string to_text(const CallMark& mark) {
  return fmt::format("{}/{}/{}", mark.execution_id, mark.task_id, mark.attempt);
}

std::optional<CallMark> parse_call_mark(std::string_view text) {
  const std::size_t first = text.find('/'), last = text.rfind('/');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  CallMark mark{std::string(text.substr(0, first)),
                std::string(text.substr(first + 1, last - first - 1))};
  const std::string_view attempt = text.substr(last + 1);
  const char* const end = attempt.data() + attempt.size();
  const auto read = std::from_chars(attempt.data(), end, mark.attempt);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return mark;
}

bool CallProcesses::contains(const ProcessEntry& entry) const {
  if (entry.pid == call_.worker && call_.worker != 0) return false;
  if (table_.mark_of(entry) == call_.call_mark) return true;
  return is_of_worker(entry) && began_with_call(entry) && !has_older_parent(entry);
}

// Without a mark of any call: by its session, or by the mark of the worker, which it has from its
// parent.
bool CallProcesses::is_of_worker(const ProcessEntry& entry) const {
  if (call_.worker == 0 || entry.pid == call_.worker) return false;
  const std::string& mark = table_.mark_of(entry);
  if (mark.find('/') != std::string::npos) return false;
  return entry.session == call_.worker || (!mark.empty() && mark == call_.worker_mark);
}

// A process that a server of an earlier operation starts belongs to that server, not to the call.
bool CallProcesses::has_older_parent(const ProcessEntry& entry) const {
  const ProcessEntry* parent = table_.find(entry.parent);
  const bool is_reused_pid = parent != nullptr && parent->started_ticks > entry.started_ticks;
  if (parent == nullptr || is_reused_pid || !is_of_worker(*parent)) return false;
  return !began_with_call(*parent) || has_older_parent(*parent);
}

std::vector<pid_t> CallProcesses::groups() const {
  // A group is as old as its oldest process: its leader, or who outlived it.
  std::map<pid_t, bool> is_of_call;
  for (const ProcessEntry& entry : table_.entries()) {
    const bool belongs = contains(entry);
    const auto [group, is_new] = is_of_call.try_emplace(entry.group, belongs);
    if (!is_new && !belongs) group->second = false;
  }
  if (table_.find(call_.worker) != nullptr) is_of_call.erase(call_.worker);
  std::vector<pid_t> groups;
  for (const auto& [group, belongs] : is_of_call)
    if (belongs) groups.push_back(group);
  return groups;
}

}  // namespace cfy::dispatch
