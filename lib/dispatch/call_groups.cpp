// The rule of call_groups.hpp over the process table.
#include "dispatch/call_groups.hpp"

#include <map>

namespace cfy::dispatch {
namespace {

using process::ProcessEntry;
using process::ProcessTable;

class CallGroups {
 public:
  CallGroups(const ProcessTable& table, const WorkerIdentity& worker, std::uint64_t since_ticks)
      : table_(table), worker_(worker), since_ticks_(since_ticks) {}

  std::vector<pid_t> find() const {
    // A group is as old as its oldest process: its leader, or who outlived it.
    std::map<pid_t, bool> is_of_call;
    for (const ProcessEntry& entry : table_.entries()) {
      const bool belongs = began_with_call(entry) && is_ours(entry) && !has_older_parent(entry);
      const auto [group, is_new] = is_of_call.try_emplace(entry.group, belongs);
      if (!is_new && !belongs) group->second = false;
    }
    is_of_call.erase(worker_.pid);
    std::vector<pid_t> groups;
    for (const auto& [group, belongs] : is_of_call)
      if (belongs) groups.push_back(group);
    return groups;
  }

 private:
  bool began_with_call(const ProcessEntry& entry) const {
    return entry.started_ticks >= since_ticks_;
  }
  // The session is looked at first, as it costs nothing.
  bool is_ours(const ProcessEntry& entry) const {
    if (entry.pid == worker_.pid) return false;
    if (entry.session == worker_.pid) return true;
    return !worker_.mark.empty() && table_.mark_of(entry) == worker_.mark;
  }
  // What a server from an earlier operation starts, it starts for itself.
  bool has_older_parent(const ProcessEntry& entry) const {
    const ProcessEntry* parent = table_.find(entry.parent);
    const bool is_reused_pid = parent != nullptr && parent->started_ticks > entry.started_ticks;
    if (parent == nullptr || is_reused_pid || !is_ours(*parent)) return false;
    return !began_with_call(*parent) || has_older_parent(*parent);
  }

  const ProcessTable& table_;
  const WorkerIdentity& worker_;
  std::uint64_t since_ticks_;
};

}  // namespace

std::vector<pid_t> find_call_groups(const ProcessTable& table, const WorkerIdentity& worker,
                                    std::uint64_t since_ticks) {
  return CallGroups(table, worker, since_ticks).find();
}

}  // namespace cfy::dispatch
