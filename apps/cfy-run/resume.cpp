// cfy-run resume: let an execution go on that failed, was cancelled, or whose runner died.
#include <chrono>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "commands.hpp"
#include "exec/cancel_watch.hpp"
#include "exec/dead_execution.hpp"
#include "exec/left_operations.hpp"
#include "report.hpp"
#include "run_workflow.hpp"
#include "workspace.hpp"

namespace cfy::app {
namespace {

using base::ErrorKind;
using base::make_error;
using base::Result;
using nlohmann::json;

struct Options {
  std::string execution, secrets;
  bool resets_operations = false;
  bool is_forced = false;
  std::vector<std::string> plugin_path;
  ShowOptions show;
};

Result<store::Execution> find_execution(const Options& options, store::Store& store) {
  auto found = store.executions().find(options.execution);
  if (!found) return found;
  if (found->is_dry_run)
    return make_error(ErrorKind::conflict,
                      "execution {} is a dry run: it did nothing that could go on", found->id);
  if (found->status == "terminated")
    return make_error(ErrorKind::conflict,
                      "execution {} ({} of {}) is complete: there is nothing to resume", found->id,
                      found->workflow_id, found->deployment_id);
  const store::RunnerState state = store.executions().runner_state(*found);
  if (state == store::RunnerState::unknown) return store::unknown_runner(*found);
  // A `cancel` that ends a dead run works on it for a moment, too: take_lock() waits for that.
  if (state == store::RunnerState::alive && process::life_of(found->runner) != process::Life::ended)
    return make_error(ErrorKind::conflict,
                      "execution {} runs still (process {}); see 'cfy-run events {} --tail'",
                      found->id, found->runner.pid, found->id);
  return found;
}

Result<const plugin::Entry*> find_entry(const plan::Plan& plan, const std::string& workflow_id,
                                        const PluginFinder& plugins) {
  const auto workflow = plan.workflows.find(workflow_id);
  if (workflow == plan.workflows.end())
    return make_error(ErrorKind::conflict,
                      "the blueprint does not declare the workflow '{}' any more", workflow_id);
  const auto entry = plugins.find_workflow(plan, workflow->second);
  if (!entry || (*entry)->is_resumable) return entry;
  if (is_built_in_update(workflow->second))
    return base::Error(ErrorKind::conflict,
                       "an update is not resumed: start 'cfy-run update' again, which goes on with "
                       "what is left");
  return make_error(ErrorKind::conflict,
                    "the workflow '{}' ({}.{}) is not resumable: its plugin does not declare that "
                    "it may be run again after it was cut off; start it anew with 'cfy-run execute "
                    "{}'",
                    workflow_id, workflow->second.plugin, workflow->second.operation, workflow_id);
}

/// What is not as it was when the execution ran last, in words.
std::vector<std::string> find_changes(const json& before, const json& now,
                                      const std::string& blueprint) {
  std::vector<std::string> changes;
  if (before.value("blueprint_digest", "") != now.value("blueprint_digest", ""))
    changes.push_back(fmt::format("the blueprint {}", blueprint));
  const json old_plugins = before.value("plugins", json::object());
  for (const auto& [name, plugin] : now.at("plugins").items()) {
    const auto old = old_plugins.find(name);
    if (old == old_plugins.end() || old->at("digest") != plugin.at("digest"))
      changes.push_back(
          fmt::format("plugin '{}' ({})", name, plugin.at("path").get_ref<const std::string&>()));
  }
  for (const auto& [name, plugin] : old_plugins.items())
    if (!now.at("plugins").contains(name))
      changes.push_back(fmt::format("plugin '{}', which is gone", name));
  return changes;
}

Result<void> check_unchanged(const Options& options, const store::Execution& execution,
                             const PreparedRun& prepared, const PluginFinder& plugins) {
  if (options.is_forced) return {};
  const plan::Plan& plan = prepared.deployment.plan;
  const json now = describe_setup(prepared.settings, prepared.deployment,
                                  plan.workflows.at(execution.workflow_id).plugin, plugins);
  const auto changes = find_changes(execution.setup, now, prepared.deployment.row.blueprint_path);
  if (changes.empty()) return {};
  return make_error(ErrorKind::conflict,
                    "changed since execution {} ran: {}; resume with --force to go on with what is "
                    "there now",
                    execution.id, base::join(changes, ", "));
}

// From here on this process works on it, whatever has to be waited for. A `cancel` that ends a dead
// run has it for a moment.
Result<std::shared_ptr<store::RunLock>> take_lock(store::Store& store,
                                                  const store::Execution& execution) {
  constexpr int kTries = 50;
  for (int tries = 1;; ++tries) {
    auto lock = store.run_locks().take(execution.number);
    if (!lock) return lock.error();
    if (*lock) return std::make_shared<store::RunLock>(**std::move(lock));
    if (tries == kTries)
      return make_error(ErrorKind::conflict,
                        "another process works on execution {}; see 'cfy-run events {} --tail'",
                        execution.id, execution.id);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

Result<PreparedRun> prepare(const Options& options, const store::Execution& execution,
                            Workspace& workspace, store::Store& store, const PluginFinder& plugins,
                            const Io& io) {
  BlueprintOptions which;
  which.deployment = execution.deployment_id;
  which.secrets = options.secrets;
  auto deployment = open_deployment(workspace, store, which, io);
  if (!deployment) return deployment.error();
  const auto entry = find_entry(deployment->plan, execution.workflow_id, plugins);
  if (!entry) return entry.error();
  PreparedRun prepared;
  prepared.deployment = *std::move(deployment);
  prepared.workflow_id = execution.workflow_id;
  prepared.parameters = execution.parameters;
  prepared.entry = *entry;
  prepared.settings = settings_from(execution.setup);
  prepared.is_forced = options.is_forced;
  prepared.secrets = workspace.secrets.get();
  if (auto same = check_unchanged(options, execution, prepared, plugins); !same)
    return same.error();
  auto lock = take_lock(store, execution);
  if (!lock) return lock.error();
  prepared.resume =
      exec::ResumeSetup{execution.id, *std::move(lock), options.resets_operations, {}};
  return prepared;
}

// Workers that the runner left work still and will record what they did; what is left of operations
// whose workers are gone must not run beside itself. Polling is honest here: they are nobody's
// children that could be waited for, and a look costs little.
/// @return whether it was cancelled meanwhile
Result<bool> wait_for_left_operations(const store::Execution& execution, store::Store& store,
                                      const Io& io) {
  bool is_told = false;
  for (;;) {
    const auto status = store.executions().status(execution.id);
    if (!status) return status.error();
    const auto degree = store::degree_of(*status);
    if (degree && *status != execution.status) {
      auto ended = exec::cancel_dead(store, execution, *degree, *io.clock);
      if (!ended) return ended.error();
      return true;
    }
    const auto left = exec::find_left_operations(store, execution.id);
    if (!left) return left.error();
    if (left->empty()) return false;
    std::vector<std::string> processes;
    for (const exec::LeftOperation& one : *left)
      processes.push_back(std::to_string(one.process));
    if (!is_told && io.verbosity >= 0)
      say(io.err,
          "waiting for operations that the runner left running (process {}); end them with "
          "'cfy-run cancel {} --kill'\n",
          base::join(processes, ", "), execution.id);
    is_told = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

int resume(const Options& options, const store::Execution& execution, store::Store& store, Io& io) {
  Workspace workspace;
  std::vector<std::string> plugin_path = options.plugin_path;
  const RunSettings before = settings_from(execution.setup);
  plugin_path.insert(plugin_path.end(), before.plugin_path.begin(), before.plugin_path.end());
  const PluginFinder plugins(plugin_path, io.state_dir);
  auto prepared = prepare(options, execution, workspace, store, plugins, io);
  if (!prepared) return fail(io, workspace, prepared.error(), options.show.as_json);
  prepared->settings.plugin_path = plugin_path;
  prepared->resume->may_run_again = [&](const exec::CutOffOperation& one) -> Result<bool> {
    const auto loaded = plugins.load(prepared->deployment.plan, one.plugin);
    if (!loaded) return loaded.error();
    const auto entry = (*loaded)->find_operation(one.function);
    if (!entry) return entry.error();
    return (*entry)->is_resumable;
  };
  const auto is_cancelled = wait_for_left_operations(execution, store, io);
  if (!is_cancelled) return fail(io, is_cancelled.error(), options.show.as_json);
  if (*is_cancelled)
    return fail(io, {ErrorKind::cancelled, fmt::format("execution {} was cancelled", execution.id)},
                options.show.as_json);
  exec::block_cancel_signals();
  if (!options.show.as_json) print_warnings(io, workspace);
  return run_workflow(*prepared, plugins, options.show, io);
}

int run(const Options& options, Io& io) {
  auto store = store::Store::open(io.state_dir);
  if (!store) return fail(io, store.error(), options.show.as_json);
  const auto execution = find_execution(options, **store);
  if (!execution) return fail(io, execution.error(), options.show.as_json);
  return resume(options, *execution, **store, io);
}

}  // namespace

void add_resume(CLI::App& root, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = root.add_subcommand(
      "resume", "Go on with an execution that failed, was cancelled or lost its runner");
  command->add_option("EXECUTION", options->execution, "Its id, or the beginning of it")
      ->required();
  command->add_flag("--reset-operations", options->resets_operations,
                    "Run operations again that were cut off, even if they are not resumable");
  command->add_flag("--force", options->is_forced,
                    "Although the blueprint, a plugin or the task graph has changed");
  add_secrets_option(*command, options->secrets);
  add_show_options(*command, options->show);
  add_plugin_path_option(*command, options->plugin_path);
  command->callback(
      [options, &chosen] { chosen = [options](Io& io) { return run(*options, io); }; });
}

}  // namespace cfy::app
