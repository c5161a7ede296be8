// cfy-run events: what happened in an execution, again, or while it happens (--tail).
#include <chrono>
#include <cstdio>
#include <thread>

#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "report.hpp"
#include "run_workflow.hpp"
#include "store/store.hpp"
#include "ui/event_format.hpp"

namespace cfy::app {
namespace {

struct Options {
  std::string execution;
  bool is_tail = false;
  bool as_json = false;
  bool no_logs = false;
};

constexpr std::size_t kPage = 1000;

// Everything there is from `sequence` on; moves it forward.
base::Result<void> show_new(store::Store& store, const std::string& id,
                            const ui::EventFormat& format, const Io& io, std::int64_t& sequence) {
  for (;;) {
    const auto page = store.events().read_after(id, sequence, kPage);
    if (!page) return page.error();
    for (const store::StoredEvent& one : *page) {
      if (format.shows(one.event)) write(io.out, format.text(one.event));
      sequence = one.sequence;
    }
    std::fflush(io.out);
    if (page->size() < kPage) return {};
  }
}

base::Result<void> show(const Options& options, Io& io) {
  auto store = store::Store::open(io.state_dir);
  if (!store) return store.error();
  const auto execution = (*store)->executions().find(options.execution);
  if (!execution) return execution.error();
  const auto format = make_format(io, {options.as_json, options.no_logs});
  std::int64_t sequence = 0;
  for (;;) {
    // The status is read before the events: those of a run that has ended are then complete.
    const auto now = (*store)->executions().get(execution->id);
    if (!now) return now.error();
    const bool is_over = (*store)->executions().runner_state(*now) == store::RunnerState::gone;
    if (auto shown = show_new(**store, execution->id, *format, io, sequence); !shown) return shown;
    if (is_over && options.is_tail && !store::is_finished(now->status) && !options.as_json)
      say(io.err, "the runner of execution {0} died; 'cfy-run resume {0}' goes on with it\n",
          now->id);
    if (is_over || !options.is_tail) return {};
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

int run(const Options& options, Io& io) {
  const auto shown = show(options, io);
  return shown ? kDone : fail(io, shown.error(), options.as_json);
}

}  // namespace

void add_events(CLI::App& root, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = root.add_subcommand("events", "What happened in an execution");
  command->add_option("EXECUTION", options->execution, "Its id, or the beginning of it")
      ->required();
  command->add_flag("--tail", options->is_tail, "Go on until the execution has ended");
  command->add_flag("--no-logs", options->no_logs, "Events only, no logs of operations");
  command->add_flag("--json", options->as_json, "One JSON record a line");
  command->callback(
      [options, &chosen] { chosen = [options](Io& io) { return run(*options, io); }; });
}

}  // namespace cfy::app
