// cfy-run executions list|get: what ran, and how it ended.
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "commands.hpp"
#include "deployment_choice.hpp"
#include "listing.hpp"
#include "report.hpp"
#include "rows.hpp"
#include "store/store.hpp"

namespace cfy::app {
namespace {

struct Options {
  std::string execution, deployment;
  bool as_json = false;
};

// The row with what a person asks next: whether anybody still works on it.
json describe(const store::Store& store, const store::Execution& row) {
  json described = to_json(row);
  described["runner_died"] = !store::is_finished(row.status) &&
                             store.executions().runner_state(row) == store::RunnerState::gone;
  return described;
}

int list(const Options& options, Io& io) {
  auto store = store::Store::open(io.state_dir);
  if (!store) return fail(io, store.error(), options.as_json);
  const auto deployment =
      options.deployment.empty() ? std::nullopt : std::optional(options.deployment);
  if (auto known = check_deployment(**store, deployment); !known)
    return fail(io, known.error(), options.as_json);
  const auto rows = (*store)->executions().list(deployment);
  if (!rows) return fail(io, rows.error(), options.as_json);
  json all = json::array();
  for (const store::Execution& row : *rows) {
    all.push_back(describe(**store, row));
    if (!options.as_json && all.back()["runner_died"].get<bool>())
      all.back()["status"] = row.status + " (its runner died)";
  }
  if (auto hidden = hide_secrets(all, **store, io); !hidden)
    return fail(io, hidden.error(), options.as_json);
  return print_rows(io, all,
                    {{"ID", "id", ui::Fit::prefix},
                     {"WORKFLOW", "workflow_id"},
                     {"DEPLOYMENT", "deployment_id"},
                     {"STATUS", "status", ui::Fit::whole},
                     {"CREATED", "created_at"},
                     {"ERROR", "error"}},
                    options.as_json);
}

int get(const Options& options, Io& io) {
  auto store = store::Store::open(io.state_dir);
  if (!store) return fail(io, store.error(), options.as_json);
  const auto row = (*store)->executions().find(options.execution);
  if (!row) return fail(io, row.error(), options.as_json);
  json rows = json::array({describe(**store, *row)});
  if (auto hidden = hide_secrets(rows, **store, io); !hidden)
    return fail(io, hidden.error(), options.as_json);
  return print_row(io, rows.front(), options.as_json);
}

}  // namespace

void add_executions(CLI::App& root, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = root.add_subcommand("executions", "What ran, and how it ended");
  command->require_subcommand(1);

  CLI::App* listing = command->add_subcommand("list", "All executions, oldest first");
  listing->add_option("-d,--deployment", options->deployment, "Only those of this deployment");
  listing->add_flag("--json", options->as_json, "A JSON array");
  listing->callback(
      [options, &chosen] { chosen = [options](Io& io) { return list(*options, io); }; });

  CLI::App* one = command->add_subcommand("get", "One execution");
  one->add_option("EXECUTION", options->execution, "Its id, or the beginning of it")->required();
  one->add_flag("--json", options->as_json, "A JSON object");
  one->callback([options, &chosen] { chosen = [options](Io& io) { return get(*options, io); }; });
}

}  // namespace cfy::app
