// cfy-run cancel: ask an execution, in whatever shell it runs, to stop.
#include <chrono>
#include <cmath>
#include <optional>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "arguments.hpp"
#include "commands.hpp"
#include "exec/cancel_watch.hpp"
#include "exec/dead_execution.hpp"
#include "exec/execution.hpp"
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

// As if this process were the runner. Nothing: somebody has resumed it meanwhile and works on it.
base::Result<std::optional<store::Execution>> end_orphan(store::Store& store,
                                                         const store::Execution& orphan,
                                                         store::CancelDegree degree, const Io& io) {
  const auto lock = store.run_locks().take(orphan.number);
  if (!lock) return lock.error();
  if (!*lock) return std::optional<store::Execution>();
  auto ended = exec::cancel_dead(store, orphan, degree, *io.clock);
  if (!ended) return std::move(ended).error();
  return std::optional(*std::move(ended));
}

// The runner hears it before the row is written, which may have to wait for its turn. So it may
// have ended by then.
base::Result<store::Execution> ask_runner(store::Store& store, const std::string& id,
                                          store::CancelDegree degree, const Io& io) {
  exec::wake_runner(exec::run_dir(io.state_dir), id, static_cast<int>(degree) + 1);
  auto asked = store.executions().request_cancel(id, degree);
  if (asked || asked.error().kind() != base::ErrorKind::conflict) return asked;
  return store.executions().get(id);
}

base::Result<store::Execution> end_or_ask(store::Store& store, const store::Execution& orphan,
                                          store::CancelDegree degree, const Io& io) {
  auto ended = end_orphan(store, orphan, degree, io);
  if (!ended) return std::move(ended).error();
  if (*ended) return **std::move(ended);
  return ask_runner(store, orphan.id, degree, io);
}

// Polling is honest here: the process asked may be any, and a look costs some microseconds.
base::Result<store::Execution> wait_for_end(store::Store& store, const std::string& id,
                                            double limit_s, store::CancelDegree degree,
                                            const Io& io) {
  const std::int64_t start_ms = io.clock->monotonic_ms();
  for (;;) {
    auto execution = store.executions().get(id);
    if (!execution || store::is_finished(execution->status)) return execution;
    if (store.executions().runner_state(*execution) == store::RunnerState::gone)
      return end_or_ask(store, *execution, degree, io);
    const std::int64_t waited_ms = io.clock->monotonic_ms() - start_ms;
    if (static_cast<double>(waited_ms) >= limit_s * 1000)
      return base::make_error(base::ErrorKind::failed,
                              "execution {} has not ended within {} s (its status is {})", id,
                              limit_s, execution->status);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

// Whoever says --force knows that it has ended. Should it run all the same, it hears the request
// and ends at once.
base::Result<store::Execution> end_unknown(store::Store& store, const store::Execution& execution,
                                           store::CancelDegree degree, const Io& io) {
  if (degree == store::CancelDegree::graceful) return store::unknown_runner(execution);
  constexpr double kAnswer_s = 2;
  if (auto asked = ask_runner(store, execution.id, degree, io); !asked) return asked;
  auto ended = wait_for_end(store, execution.id, kAnswer_s, degree, io);
  if (ended || ended.error().kind() != base::ErrorKind::failed) return ended;
  return end_or_ask(store, execution, degree, io);
}

base::Result<store::Execution> cancel(const Options& options, const Io& io) {
  auto store = store::Store::open(io.state_dir);
  if (!store) return store.error();
  auto found = (*store)->executions().find(options.execution);
  if (!found) return found;
  const store::CancelDegree degree = degree_of(options);
  // What was ended by force may still run: that can be killed afterwards.
  if (options.kill && store::is_finished(found->status)) {
    const auto killed = exec::kill_left(**store, *found);
    if (!killed) return killed.error();
    if (*killed) return found;
  }
  if (store::is_finished(found->status)) return store::ended_already(*found);
  switch ((*store)->executions().runner_state(*found)) {
    case store::RunnerState::gone:
      return end_or_ask(**store, *found, degree, io);
    case store::RunnerState::unknown:
      return end_unknown(**store, *found, degree, io);
    case store::RunnerState::alive:
      break;
  }
  auto asked = ask_runner(**store, found->id, degree, io);
  if (!asked || !options.is_waiting) return asked;
  const double limit_s = options.wait.empty() ? HUGE_VAL : std::stod(options.wait);
  return wait_for_end(**store, found->id, limit_s, degree, io);
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
