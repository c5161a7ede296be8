// cfy-run validate: all mistakes of a blueprint, and of the inputs for it.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "commands.hpp"
#include "deep_check.hpp"
#include "keep_until_exit.hpp"
#include "report.hpp"
#include "ui/diagnostics_printer.hpp"
#include "ui/event_format.hpp"
#include "workspace.hpp"

namespace cfy::app {
namespace {

struct Options {
  ReadingOptions read;
  std::vector<std::string> plugin_path;
  bool is_deep = false;
  bool as_json = false;
};

// What --deep asks for of a plan whose inputs are applied, if they could be.
void check_deeply(const Options& options, const std::filesystem::path& blueprint,
                  const plan::Plan& plan, Workspace& workspace, const Io& io) {
  if (options.is_deep)
    check_code(plan, PluginFinder(options.plugin_path, io.state_dir), blueprint.parent_path(),
               workspace);
}

base::Result<void> check_inputs(const Options& options, const std::filesystem::path& blueprint,
                                const plan::Plan& plan, Workspace& workspace, const Io& io) {
  auto given = read_arguments(options.read.inputs, {"input", plan.input_schemas}, workspace.sources,
                              workspace.diagnostics);
  if (!given) return given.error();
  const auto& prepared = keep_until_exit(prepare_plan(workspace, plan, *given, io));
  check_deeply(options, blueprint, prepared ? *prepared : plan, workspace, io);
  if (!prepared) return prepared.error();
  return {};
}

base::Result<void> check(const Options& options, Workspace& workspace, const Io& io) {
  const auto blueprint = std::filesystem::absolute(options.read.blueprint).lexically_normal();
  const auto& plan = keep_until_exit(load_plan(workspace, blueprint, io));
  if (!plan) return plan.error();
  if (auto loaded = load_secrets(workspace, options.read.secrets, io); !loaded)
    return loaded.error();
  base::Result<void> checked;
  // Without inputs only the text is judged: what a deployment would miss is no mistake of it.
  if (!options.read.inputs.empty()) {
    checked = check_inputs(options, blueprint, *plan, workspace, io);
  } else {
    check_deeply(options, blueprint, *plan, workspace, io);
    if (!options.read.secrets.empty()) check_secrets(workspace, *plan, io);
  }
  if (options.is_deep)
    check_input_uses(*plan, workspace);
  else
    check_script_workflows(*plan, workspace);  // --deep has said that they cannot run
  if (!checked) return checked;
  if (workspace.diagnostics.has_errors())
    return base::Error(base::ErrorKind::invalid, "the blueprint has mistakes");
  return {};
}

int run(const Options& options, Io& io) {
  auto& workspace = keep_until_exit(Workspace());
  if (auto checked = check(options, workspace, io); !checked)
    return fail(io, workspace, checked.error(), options.as_json);
  if (options.as_json) {
    ui::print_json_line(io.out, ui::to_json(workspace.diagnostics, workspace.sources));
    return kDone;
  }
  print_warnings(io, workspace);
  if (io.verbosity >= 0) say(io.out, "{} is valid\n", options.read.blueprint);
  return kDone;
}

}  // namespace

void add_validate(CLI::App& root, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = root.add_subcommand("validate", "Find all mistakes of a blueprint");
  add_reading_options(*command, options->read);
  command->add_flag("--deep", options->is_deep,
                    "Also load the plugins, look for the scripts and for unused inputs");
  command->add_option("--plugin-path", options->plugin_path, "A folder to search first (--deep)")
      ->type_name("DIR")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command->add_flag("--json", options->as_json, "A JSON object with all mistakes");
  command->callback(
      [options, &chosen] { chosen = [options](Io& io) { return run(*options, io); }; });
}

}  // namespace cfy::app
