#include "run_workflow.hpp"

#include <cstdio>
#include <memory>
#include <set>
#include <utility>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "arguments.hpp"
#include "base/digest.hpp"
#include "crash_notice.hpp"
#include "exec/cancel_watch.hpp"
#include "plugin/run.hpp"
#include "report.hpp"
#include "run_report.hpp"
#include "ui/screen.hpp"

namespace cfy::app {
namespace {

using nlohmann::json;

exec::ExecutionSetup make_setup(const PreparedRun& prepared, const PluginFinder& plugins,
                                const Io& io) {
  const plan::Plan& plan = prepared.deployment.plan;
  exec::ExecutionSetup setup;
  setup.state_dir = io.state_dir;
  setup.plan = &plan;
  setup.definitions = definitions_of(prepared.deployment);
  setup.workflow_id = prepared.workflow_id;
  setup.parameters = prepared.parameters;
  setup.entry = [entry = prepared.entry](plugin::WorkflowHost& host) {
    const CrashStack stack;
    return plugin::run_workflow(*entry, host);
  };
  setup.find_plugin = [&plugins, &plan](const std::string& name) {
    return plugins.find_file(plan, name);
  };
  setup.options = prepared.settings.run;
  setup.jobs = prepared.settings.jobs;
  setup.is_forced = prepared.is_forced;
  setup.program = io.program;
  setup.is_isolated = prepared.settings.isolation == "worker";
  setup.clock = io.clock;
  setup.secrets = prepared.secrets;
  setup.stored_setup = describe_setup(prepared.settings, prepared.deployment,
                                      plan.workflows.at(prepared.workflow_id).plugin, plugins);
  setup.resume = prepared.resume;
  setup.update = prepared.update;
  return setup;
}

// The run's events and words, in their order, whatever becomes of who reads them.
class RunScreen final : public event::Sink {
 public:
  static base::Result<std::unique_ptr<RunScreen>> open(const ShowOptions& options, Io& io) {
    std::unique_ptr<RunScreen> shown(new RunScreen(options, io));
    auto screen = ui::Screen::open(io.out, io.err,
                                   {.describe_left_out = [raw = shown.get()](std::size_t count) {
                                     return raw->left_out_text(count);
                                   }});
    if (!screen) return std::move(screen).error();
    shown->screen_ = *std::move(screen);
    return shown;
  }

  void take(const event::Event& event) override {
    if (!format_->shows(event)) return;
    constexpr std::size_t kOfTheRest = 1000;  // contexts, and what a line is made of
    screen_->show([event, format = format_] { return format->text(event); },
                  event.text.size() + kOfTheRest);
  }
  void say_out(std::string text) { screen_->say(io_.out, std::move(text)); }
  /// Unless --json, or less than `verbosity` is wanted.
  void say_err(std::string text, int verbosity = 0) {
    if (!options_.as_json && io_.verbosity >= verbosity && !text.empty())
      screen_->say(io_.err, std::move(text));
  }
  /// Before the first event.
  void set_execution(const std::string& id) { id_ = id; }

  ui::Screen::Outcome finish(bool waits) {
    const ui::Screen::Outcome outcome = screen_->finish(waits);
    io_.is_output_lost = io_.is_output_lost || outcome.is_output_lost;
    if (outcome.is_stuck) (void)screen_.release();
    return outcome;
  }

 private:
  RunScreen(const ShowOptions& options, Io& io)
      : options_(options), io_(io), format_(make_format(io, options)) {}

  std::string left_out_text(std::size_t count) const {
    return fmt::format(
        "{} {} not shown, as nobody could read so fast; all are kept: cfy-run events {}\n", count,
        count == 1 ? "event was" : "events were", id_);
  }

  const ShowOptions options_;
  Io& io_;
  std::shared_ptr<const ui::EventFormat> format_;
  std::string id_;
  std::unique_ptr<ui::Screen> screen_;
};

void say_end(const PreparedRun& prepared, const ShowOptions& options, const Io& io,
             const exec::ExecutionOutcome& outcome, RunScreen& screen) {
  const ui::Style style = style_of(io, io.err);
  const std::string& deployment = prepared.deployment.row.id;
  const exec::RunOptions& run = prepared.settings.run;
  const bool is_done = outcome.status == "terminated";
  if (options.as_json) screen.say_out(ui::json_line(last_record(outcome)));
  constexpr int kAlways = -1;
  screen.say_err(outcome_text(outcome, deployment, prepared.workflow_id, run, style),
                 is_done ? 0 : kAlways);
  if (prepared.update && !is_done && !run.is_dry_run)
    screen.say_err(
        fmt::format("the update is not complete; go on with what is left: cfy-run update "
                    "-d {}\n",
                    ui::to_one_line(deployment)),
        kAlways);
  screen.say_err(unmapped_text(outcome, prepared.deployment.plan, prepared.parameters, style));
}

int end(const PreparedRun& prepared, const ShowOptions& options, Io& io,
        const exec::ExecutionOutcome& outcome, RunScreen& screen) {
  say_end(prepared, options, io, outcome, screen);
  // What is left to be said is waited for, but not by one who wants to be gone. The run is over, so
  // a signal ends the waiting.
  const bool waits = outcome.status != "cancelled";
  if (waits) exec::unblock_cancel_signals();
  const ui::Screen::Outcome shown = screen.finish(waits);
  const int code = exit_code_of(outcome);
  // Code of the plugin, or a write, still goes on on a thread of this process: nothing may be
  // destroyed. And nobody waits for a long queue to be freed.
  if (outcome.is_abandoned || shown.is_stuck || shown.has_left_out) {
    if (!shown.is_stuck) std::fflush(nullptr);
    _exit(code);
  }
  return code;
}

void add_plugins_of(const plan::OperationMap* operations, std::set<std::string>& plugins) {
  if (operations == nullptr) return;
  for (const auto& [name, operation] : *operations)
    if (!operation->is_noop()) plugins.insert(operation->plugin);
}

// Those whose code the deployment may run: the workflow's, and those that operations are mapped to.
std::set<std::string> used_plugins(const plan::Plan& plan, const std::string& workflow_plugin) {
  std::set<std::string> plugins{workflow_plugin};
  for (const plan::Node& node : plan.nodes) {
    add_plugins_of(node.operations.get(), plugins);
    for (const plan::Relationship& relationship : node.relationships) {
      add_plugins_of(relationship.source_operations.get(), plugins);
      add_plugins_of(relationship.target_operations.get(), plugins);
    }
  }
  return plugins;
}

}  // namespace

void add_show_options(CLI::App& command, ShowOptions& options) {
  command.add_flag("--json", options.as_json, "One JSON record a line, the last with the result");
  command.add_flag("--no-logs", options.no_logs, "Events only, no logs of operations");
}

void add_plugin_path_option(CLI::App& command, std::vector<std::string>& plugin_path) {
  command.add_option("--plugin-path", plugin_path, "A folder to search for plugins first")
      ->type_name("DIR")
      ->expected(1)
      ->allow_extra_args(false)  // else CLI11 takes "[1,2]" apart
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_run_settings(CLI::App& command, RunSettings& settings) {
  command.add_option("-j,--jobs", settings.jobs, "Operations that run at a time (8)")
      ->check(CLI::Range(1, 10000))
      ->type_name("N");
  command
      .add_option("--task-retries", settings.run.task_retries,
                  "Retries of a failed operation, -1 without end (5)")
      ->check(CLI::Range(-1, 1000000000))
      ->type_name("N");
  command
      .add_option("--task-retry-interval", settings.run.task_retry_interval_s,
                  "Seconds between the tries (3)")
      ->check(check_seconds)
      ->type_name("S");
  command
      .add_option("--subgraph-retries", settings.run.subgraph_retries,
                  "Retries of a failed subgraph (0)")
      ->check(CLI::Range(-1, 1000000000))
      ->type_name("N");
  command
      .add_option("--wait-after-fail", settings.run.wait_after_fail_s,
                  "Seconds that the rest may go on after a failure (600)")
      ->check(check_seconds)
      ->type_name("S");
  command.add_flag("--dry-run", settings.run.is_dry_run, "Go through it, but run nothing");
  command
      .add_option("--isolation", settings.isolation,
                  "worker: operations run in processes of their own; none: native operations "
                  "run in this one, for a debugger")
      ->check(CLI::IsMember({"worker", "none"}));
  add_plugin_path_option(command, settings.plugin_path);
  command.add_flag("--install-plugins", settings.install_plugins,
                   "Install missing plugins first, from the addresses that are their source");
}

void add_parameters_option(CLI::App& command, std::vector<std::string>& parameters) {
  command
      .add_option("-p,--parameters", parameters,
                  "Parameters of the workflow, in the same forms as inputs")
      ->type_name("PARAMETERS")
      ->expected(1)
      ->allow_extra_args(false)  // else CLI11 takes "[1,2]" apart
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

bool is_built_in_update(const plan::Workflow& workflow) {
  return workflow.operation == "cloudify.plugins.workflows.update";
}

json describe_setup(const RunSettings& settings, const OpenDeployment& deployment,
                    const std::string& workflow_plugin, const PluginFinder& plugins) {
  json found = json::object();
  for (const std::string& name : used_plugins(deployment.plan, workflow_plugin)) {
    const auto path = plugins.find_file(deployment.plan, name);
    if (!path) continue;  // whoever needs it will say so
    const auto digest = base::digest_of_file(*path);
    found[name] = {{"path", *path}, {"digest", digest ? *digest : ""}};
  }
  const exec::RunOptions& run = settings.run;
  return {{"task_retries", run.task_retries},
          {"task_retry_interval", run.task_retry_interval_s},
          {"subgraph_retries", run.subgraph_retries},
          {"wait_after_fail", run.wait_after_fail_s},
          {"jobs", settings.jobs},
          {"isolation", settings.isolation},
          {"plugin_path", settings.plugin_path},
          {"blueprint_digest", deployment.definitions_digest},
          {"plugins", found}};
}

RunSettings settings_from(const json& setup) {
  RunSettings settings;
  exec::RunOptions& run = settings.run;
  run.task_retries = setup.value("task_retries", run.task_retries);
  run.task_retry_interval_s = setup.value("task_retry_interval", run.task_retry_interval_s);
  run.subgraph_retries = setup.value("subgraph_retries", run.subgraph_retries);
  run.wait_after_fail_s = setup.value("wait_after_fail", run.wait_after_fail_s);
  settings.jobs = setup.value("jobs", settings.jobs);
  settings.isolation = setup.value("isolation", settings.isolation);
  settings.plugin_path = setup.value("plugin_path", settings.plugin_path);
  return settings;
}

std::unique_ptr<ui::EventFormat> make_format(const Io& io, const ShowOptions& options) {
  if (options.as_json) return std::make_unique<ui::RecordFormat>(!options.no_logs);
  return std::make_unique<ui::LineFormat>(style_of(io, io.out),
                                          ui::LineOptions{io.verbosity, !options.no_logs});
}

int run_workflow(const PreparedRun& prepared, const PluginFinder& plugins,
                 const ShowOptions& options, Io& io) {
  auto opened = RunScreen::open(options, io);
  if (!opened) return fail(io, opened.error(), options.as_json);
  RunScreen& screen = **opened;
  exec::ExecutionSetup setup = make_setup(prepared, plugins, io);
  setup.shown = &screen;
  setup.on_started = [&](const std::string& id) {
    arm_crash_notice(id, prepared.workflow_id);
    screen.set_execution(id);
    screen.say_err(start_text(id, prepared.workflow_id));
  };
  setup.on_cancel = [&screen](exec::CancelDegree degree) {
    constexpr int kAlways = -1;
    screen.say_err(cancel_text(degree), kAlways);
  };
  const auto outcome = exec::run_execution(std::move(setup));
  if (outcome) return end(prepared, options, io, *outcome, screen);
  screen.finish(true);
  return fail(io, outcome.error(), options.as_json);
}

}  // namespace cfy::app
