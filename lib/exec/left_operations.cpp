#include "exec/left_operations.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include <unistd.h>

#include "dispatch/call_groups.hpp"
#include "process/process_table.hpp"
#include "process/termination.hpp"

namespace cfy::exec {
namespace {

using base::Result;
using process::ProcessEntry;
using process::ProcessTable;

constexpr std::chrono::seconds kGrace{5};

/// The namespace of the machine itself, from which all processes are seen.
constexpr std::string_view kFirstNamespace = "pid:[4026531836]";

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

// By execution. A worker leads a session of its own.
std::multimap<std::string, pid_t> find_workers(const ProcessTable& table) {
  std::multimap<std::string, pid_t> workers;
  for (const ProcessEntry& entry : table.entries())
    if (entry.pid == entry.session && !entry.is_zombie)
      if (auto id = execution_of(command_line(entry.pid)); !id.empty())
        workers.emplace(std::move(id), entry.pid);
  return workers;
}

std::vector<pid_t> workers_of(const ProcessTable& table, const std::string& execution_id) {
  std::vector<pid_t> pids;
  const auto all = find_workers(table);
  for (auto [at, end] = all.equal_range(execution_id); at != end; ++at)
    pids.push_back(at->second);
  return pids;
}

std::set<std::string> marked_executions(const ProcessTable& table) {
  std::set<std::string> ids;
  for (const ProcessEntry& entry : table.entries())
    if (const auto mark = dispatch::parse_call_mark(table.mark_of(entry)))
      ids.insert(mark->execution_id);
  return ids;
}

// The attempts of one execution whose end is not stored, as far as something may be left of them.
class OpenCalls {
 public:
  static Result<OpenCalls> read(store::Store& store, const std::string& execution_id,
                                const ProcessTable& table) {
    OpenCalls calls;
    const auto stored = store.operations().list_calls(execution_id);
    if (!stored) return stored.error();
    for (const auto& [operation, call] : *stored)
      calls.add(execution_id, operation, call, table);
    if (auto added = calls.add_marked(store, execution_id, table); !added) return added.error();
    return calls;
  }

  // What of them is their work, and not a server that a script has left behind. The script itself
  // leads a group, but no session; what a native operation runs is in the worker's own group; what
  // works for a script writes to the pipes of its output, which nobody reads any more: a pipe that
  // one of these processes reads is of their own making.
  std::vector<pid_t> find_work(const ProcessTable& table) const {
    std::vector<pid_t> work;
    std::map<pid_t, process::OpenPipes> others;
    std::set<std::string> inner;
    for (const ProcessEntry& entry : table.entries()) {
      const dispatch::WorkerCall* call = find_call(table, entry);
      if (call == nullptr) continue;
      const bool is_script = entry.pid == entry.group && entry.pid != entry.session;
      if (is_script || entry.group == call->worker) work.push_back(entry.pid);
      const process::OpenPipes& pipes =
          others.emplace(entry.pid, process::find_pipes(entry.pid)).first->second;
      inner.insert(pipes.read.begin(), pipes.read.end());
    }
    for (const auto& [pid, pipes] : others) {
      const bool writes_outside = std::ranges::any_of(
          pipes.output, [&](const std::string& pipe) { return !inner.contains(pipe); });
      if (writes_outside || !pipes.is_known) work.push_back(pid);
    }
    return work;
  }

  std::vector<pid_t> groups(const ProcessTable& table) const {
    std::vector<pid_t> groups;
    for (const auto& [mark, call] : calls_)
      for (const pid_t group : dispatch::CallProcesses(table, call).groups())
        if (group != ::getpgrp()) groups.push_back(group);
    return groups;
  }

 private:
  const dispatch::WorkerCall* find_call(const ProcessTable& table,
                                        const ProcessEntry& entry) const {
    if (entry.is_zombie) return nullptr;
    for (const auto& [mark, call] : calls_)
      if (dispatch::CallProcesses(table, call).contains(entry)) return &call;
    return nullptr;
  }

  void add(const std::string& execution_id, const store::Operation& operation,
           const store::Call& call, const ProcessTable& table) {
    const std::string mark = dispatch::to_text({execution_id, operation.id, operation.attempt});
    const auto pid = static_cast<pid_t>(call.worker_pid);
    const ProcessEntry* now = table.find(pid);
    const bool is_reused = now != nullptr && static_cast<std::int64_t>(now->started_ticks) !=
                                                 call.worker_started_ticks;
    calls_.insert_or_assign(
        mark, dispatch::WorkerCall{
                  is_reused ? 0 : pid, {}, mark, static_cast<std::uint64_t>(call.began_ticks)});
  }

  // Of calls that their runner did not live to note.
  Result<void> add_marked(store::Store& store, const std::string& execution_id,
                          const ProcessTable& table) {
    std::set<std::string> marks;
    for (const ProcessEntry& entry : table.entries()) {
      const std::string& text = table.mark_of(entry);
      const auto mark = dispatch::parse_call_mark(text);
      if (mark && mark->execution_id == execution_id && !calls_.contains(text)) marks.insert(text);
    }
    for (const std::string& text : marks) {
      const auto mark = dispatch::parse_call_mark(text);
      const auto row = store.operations().find_task(execution_id, mark->task_id);
      if (!row) return row.error();
      if (!*row) continue;
      const store::Operation& operation = (*row)->second;
      if (operation.state == "started" && operation.attempt == mark->attempt)
        calls_.emplace(text, dispatch::WorkerCall{0, {}, text, 0});
    }
    return {};
  }

  std::map<std::string, dispatch::WorkerCall> calls_;  // by mark
};

// From the container that this process is in nothing can be said of processes of another one.
Result<void> check_visible(store::Store& store, const store::Execution& execution) {
  const auto self = process::this_process();
  if (!self) return self.error();
  const process::Identity& runner = execution.runner;
  if (runner.boot_id != self->boot_id || runner.pid_namespace == self->pid_namespace ||
      self->pid_namespace == kFirstNamespace)
    return {};
  const auto calls = store.operations().list_calls(execution.id);
  if (!calls) return calls.error();
  if (calls->empty()) return {};
  return base::make_error(
      base::ErrorKind::conflict,
      "whether operations that execution {0} left run still cannot be told from here: they ran in "
      "another container ({1}); look there, and when they have ended say so with 'cfy-run cancel "
      "{0} --kill'",
      execution.id, runner.pid_namespace);
}

Result<void> end_groups(const process::Termination::FindGroups& find_groups) {
  auto loop = process::Loop::make();
  if (!loop) return std::move(loop).error();
  process::ProcessScanner scanner(**loop, dispatch::kCallVariable);
  const process::Termination termination(**loop, scanner, find_groups, kGrace,
                                         [&loop] { (*loop)->stop(); });
  (*loop)->run();
  return {};
}

Result<std::vector<LeftOperation>> find_left(store::Store& store, const ProcessTable& table,
                                             const store::Execution& execution) {
  std::vector<LeftOperation> left;
  for (const pid_t worker : workers_of(table, execution.id))
    left.push_back({execution.id, worker});
  if (!left.empty()) return left;
  if (auto visible = check_visible(store, execution); !visible) return visible.error();
  const auto calls = OpenCalls::read(store, execution.id, table);
  if (!calls) return calls.error();
  for (const pid_t pid : calls->find_work(table))
    left.push_back({execution.id, pid});
  return left;
}

}  // namespace

Result<std::vector<LeftOperation>> find_left_operations(store::Store& store,
                                                        const std::string& execution_id) {
  const auto execution = store.executions().get(execution_id);
  if (!execution) return execution.error();
  return find_left(store, ProcessTable::read(dispatch::kCallVariable), *execution);
}

Result<std::optional<LeftOperation>> find_left_operation(store::Store& store,
                                                         const std::string& deployment_id) {
  const ProcessTable table = ProcessTable::read(dispatch::kCallVariable);
  const auto noted = store.operations().executions_with_calls(deployment_id);
  if (!noted) return noted.error();
  std::set<std::string> ids = marked_executions(table);
  ids.insert(noted->begin(), noted->end());
  for (const auto& [id, worker] : find_workers(table))
    ids.insert(id);
  for (const std::string& id : ids) {
    const auto row = store.executions().get(id);
    if (!row || row->deployment_id != deployment_id) continue;  // of another state folder, say
    if (store.executions().runner_state(*row) != store::RunnerState::gone) continue;
    auto left = find_left(store, table, *row);
    if (!left) return left.error();
    if (!left->empty()) return std::optional(std::move(left->front()));
  }
  return std::optional<LeftOperation>();
}

Result<bool> kill_left_operations(store::Store& store, const std::string& execution_id) {
  const ProcessTable table = ProcessTable::read(dispatch::kCallVariable);
  // They keep the pipes of their scripts open, but cannot record that their operations failed.
  const std::vector<pid_t> workers = workers_of(table, execution_id);
  for (const pid_t worker : workers)
    ::kill(worker, SIGSTOP);
  const auto calls = OpenCalls::read(store, execution_id, table);
  if (!calls) return calls.error();
  const bool is_any = !workers.empty() || !calls->groups(table).empty();
  if (auto ended = end_groups([&](const ProcessTable& now) { return calls->groups(now); }); !ended)
    return std::move(ended).error();
  for (const pid_t worker : workers)
    ::kill(worker, SIGKILL);
  if (auto ended = end_groups(process::these_groups(workers)); !ended)
    return std::move(ended).error();
  return is_any;
}

}  // namespace cfy::exec
