// cfy-run execute, install, uninstall: run a workflow of a deployment and show what happens.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "deploy/parameters.hpp"
#include "exec/cancel_watch.hpp"
#include "exec/run_storage.hpp"
#include "install_plugin.hpp"
#include "plugin_finder.hpp"
#include "report.hpp"
#include "run_workflow.hpp"
#include "workspace.hpp"

namespace cfy::app {
namespace {

using base::ErrorKind;
using base::Result;
using nlohmann::json;

struct Options {
  std::string workflow;
  BlueprintOptions blueprint;
  std::string file;  // the blueprint, where it stands without -b
  std::vector<std::string> parameters;
  RunSettings settings;
  ShowOptions show;
  bool allow_custom_parameters = false;
  bool is_forced = false;
};

base::Error unknown_workflow(const plan::Plan& plan, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& [known, workflow] : plan.workflows)
    names.push_back(known);
  const std::string hint = base::did_you_mean(name, names);
  if (names.empty())
    return base::make_error(ErrorKind::invalid,
                            "workflow '{}' does not exist: the blueprint declares none", name);
  return base::make_error(ErrorKind::invalid,
                          "workflow '{}' does not exist{}; the blueprint has: {}", name,
                          hint.empty() ? "" : " (" + hint + ")", base::join(names, ", "));
}

// Everything that can be refused is refused here, before anything is written or started.
Result<PreparedRun> prepare(const Options& options, Workspace& workspace, store::Store& store,
                            const PluginFinder& plugins, const Io& io) {
  auto deployment = open_deployment(workspace, store, options.blueprint, io);
  if (!deployment) return deployment.error();
  const plan::Plan& plan = deployment->plan;
  const auto workflow = plan.workflows.find(options.workflow);
  if (workflow == plan.workflows.end()) return unknown_workflow(plan, options.workflow);
  if (is_built_in_update(workflow->second))
    return base::make_error(
        ErrorKind::usage,
        "the workflow '{}' takes a deployment from its definitions to new ones: "
        "start it with `cfy-run update -d {}`",
        options.workflow, deployment->row.id);

  auto given = read_arguments(options.parameters, {"parameter", workflow->second.parameters},
                              workspace.sources, workspace.diagnostics);
  if (!given) return given.error();
  deploy::ParameterOptions how;
  how.allow_custom = options.allow_custom_parameters;
  how.read_text = read_scalar;
  auto instances = instances_of(store, *deployment);
  if (!instances) return instances.error();
  const exec::InstanceBook book(*std::move(instances));
  exec::Outside outside(store, *workspace.secrets);
  exec::RunStorage storage(plan, book, deployment->row, &outside);
  how.storage = &storage;
  auto parameters =
      deploy::check_parameters(plan, options.workflow, *given, how, workspace.diagnostics);
  if (!parameters) return base::Error(ErrorKind::invalid, "the parameters have mistakes");
  if (options.settings.install_plugins)
    if (auto done = install_missing_plugins(plan, plugins, workspace, io); !done)
      return std::move(done).error();
  auto entry = plugins.find_workflow(plan, workflow->second);
  if (!entry && !workflow->second.declared_at.empty())
    return std::move(entry).error().context(workflow->second.declared_at);
  if (!entry) return entry.error();
  PreparedRun prepared;
  prepared.deployment = *std::move(deployment);
  prepared.workflow_id = options.workflow;
  prepared.parameters = *std::move(parameters);
  prepared.entry = *entry;
  prepared.settings = options.settings;
  prepared.is_forced = options.is_forced;
  prepared.secrets = workspace.secrets.get();
  return prepared;
}

// What a dry run shows needs a deployment while it runs, but it makes none.
Result<void> forget_if_unused(store::Store& store, const std::string& id, bool as_json,
                              const Io& io) {
  auto transaction = store.begin();
  if (!transaction) return transaction.error();
  const auto executions = store.executions().list(id);
  if (!executions) return executions.error();
  // It was refused, or another process has found it meanwhile.
  if (executions->size() != 1) return {};
  if (auto done = forget_deployment(store, *transaction, io, id); !done) return done;
  if (io.verbosity >= 0 && !as_json)
    say(io.err, "deployment '{}' was for this dry run only: nothing of it is kept\n", id);
  return {};
}

// "install shop.yaml" is "install -b shop.yaml"; in Cloudify -b is an id and the word behind
// uninstall a deployment.
Result<Options> with_blueprint(Options options) {
  const std::string& file = options.file;
  std::string& blueprint = options.blueprint.blueprint;
  if (file.empty()) return options;
  if (!blueprint.empty() && blueprint != file)
    return base::make_error(ErrorKind::usage,
                            "the blueprint is named twice, as '{}' and by -b as '{}'; -d names the "
                            "deployment",
                            file, blueprint);
  if (std::error_code ignored; !std::filesystem::exists(file, ignored))
    return base::make_error(ErrorKind::usage,
                            "there is no blueprint '{}'; if that is a deployment: cfy-run {} -d {}",
                            file, options.workflow, file);
  blueprint = file;
  return options;
}

int run(const Options& given, Io& io) {
  const auto chosen = with_blueprint(given);
  if (!chosen) return fail(io, chosen.error(), given.show.as_json);
  const Options& options = *chosen;
  Workspace workspace;
  exec::block_cancel_signals();
  auto store = store::Store::open(io.state_dir);
  if (!store) return fail(io, store.error(), options.show.as_json);
  const PluginFinder plugins(options.settings.plugin_path, io.state_dir);
  auto prepared = prepare(options, workspace, **store, plugins, io);
  if (!prepared) return fail(io, workspace, prepared.error(), options.show.as_json);
  const OpenDeployment& deployment = prepared->deployment;
  if (!options.show.as_json) print_warnings(io, workspace);
  const int code = run_workflow(*prepared, plugins, options.show, io);
  if (!options.settings.run.is_dry_run || !deployment.is_new()) return code;
  const auto forgotten = forget_if_unused(**store, deployment.row.id, options.show.as_json, io);
  return forgotten ? code : fail(io, forgotten.error(), options.show.as_json);
}

void add_run_options(CLI::App& command, Options& options) {
  add_blueprint_options(command, options.blueprint, false);
  add_parameters_option(command, options.parameters);
  command.add_flag("--allow-custom-parameters", options.allow_custom_parameters,
                   "Pass on parameters that the workflow does not declare");
  add_run_settings(command, options.settings);
  add_show_options(command, options.show);
  command.add_flag("--force", options.is_forced,
                   "Run even if another execution of the deployment is running");
}

CLI::App* add_command(CLI::App& root, Chosen& chosen, const char* name, const char* help,
                      const std::shared_ptr<Options>& options) {
  CLI::App* command = root.add_subcommand(name, help);
  add_run_options(*command, *options);
  command->callback(
      [options, &chosen] { chosen = [options](Io& io) { return run(*options, io); }; });
  return command;
}

}  // namespace

void add_execute(CLI::App& root, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  add_command(root, chosen, "execute", "Run a workflow", options)
      ->add_option("WORKFLOW", options->workflow, "Its name in the blueprint")
      ->required();
  for (const char* name : {"install", "uninstall"}) {
    auto its_options = std::make_shared<Options>();
    its_options->workflow = name;
    add_command(root, chosen, name,
                name[0] == 'i' ? "Short for execute install" : "Short for execute uninstall",
                its_options)
        ->add_option("BLUEPRINT", its_options->file, "The blueprint's file, as by -b");
  }
}

}  // namespace cfy::app
