// cfy-run modifications list|get|rollback: changes of numbers of instances that workflows made, and
// the way back from one whose workflow died.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "deployment_choice.hpp"
#include "exec/deployment_changer.hpp"
#include "exec/stored_deployment.hpp"
#include "listing.hpp"
#include "plan/to_json.hpp"
#include "report.hpp"
#include "rows.hpp"
#include "store/store.hpp"

namespace cfy::app {
namespace {

using base::ErrorKind;

struct Options {
  std::string modification, deployment;
  bool as_json = false;
};

// What became of the execution whose work a modification is; of a complete one nobody asks.
enum class Owner { runs, died, ended };

// An execution may also end by itself and leave its modification: it failed without rolling back,
// or its workflow meant to.
Owner owner_of(store::Store& store, const store::Modification& modification) {
  if (modification.status != "started") return Owner::ended;
  const auto execution = store.executions().get(modification.execution_id);
  if (!execution.ok() || store::is_finished(execution->status)) return Owner::ended;
  const bool is_gone = store.executions().runner_state(*execution) == store::RunnerState::gone;
  return is_gone ? Owner::died : Owner::runs;
}

json describe(const store::Modification& row, Owner owner) {
  json described = to_json(row);
  described["runner_died"] = owner == Owner::died;
  return described;
}

std::string status_for_people(const store::Modification& row, Owner owner) {
  if (row.status != "started" || owner == Owner::runs) return row.status;
  return row.status + (owner == Owner::died ? " (its runner died)" : " (its execution ended)");
}

int list(const Options& options, Io& io) {
  auto store = store::Store::open(io.state_dir);
  if (!store) return fail(io, store.error(), options.as_json);
  const auto deployment =
      options.deployment.empty() ? std::nullopt : std::optional(options.deployment);
  if (auto known = check_deployment(**store, deployment); !known)
    return fail(io, known.error(), options.as_json);
  const auto rows = (*store)->modifications().list(deployment);
  if (!rows) return fail(io, rows.error(), options.as_json);
  json all = json::array();
  for (const store::Modification& row : *rows) {
    const Owner owner = owner_of(**store, row);
    all.push_back(describe(row, owner));
    if (!options.as_json) all.back()["status"] = status_for_people(row, owner);
  }
  return print_rows(io, all,
                    {{"ID", "id", ui::Fit::prefix},
                     {"DEPLOYMENT", "deployment_id"},
                     {"STATUS", "status", ui::Fit::whole},
                     {"CREATED", "created_at"},
                     {"CHANGES", "modified_nodes"}},
                    options.as_json);
}

int get(const Options& options, Io& io) {
  auto store = store::Store::open(io.state_dir);
  if (!store) return fail(io, store.error(), options.as_json);
  const auto row = (*store)->modifications().find(options.modification);
  if (!row) return fail(io, row.error(), options.as_json);
  return print_row(io, describe(*row, owner_of(**store, *row)), options.as_json);
}

base::Error belongs_to_living(const store::Modification& row) {
  return base::make_error(ErrorKind::conflict,
                          "modification {} belongs to execution {}, which runs; cancel that "
                          "first: `cfy-run cancel {}`",
                          row.id, row.execution_id, row.execution_id);
}

base::Result<store::Modification> roll_back(store::Store& store, const Options& options,
                                            const Io& io) {
  const auto row = store.modifications().find(options.modification);
  if (!row) return row.error();
  if (owner_of(store, *row) == Owner::runs) return belongs_to_living(*row);
  // Nobody resumes it meanwhile.
  const auto execution = store.executions().get(row->execution_id);
  if (!execution) return execution.error();
  const auto lock = store.run_locks().take(execution->number);
  if (!lock) return lock.error();
  if (!*lock) return belongs_to_living(*row);
  auto deployment = store.deployments().get(row->deployment_id);
  if (!deployment) return deployment.error();
  auto plan = exec::stored_plan(*deployment);
  if (!plan) return plan.error();
  exec::ChangerSetup setup;
  setup.store = &store;
  setup.deployment_id = row->deployment_id;
  setup.plan = *std::move(plan);
  setup.clock = io.clock;
  exec::StoredChanger changer(std::move(setup));
  if (auto done = changer.rollback(row->id); !done) return done.error();
  return store.modifications().get(row->id);
}

int rollback(const Options& options, Io& io) {
  auto store = store::Store::open(io.state_dir);
  if (!store) return fail(io, store.error(), options.as_json);
  const auto row = roll_back(**store, options, io);
  if (!row) return fail(io, row.error(), options.as_json);
  if (options.as_json) return print_row(io, describe(*row, owner_of(**store, *row)), true);
  if (io.verbosity >= 0)
    say(io.err, "modification {} of deployment '{}' is rolled back\n", row->id, row->deployment_id);
  return kDone;
}

}  // namespace

void add_modifications(CLI::App& root, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      root.add_subcommand("modifications", "Changes of the numbers of instances by workflows");
  command->require_subcommand(1);

  CLI::App* listing = command->add_subcommand("list", "All modifications, oldest first");
  listing->add_option("-d,--deployment", options->deployment, "Only those of this deployment");
  listing->add_flag("--json", options->as_json, "A JSON array");
  listing->callback(
      [options, &chosen] { chosen = [options](Io& io) { return list(*options, io); }; });

  CLI::App* one = command->add_subcommand("get", "One modification");
  one->add_option("MODIFICATION", options->modification, "Its id, or the beginning of it")
      ->required();
  one->add_flag("--json", options->as_json, "A JSON object");
  one->callback([options, &chosen] { chosen = [options](Io& io) { return get(*options, io); }; });

  CLI::App* back = command->add_subcommand(
      "rollback", "Make all instances as they were before one that was started");
  back->add_option("MODIFICATION", options->modification, "Its id, or the beginning of it")
      ->required();
  back->add_flag("--json", options->as_json, "A JSON object");
  back->callback(
      [options, &chosen] { chosen = [options](Io& io) { return rollback(*options, io); }; });
}

}  // namespace cfy::app
