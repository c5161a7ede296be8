// cfy-run validate: all mistakes of a blueprint, and of the inputs for it.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "commands.hpp"
#include "report.hpp"
#include "ui/diagnostics_printer.hpp"
#include "ui/event_sinks.hpp"
#include "workspace.hpp"

namespace cfy::app {
namespace {

struct Options {
  std::string blueprint;
  std::vector<std::string> inputs;
  bool as_json = false;
};

base::Result<void> check(const Options& options, Workspace& workspace) {
  auto plan = load_plan(workspace,
                        std::filesystem::absolute(options.blueprint).lexically_normal());
  if (!plan) return plan.error();
  if (options.inputs.empty()) return {};
  auto given = read_arguments(options.inputs, "input", workspace.sources, workspace.diagnostics);
  if (!given) return given.error();
  auto prepared = prepare_plan(workspace, *std::move(plan), *given);
  if (!prepared) return prepared.error();
  return {};
}

int run(const Options& options, Io& io) {
  Workspace workspace;
  if (auto checked = check(options, workspace); !checked)
    return fail(io, workspace, checked.error(), options.as_json);
  if (options.as_json) {
    ui::print_json_line(io.out, ui::to_json(workspace.diagnostics, workspace.sources));
    return kDone;
  }
  print_warnings(io, workspace);
  if (io.verbosity >= 0) fmt::print(io.out, "{} is valid\n", options.blueprint);
  return kDone;
}

}  // namespace

void add_validate(CLI::App& root, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  options->blueprint = "blueprint.yaml";
  CLI::App* command = root.add_subcommand("validate", "Find all mistakes of a blueprint");
  command->add_option("BLUEPRINT", options->blueprint, "The blueprint's file (./blueprint.yaml)");
  command
      ->add_option("-i,--inputs", options->inputs, "Inputs to check too, as for execute")
      ->type_name("INPUTS")
      ->expected(1)
      ->allow_extra_args(false)  // else CLI11 takes "[1,2]" apart
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_flag("--json", options->as_json, "A JSON object with all mistakes");
  command->callback([options, &chosen] {
    chosen = [options](Io& io) { return run(*options, io); };
  });
}

}  // namespace cfy::app
