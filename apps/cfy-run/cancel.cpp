// cfy-run cancel: ask an execution, in whatever shell it runs, to stop.
#include <chrono>
#include <cmath>
#include <span>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "arguments.hpp"
#include "commands.hpp"
#include "exec/cancel_watch.hpp"
#include "exec/execution.hpp"
#include "exec/left_scripts.hpp"
#include "exec/left_workers.hpp"
#include "report.hpp"
#include "store/store.hpp"

namespace cfy::app {
namespace {

struct Options {
  std::string execution;
  bool force = false;
  bool kill = false;
  bool is_waiting = false;
  std::string wait;  // seconds; empty: as long as it takes
};

store::CancelDegree degree_of(const Options& options) {
  if (options.kill) return store::CancelDegree::kill;
  return options.force ? store::CancelDegree::force : store::CancelDegree::graceful;
}

// When the first operation began that nobody has seen the end of.
base::Result<std::int64_t> first_start_ms(store::Store& store, const std::string& id,
                                          const Io& io) {
  std::int64_t first_ms = io.clock->wall_ms();
  const auto rows = store.operations().list(id);
  if (!rows) return rows.error();
  for (const store::Operation& row : *rows)
    if (row.state == "started" && row.started_ms) first_ms = std::min(first_ms, *row.started_ms);
  return first_ms;
}

// Operations that a runner left running when it died, or was ended by force.
base::Result<void> kill_left_operations(store::Store& store, const std::string& id, const Io& io) {
  const auto workers = exec::find_workers(id);
  if (workers.empty()) return {};
  const auto since_ms = first_start_ms(store, id, io);
  if (!since_ms) return since_ms.error();
  return exec::kill_workers(workers, *since_ms);
}

base::Result<void> tell_cancelled(store::Store& store, const store::Execution& execution,
                                  const Io& io) {
  event::Event event;
  event.wall_ms = io.clock->wall_ms();
  event.event_type = "workflow_cancelled";
  event.context.execution_id = execution.id;
  event.text = fmt::format("'{}' workflow execution cancelled", execution.workflow_id);
  return store.events().append(std::span(&event, 1));
}

// A runner that died cannot hear the request, so what it would have done at its end is done here.
base::Result<store::Execution> end_orphan(store::Store& store, const store::Execution& execution,
                                          const Io& io) {
  const bool kills = execution.status == store::status_of(store::CancelDegree::kill);
  if (kills)
    if (auto killed = kill_left_operations(store, execution.id, io); !killed) return killed.error();
  exec::remove_left_scripts(io.state_dir, execution.deployment_id);
  store::ExecutionEnd end{"cancelled",
                          kills ? "its runner had died; operations that it left were killed"
                                : "its runner had died; operations that it left end by themselves",
                          {},
                          io.clock->wall_ms()};
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  if (auto ended = store.executions().finish(execution.id, end); !ended) return ended.error();
  if (auto told = tell_cancelled(store, execution, io); !told) return told.error();
  if (auto released = store.locks().release(execution.deployment_id, execution.id); !released)
    return released.error();
  if (auto committed = transaction->commit(); !committed) return committed.error();
  return store.executions().get(execution.id);
}

// Polling is honest here: the process asked may be any, and a look costs some microseconds.
base::Result<store::Execution> wait_for_end(store::Store& store, const std::string& id,
                                            const Options& options, const Io& io) {
  const std::int64_t start_ms = io.clock->monotonic_ms();
  const double limit_s = options.wait.empty() ? HUGE_VAL : std::stod(options.wait);
  for (;;) {
    auto execution = store.executions().get(id);
    if (!execution || store::is_finished(execution->status)) return execution;
    if (!store::has_living_runner(*execution)) return end_orphan(store, *execution, io);
    const std::int64_t waited_ms = io.clock->monotonic_ms() - start_ms;
    if (static_cast<double>(waited_ms) >= limit_s * 1000)
      return base::make_error(base::ErrorKind::failed,
                              "execution {} has not ended within {} s (its status is {})", id,
                              options.wait, execution->status);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

base::Result<store::Execution> cancel(const Options& options, const Io& io) {
  auto store = store::Store::open(io.state_dir);
  if (!store) return store.error();
  auto found = (*store)->executions().find(options.execution);
  if (!found) return found;
  // What was ended by force may still run: that can be killed afterwards.
  if (options.kill && store::is_finished(found->status) && !exec::find_workers(found->id).empty()) {
    if (auto killed = kill_left_operations(**store, found->id, io); !killed) return killed.error();
    exec::remove_left_scripts(io.state_dir, found->deployment_id);
    return found;
  }
  auto asked = (*store)->executions().request_cancel(found->id, degree_of(options));
  if (!asked) return asked;
  if (!store::has_living_runner(*asked)) return end_orphan(**store, *asked, io);
  exec::wake_runner(exec::run_dir(io.state_dir), asked->id);
  return options.is_waiting ? wait_for_end(**store, asked->id, options, io) : asked;
}

int run(const Options& options, Io& io) {
  const auto execution = cancel(options, io);
  if (!execution) return fail(io, execution.error());
  if (io.verbosity >= 0)
    say(io.out, "execution {} ({} of '{}') is {}{}\n", execution->id, execution->workflow_id,
        execution->deployment_id, execution->status,
        execution->error.empty() ? "" : ": " + execution->error);
  return kDone;
}

}  // namespace

void add_cancel(CLI::App& root, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = root.add_subcommand("cancel", "Stop an execution");
  command->add_option("EXECUTION", options->execution, "Its id, or the beginning of it")
      ->required();
  CLI::Option* force = command->add_flag(
      "--force", options->force, "End the run at once; running operations end by themselves");
  command
      ->add_flag("--kill", options->kill,
                 "End the run at once and kill running operations (SIGTERM, after 5 s SIGKILL)")
      ->excludes(force);
  command->add_option("--wait", options->wait, "Wait until it has ended, or for so many seconds")
      ->expected(0, 1)
      ->check(check_seconds)
      ->type_name("S");
  command->callback([options, command, &chosen] {
    options->is_waiting = command->count("--wait") > 0;
    chosen = [options](Io& io) { return run(*options, io); };
  });
}

}  // namespace cfy::app
