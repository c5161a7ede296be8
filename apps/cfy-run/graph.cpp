// cfy-run graph: the tasks of an execution as they are stored, what each waits for, and how far it
// has come.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "commands.hpp"
#include "listing.hpp"
#include "report.hpp"
#include "rows.hpp"
#include "store/store.hpp"

namespace cfy::app {
namespace {

struct Options {
  std::string execution;
  bool as_json = false;
};

base::Result<json> read_tasks(store::Store& store, const std::string& prefix, const Io& io) {
  const auto execution = store.executions().find(prefix);
  if (!execution) return execution.error();
  const auto rows = store.operations().list(execution->id);
  if (!rows) return rows.error();
  json tasks = json::array();
  for (const store::Operation& row : *rows)
    tasks.push_back(to_json(row));
  if (auto hidden = hide_secrets(tasks, store, io); !hidden) return hidden.error();
  return tasks;
}

// Numbers of tasks, for people: "0, 4".
std::string shown(const json& dependencies) {
  return fmt::format("{}", fmt::join(dependencies.get<std::vector<std::uint32_t>>(), ", "));
}

int run(const Options& options, Io& io) {
  auto store = store::Store::open(io.state_dir);
  if (!store) return fail(io, store.error(), options.as_json);
  auto tasks = read_tasks(**store, options.execution, io);
  if (!tasks) return fail(io, tasks.error(), options.as_json);
  if (!options.as_json)
    for (json& task : *tasks)
      task["dependencies"] = shown(task["dependencies"]);
  return print_rows(io, *tasks,
                    {{"NUMBER", "number"},
                     {"TASK", "task"},
                     {"STATE", "state", ui::Fit::whole},
                     {"WAITS FOR", "dependencies"},
                     {"SUBGRAPH", "containing_subgraph"}},
                    options.as_json);
}

}  // namespace

void add_graph(CLI::App& root, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = root.add_subcommand(
      "graph", "The tasks of an execution: what they wait for, how far they are");
  command->add_option("EXECUTION", options->execution, "Its id, or the beginning of it")
      ->required();
  command->add_flag("--json", options->as_json, "A JSON array");
  command->callback(
      [options, &chosen] { chosen = [options](Io& io) { return run(*options, io); }; });
}

}  // namespace cfy::app
