#include "exec/left_workers.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

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

// The last argument of "program --state-dir DIR worker EXECUTION"; empty for anything else.
std::string execution_of(std::string_view arguments) {
  if (!arguments.ends_with('\0')) return {};
  arguments.remove_suffix(1);
  const std::size_t last = arguments.rfind('\0');
  if (last == std::string_view::npos) return {};
  std::string command(1, '\0');
  command += kWorkerCommand;
  return arguments.substr(0, last).ends_with(command) ? std::string(arguments.substr(last + 1))
                                                      : std::string();
}

base::Result<void> end_groups(const process::Termination::FindGroups& find_groups) {
  auto loop = process::Loop::make();
  if (!loop) return std::move(loop).error();
  process::ProcessScanner scanner(**loop, dispatch::kWorkerMark);
  const process::Termination termination(**loop, scanner, find_groups, kGrace,
                                         [&loop] { (*loop)->stop(); });
  (*loop)->run();
  return {};
}

std::uint64_t ticks_of(std::int64_t wall_ms) {
  const std::int64_t ago_ms = std::max<std::int64_t>(base::system_clock().wall_ms() - wall_ms, 0);
  const std::int64_t ago = ago_ms * sysconf(_SC_CLK_TCK) / 1000;
  return process::now_ticks() - std::min(static_cast<std::uint64_t>(ago), process::now_ticks());
}

}  // namespace

std::vector<RunningWorker> find_workers() {
  std::vector<RunningWorker> workers;
  for (const process::ProcessEntry& entry : process::list_processes()) {
    // A worker leads a session of its own.
    if (entry.pid != entry.session || entry.is_zombie) continue;
    if (auto id = execution_of(command_line(entry.pid)); !id.empty())
      workers.push_back({entry.pid, std::move(id)});
  }
  return workers;
}

std::vector<pid_t> find_workers(std::string_view execution_id) {
  std::vector<pid_t> found;
  for (const RunningWorker& worker : find_workers())
    if (worker.execution_id == execution_id) found.push_back(worker.pid);
  return found;
}

base::Result<void> kill_workers(const std::vector<pid_t>& workers, std::int64_t since_wall_ms) {
  std::vector<dispatch::WorkerIdentity> identities;
  for (const pid_t worker : workers) {
    // It keeps the pipes of its script open, but cannot record that its operation failed.
    ::kill(worker, SIGSTOP);
    identities.push_back(
        {worker, process::find_variable(worker, dispatch::kWorkerMark).value_or(std::string())});
  }
  const auto find_scripts = [&,
                             since = ticks_of(since_wall_ms)](const process::ProcessTable& table) {
    std::vector<pid_t> groups;
    for (const dispatch::WorkerIdentity& worker : identities)
      for (const pid_t group : dispatch::find_call_groups(table, worker, since))
        groups.push_back(group);
    return groups;
  };
  if (auto ended = end_groups(find_scripts); !ended) return ended;
  for (const pid_t worker : workers)
    ::kill(worker, SIGKILL);
  return end_groups(process::these_groups(workers));
}

}  // namespace cfy::exec
