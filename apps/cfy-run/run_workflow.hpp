// Running a workflow of a prepared deployment to its end, with what happens shown: what `execute`
// and `resume` have in common.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "exec/execution.hpp"
#include "io.hpp"
#include "plugin/loader.hpp"
#include "plugin_finder.hpp"
#include "ui/event_format.hpp"
#include "workspace.hpp"

namespace CLI {
class App;
}

namespace cfy::app {

/// How it is shown.
struct ShowOptions {
  bool as_json = false;
  bool no_logs = false;
};
void add_show_options(CLI::App& command, ShowOptions& options);
std::unique_ptr<ui::EventFormat> make_format(const Io& io, const ShowOptions& options);
void add_plugin_path_option(CLI::App& command, std::vector<std::string>& plugin_path);

/// How it runs. Kept with the execution, so that a resumed one runs in the same way.
struct RunSettings {
  exec::RunOptions run;
  std::size_t jobs = 8;
  std::string isolation = "worker";
  std::vector<std::string> plugin_path;
  bool install_plugins = false;  ///< before it runs; not kept
};

/// Adds -j, the retries, --dry-run, --isolation, --plugin-path, --install-plugins.
void add_run_settings(CLI::App& command, RunSettings& settings);
/// Adds -p.
void add_parameters_option(CLI::App& command, std::vector<std::string>& parameters);

/// The workflow that only `cfy-run update` can start.
bool is_built_in_update(const plan::Workflow& workflow);

/// What runs: all that could be refused has been.
struct PreparedRun {
  OpenDeployment deployment;
  std::string workflow_id;
  nlohmann::json parameters;
  const plugin::Entry* entry = nullptr;
  RunSettings settings;
  bool is_forced = false;
  exec::SecretSource* secrets = nullptr;  ///< borrowed: of the workspace
  std::optional<exec::ResumeSetup> resume;
  std::optional<exec::UpdateSetup> update;  ///< of `cfy-run update`
};

/// Run it and give the exit code. A plugin that does not end is left behind: the process ends here.
int run_workflow(const PreparedRun& prepared, const PluginFinder& plugins,
                 const ShowOptions& options, Io& io);

/// The settings, and digests of the blueprint and of the plugins that the deployment runs with:
/// what is stored with an execution.
nlohmann::json describe_setup(const RunSettings& settings, const OpenDeployment& deployment,
                              const std::string& workflow_plugin, const PluginFinder& plugins);
RunSettings settings_from(const nlohmann::json& setup);

}  // namespace cfy::app
