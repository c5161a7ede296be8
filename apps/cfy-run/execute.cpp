// cfy-run execute, install, uninstall: run a workflow of a deployment and show what happens.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "arguments.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "deploy/parameters.hpp"
#include "exec/cancel_watch.hpp"
#include "exec/execution.hpp"
#include "plugin/run.hpp"
#include "plugin_finder.hpp"
#include "report.hpp"
#include "run_report.hpp"
#include "ui/event_sinks.hpp"
#include "workspace.hpp"

namespace cfy::app {
namespace {

using base::ErrorKind;
using base::Result;
using nlohmann::json;

struct Options {
  std::string workflow;
  BlueprintOptions blueprint;
  std::vector<std::string> parameters, plugin_path;
  exec::RunOptions run;
  std::size_t jobs = 8;
  std::string isolation = "worker";
  bool allow_custom_parameters = false;
  bool is_forced = false;
  bool as_json = false;
  bool no_logs = false;
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
struct Prepared {
  OpenDeployment deployment;
  json parameters;
  const plugin::Entry* entry = nullptr;
};

Result<Prepared> prepare(const Options& options, Workspace& workspace, store::Store& store,
                         const PluginFinder& plugins, const Io& io) {
  auto given =
      read_arguments(options.parameters, "parameter", workspace.sources, workspace.diagnostics);
  if (!given) return given.error();
  auto deployment = open_deployment(workspace, store, options.blueprint, io);
  if (!deployment) return deployment.error();
  const plan::Plan& plan = deployment->plan;
  const auto workflow = plan.workflows.find(options.workflow);
  if (workflow == plan.workflows.end()) return unknown_workflow(plan, options.workflow);

  deploy::ParameterOptions how;
  how.allow_custom = options.allow_custom_parameters;
  how.read_text = read_scalar;
  auto parameters =
      deploy::check_parameters(plan, options.workflow, *given, how, workspace.diagnostics);
  if (!parameters) return base::Error(ErrorKind::invalid, "the parameters have mistakes");
  auto entry = plugins.find_workflow(plan, workflow->second);
  if (!entry && !workflow->second.declared_at.empty())
    return std::move(entry).error().context(workflow->second.declared_at);
  if (!entry) return entry.error();
  return Prepared{*std::move(deployment), *std::move(parameters), *entry};
}

exec::ExecutionSetup make_setup(const Options& options, const Prepared& prepared,
                                const PluginFinder& plugins, const Io& io) {
  exec::ExecutionSetup setup;
  setup.state_dir = io.state_dir;
  setup.plan = &prepared.deployment.plan;
  setup.deployment = prepared.deployment.row;
  setup.workflow_id = options.workflow;
  setup.parameters = prepared.parameters;
  setup.entry = [entry = prepared.entry](plugin::WorkflowHost& host) {
    return plugin::run_workflow(*entry, host);
  };
  setup.find_plugin = [&plugins, &plan = prepared.deployment.plan](const std::string& name) {
    return plugins.find_file(plan, name);
  };
  setup.options = options.run;
  setup.jobs = options.jobs;
  setup.is_forced = options.is_forced;
  setup.program = io.program;
  setup.is_isolated = options.isolation == "worker";
  setup.clock = io.clock;
  return setup;
}

int end(const Options& options, Io& io, const exec::ExecutionOutcome& outcome,
        const Prepared& prepared) {
  if (options.as_json)
    ui::print_json_line(io.out, last_record(outcome));
  else
    print_outcome(io, outcome, prepared.deployment.row.id, options.workflow, options.run);
  if (!options.as_json) warn_unmapped(io, outcome, prepared.deployment.plan, prepared.parameters);
  const int code = exit_code_of(outcome);
  if (outcome.is_abandoned) {
    // Code of the plugin still runs on a thread of this process: nothing may be destroyed.
    std::fflush(nullptr);
    _exit(code);
  }
  return code;
}

int run(const Options& options, Io& io) {
  Workspace workspace;
  exec::block_cancel_signals();
  auto store = store::Store::open(io.state_dir);
  if (!store) return fail(io, store.error(), options.as_json);
  const PluginFinder plugins(options.plugin_path, io.state_dir);
  auto prepared = prepare(options, workspace, **store, plugins, io);
  if (!prepared) return fail(io, workspace, prepared.error(), options.as_json);
  if (auto saved = save_deployment(**store, prepared->deployment); !saved)
    return fail(io, saved.error(), options.as_json);
  if (!options.as_json) print_warnings(io, workspace);

  ui::LineSink lines(io.out, style_of(io, io.out), {io.verbosity, !options.no_logs});
  ui::JsonSink records(io.out, !options.no_logs);
  exec::ExecutionSetup setup = make_setup(options, *prepared, plugins, io);
  setup.shown = options.as_json ? static_cast<event::Sink*>(&records) : &lines;
  if (!options.as_json) {
    setup.on_started = [&](const std::string& id) { announce(io, id, options.workflow); };
    setup.on_cancel = [&io](exec::CancelDegree degree) { announce_cancel(io, degree); };
  }
  const auto outcome = exec::run_execution(std::move(setup));
  if (!outcome) return fail(io, outcome.error(), options.as_json);
  return end(options, io, *outcome, *prepared);
}

void add_run_options(CLI::App& command, Options& options) {
  add_blueprint_options(command, options.blueprint, false);
  command
      .add_option("-p,--parameters", options.parameters,
                  "Parameters of the workflow, in the same forms as inputs")
      ->type_name("PARAMETERS")
      ->expected(1)
      ->allow_extra_args(false)  // else CLI11 takes "[1,2]" apart
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_flag("--allow-custom-parameters", options.allow_custom_parameters,
                   "Pass on parameters that the workflow does not declare");
  command.add_option("-j,--jobs", options.jobs, "Operations that run at a time (8)")
      ->check(CLI::Range(1, 10000))
      ->type_name("N");
  command
      .add_option("--task-retries", options.run.task_retries,
                  "Retries of a failed operation, -1 without end (5)")
      ->check(CLI::Range(-1, 1000000000))
      ->type_name("N");
  command
      .add_option("--task-retry-interval", options.run.task_retry_interval_s,
                  "Seconds between the tries (3)")
      ->check(check_seconds)
      ->type_name("S");
  command
      .add_option("--subgraph-retries", options.run.subgraph_retries,
                  "Retries of a failed subgraph (0)")
      ->check(CLI::Range(-1, 1000000000))
      ->type_name("N");
  command
      .add_option("--wait-after-fail", options.run.wait_after_fail_s,
                  "Seconds that the rest may go on after a failure (600)")
      ->check(check_seconds)
      ->type_name("S");
  command.add_flag("--dry-run", options.run.is_dry_run, "Go through it, but run nothing");
  command.add_flag("--json", options.as_json, "One JSON record a line, the last with the result");
  command.add_flag("--no-logs", options.no_logs, "Events only, no logs of operations");
  command.add_option("--plugin-path", options.plugin_path, "A folder to search for plugins first")
      ->type_name("DIR")
      ->expected(1)
      ->allow_extra_args(false)  // else CLI11 takes "[1,2]" apart
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_flag("--force", options.is_forced,
                   "Run even if another execution of the deployment is running");
  command
      .add_option("--isolation", options.isolation,
                  "worker: operations run in processes of their own; none: native operations "
                  "run in this one, for a debugger")
      ->check(CLI::IsMember({"worker", "none"}));
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
                its_options);
  }
}

}  // namespace cfy::app
