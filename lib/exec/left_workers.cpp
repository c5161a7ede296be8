#include "exec/left_workers.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <unistd.h>

#include "base/clock.hpp"
#include "dispatch/call_groups.hpp"
#include "process/process_table.hpp"
#include "process/termination.hpp"

namespace cfy::exec {
namespace {

constexpr std::chrono::seconds kGrace{5};

std::string command_line(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/cmdline");
  return {std::istreambuf_iterator<char>(file), {}};
}

std::uint64_t ticks_of(std::int64_t wall_ms) {
  const std::int64_t ago_ms = std::max<std::int64_t>(base::system_clock().wall_ms() - wall_ms, 0);
  const std::int64_t ago = ago_ms * sysconf(_SC_CLK_TCK) / 1000;
  return process::now_ticks() - std::min(static_cast<std::uint64_t>(ago), process::now_ticks());
}

}  // namespace

std::vector<pid_t> find_workers(std::string_view execution_id) {
  std::string ending(1, '\0');
  ending.append(kWorkerCommand).append(1, '\0').append(execution_id).append(1, '\0');
  std::vector<pid_t> workers;
  for (const process::ProcessEntry& entry : process::list_processes())
    // A worker leads a session of its own.
    if (entry.pid == entry.session && !entry.is_zombie && command_line(entry.pid).ends_with(ending))
      workers.push_back(entry.pid);
  return workers;
}

base::Result<void> kill_workers(const std::vector<pid_t>& workers, std::int64_t since_wall_ms) {
  auto loop = process::Loop::make();
  if (!loop) return std::move(loop).error();
  std::vector<pid_t> groups;
  for (const pid_t worker : workers) {
    // The worker first: it would record that its operation failed, whereas it was cut off.
    groups.push_back(worker);
    for (const pid_t group : dispatch::find_call_groups(worker, ticks_of(since_wall_ms)))
      groups.push_back(group);
  }
  const process::Termination termination(**loop, std::move(groups), kGrace,
                                         [&loop] { (*loop)->stop(); });
  (*loop)->run();
  return {};
}

}  // namespace cfy::exec
