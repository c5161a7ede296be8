// cfy-run deployments list|get|delete: what has been made.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "commands.hpp"
#include "exec/left_operations.hpp"
#include "listing.hpp"
#include "report.hpp"
#include "rows.hpp"
#include "store/store.hpp"
#include "workspace.hpp"

namespace cfy::app {
namespace {

struct Options {
  std::string deployment;
  bool is_forced = false;
  bool as_json = false;
};

int list(const Options& options, Io& io) {
  auto store = store::Store::open(io.state_dir);
  if (!store) return fail(io, store.error(), options.as_json);
  const auto rows = (*store)->deployments().list();
  if (!rows) return fail(io, rows.error(), options.as_json);
  json all = json::array();
  for (const store::Deployment& row : *rows)
    all.push_back(to_json(row));
  return print_rows(io, all,
                    {{"ID", "id"}, {"BLUEPRINT", "blueprint_path"}, {"CREATED", "created_at"}},
                    options.as_json);
}

int get(const Options& options, Io& io) {
  auto store = store::Store::open(io.state_dir);
  if (!store) return fail(io, store.error(), options.as_json);
  const auto row = (*store)->deployments().get(options.deployment);
  if (!row) return fail(io, row.error(), options.as_json);
  const auto update = (*store)->updates().find_started(row->id);
  if (!update) return fail(io, update.error(), options.as_json);
  json shown = to_json(*row);
  if (*update) shown["unfinished_update"] = to_json(**update);
  return print_row(io, shown, options.as_json);
}

base::Result<void> remove(const Options& options, const Io& io) {
  auto store = store::Store::open(io.state_dir);
  if (!store) return store.error();
  if (!options.is_forced)
    if (const auto left = exec::find_left_operation(**store, options.deployment); !left || *left)
      return !left ? left.error()
                   : base::make_error(base::ErrorKind::conflict,
                                      "operations of deployment '{}' that execution {} left are "
                                      "running still (process {}); stop them with 'cfy-run cancel "
                                      "{} --kill', or forget the deployment all the same with "
                                      "--force",
                                      options.deployment, (*left)->execution_id, (*left)->process,
                                      (*left)->execution_id);
  auto transaction = (*store)->begin();  // no run can begin meanwhile
  if (!transaction) return transaction.error();
  const auto executions = (*store)->executions().list(options.deployment);
  if (!executions) return executions.error();
  for (const store::Execution& one : *executions) {
    const store::RunnerState state = (*store)->executions().runner_state(one);
    if (state == store::RunnerState::unknown) return store::unknown_runner(one);
    if (state == store::RunnerState::alive)
      return base::make_error(base::ErrorKind::conflict,
                              "execution {} of deployment '{}' is running; cancel it first: "
                              "cfy-run cancel {}",
                              one.id, options.deployment, one.id);
  }
  const auto instances = (*store)->node_instances().list(options.deployment);
  if (!instances) return instances.error();
  for (const store::NodeInstance& one : *instances)
    if (!options.is_forced && one.state != "uninitialized" && one.state != "deleted")
      return base::make_error(base::ErrorKind::conflict,
                              "node instance '{}' is {}; uninstall the deployment first, or forget "
                              "it all the same with --force",
                              one.id, one.state);
  return forget_deployment(**store, *transaction, io, options.deployment);
}

int run_remove(const Options& options, Io& io) {
  if (auto removed = remove(options, io); !removed)
    return fail(io, removed.error(), options.as_json);
  if (io.verbosity >= 0) say(io.out, "deployment '{}' is deleted\n", options.deployment);
  return kDone;
}

CLI::App* add_one(CLI::App& parent, const char* name, const char* help,
                  const std::shared_ptr<Options>& options, Chosen& chosen,
                  int (*run)(const Options&, Io&)) {
  CLI::App* command = parent.add_subcommand(name, help);
  command->add_flag("--json", options->as_json, "Print JSON");
  command->callback(
      [options, &chosen, run] { chosen = [options, run](Io& io) { return run(*options, io); }; });
  return command;
}

}  // namespace

void add_deployments(CLI::App& root, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = root.add_subcommand("deployments", "What was made from blueprints");
  command->require_subcommand(1);
  add_one(*command, "list", "All deployments", options, chosen, list);
  add_one(*command, "get", "One deployment", options, chosen, get)
      ->add_option("DEPLOYMENT", options->deployment, "Its id")
      ->required();
  CLI::App* removal = add_one(*command, "delete", "Forget a deployment and its executions", options,
                              chosen, run_remove);
  removal->add_option("DEPLOYMENT", options->deployment, "Its id")->required();
  removal->add_flag("--force", options->is_forced, "Even if it is installed");
}

}  // namespace cfy::app
