// The rule of call_groups.hpp over the process table.
#include "dispatch/call_groups.hpp"

#include "process/process_table.hpp"

namespace cfy::dispatch {

std::vector<pid_t> find_call_groups(pid_t worker, std::uint64_t since_ticks) {
  std::vector<pid_t> groups;
  for (const process::ProcessEntry& entry : process::list_processes())
    if (entry.session == worker && entry.pid == entry.group && entry.pid != worker &&
        entry.started_ticks >= since_ticks)
      groups.push_back(entry.group);
  return groups;
}

}  // namespace cfy::dispatch
