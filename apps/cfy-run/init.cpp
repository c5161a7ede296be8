// cfy-run init: make a deployment without running anything.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "commands.hpp"
#include "listing.hpp"
#include "report.hpp"
#include "rows.hpp"
#include "workspace.hpp"

namespace cfy::app {
namespace {

struct Options {
  BlueprintOptions blueprint;
  bool as_json = false;
};

// Definitions do not change under a run that works with them.
base::Result<void> save(store::Store& store, const OpenDeployment& deployment) {
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  if (deployment.is_changed)
    if (auto free = store.locks().check_free(deployment.row.id); !free) return free;
  if (auto saved = exec::save_definitions(store, definitions_of(deployment)); !saved) return saved;
  return transaction->commit();
}

int run(const Options& options, Io& io) {
  Workspace workspace;
  auto store = store::Store::open(io.state_dir);
  if (!store) return fail(io, store.error(), options.as_json);
  const auto deployment = open_deployment(workspace, **store, options.blueprint, io);
  if (!deployment) return fail(io, workspace, deployment.error(), options.as_json);
  if (auto saved = save(**store, *deployment); !saved)
    return fail(io, saved.error(), options.as_json);
  if (!options.as_json) print_warnings(io, workspace);
  if (options.as_json) return print_row(io, to_json(deployment->row), true);
  if (io.verbosity >= 0)
    say(io.out, "deployment '{}' {} {}\n", deployment->row.id,
        deployment->is_new() ? "made from" : "follows", deployment->row.blueprint_path);
  return kDone;
}

}  // namespace

void add_init(CLI::App& root, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = root.add_subcommand("init", "Make a deployment, run nothing");
  add_blueprint_options(*command, options->blueprint, true);
  command->add_flag("--json", options->as_json, "A JSON object");
  command->callback(
      [options, &chosen] { chosen = [options](Io& io) { return run(*options, io); }; });
}

}  // namespace cfy::app
