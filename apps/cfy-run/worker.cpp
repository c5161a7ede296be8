// cfy-run worker: what the runner starts to run operations in; not for people.
#include "dispatch/worker.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "commands.hpp"
#include "dispatch/plugin_caller.hpp"
#include "exec/orphan_recorder.hpp"

namespace cfy::app {
namespace {

int run(Io& io) {
  dispatch::PluginCaller caller(/*probe=*/false);
  exec::StoreOrphanRecorder recorder(io.state_dir);
  const int code = dispatch::run_worker({caller, recorder});
  if (code == kUsage) say(io.err, "error: 'worker' is started by a run of cfy-run, not by hand\n");
  return code;
}

}  // namespace

void add_worker(CLI::App& root, Chosen& chosen) {
  CLI::App* command = root.add_subcommand("worker", "Runs operations for a running execution");
  command->group("");  // hidden from --help
  // Not used here: others find the workers of an execution by it in the process table.
  command->add_option("EXECUTION", "The execution that it works for");
  command->callback([&chosen] { chosen = [](Io& io) { return run(io); }; });
}

}  // namespace cfy::app
