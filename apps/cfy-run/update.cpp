// cfy-run update: give a deployment another blueprint or other inputs, and bring its instances to
// them with the workflow `update`.
#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "deploy/parameters.hpp"
#include "deploy/plan_diff.hpp"
#include "deploy/plan_merge.hpp"
#include "exec/cancel_watch.hpp"
#include "exec/run_storage.hpp"
#include "exec/stored_deployment.hpp"
#include "install_plugin.hpp"
#include "listing.hpp"
#include "plugin_finder.hpp"
#include "report.hpp"
#include "run_workflow.hpp"
#include "update_preview.hpp"
#include "workspace.hpp"

namespace cfy::app {
namespace {

using base::ErrorKind;
using base::Result;
using nlohmann::json;

constexpr const char* kWorkflow = "update";

struct Options {
  BlueprintOptions blueprint;
  std::vector<std::string> parameters;
  RunSettings settings;
  ShowOptions show;
  bool allow_custom_parameters = false;
  bool is_preview = false;
};

// As in Cloudify: `instances: deploy` says how many there are to be; default_instances is only what
// a deployment begins with, and scale is what changes it later.
deploy::CountChanges take_counts(plan::Plan& plan, const plan::Plan& before) {
  deploy::CountChanges changes;
  std::map<std::string_view, const plan::Node*> known;
  for (const plan::Node& node : before.nodes)
    known.emplace(node.id, &node);
  for (plan::Node& node : plan.nodes) {
    const auto old = known.find(node.id);
    const json& wanted = node.scalable.default_instances;
    if (old == known.end() || !node.instances.contains("deploy") || !wanted.is_number_integer() ||
        old->second->scalable.planned_instances == wanted)
      continue;
    changes[node.id].instances = wanted.get<std::int64_t>();
    node.scalable.current_instances = node.scalable.planned_instances = wanted;
  }
  return changes;
}

base::Error unsupported(const std::string& deployment, const deploy::PlanDiff& diff) {
  return base::make_error(ErrorKind::invalid,
                          "deployment '{}' cannot be updated: unsupported steps found: {}. A node "
                          "of another name would "
                          "be installed in its place",
                          deployment, base::join(diff.unsupported, "; "));
}

struct PreparedUpdate {
  exec::UpdateSetup setup;
  OpenDeployment deployment;  // with the merged plan
  bool is_same = false;
};

Result<PreparedUpdate> compare(NewDefinitions definitions) {
  const deploy::PlanDiff diff = deploy::compare_plans(definitions.plan_before, definitions.plan);
  if (!diff.unsupported.empty()) return unsupported(definitions.row.id, diff);
  PreparedUpdate prepared;
  exec::UpdateSetup& setup = prepared.setup;
  setup.counts = take_counts(definitions.plan, definitions.plan_before);
  setup.changes = deploy::to_json(diff);
  for (const deploy::NodeDiff& node : diff.nodes)
    if (node.has_other_definitions()) setup.changed_nodes.push_back(node.id);
  setup.after = definitions.plan;
  setup.before = std::move(definitions.before);
  setup.before.plan = nullptr;
  prepared.is_same = diff.is_empty() && setup.counts.empty() &&
                     setup.before.blueprint_path == definitions.row.blueprint_path;
  prepared.deployment.row = std::move(definitions.row);
  prepared.deployment.plan =
      deploy::merge_plans(definitions.plan_before, std::move(definitions.plan));
  prepared.deployment.definitions_digest = std::move(definitions.definitions_digest);
  return prepared;
}

Result<const plan::Workflow*> find_workflow(const plan::Plan& plan) {
  const auto found = plan.workflows.find(kWorkflow);
  if (found != plan.workflows.end()) return &found->second;
  return base::make_error(ErrorKind::invalid,
                          "the blueprint declares no workflow '{}'; the one of "
                          "cloudify/types/types.yaml is what an update runs",
                          kWorkflow);
}

// Everything that can be refused is refused here, before anything is written or started.
Result<PreparedRun> prepare(const Options& options, Workspace& workspace, store::Store& store,
                            const PluginFinder& plugins, const PreparedUpdate& update,
                            const Io& io) {
  const plan::Plan& plan = update.deployment.plan;
  const auto workflow = find_workflow(plan);
  if (!workflow) return workflow.error();
  auto given = read_arguments(options.parameters, {"parameter", (*workflow)->parameters},
                              workspace.sources, workspace.diagnostics);
  if (!given) return given.error();
  deploy::ParameterOptions how;
  how.allow_custom = options.allow_custom_parameters;
  how.read_text = read_scalar;
  auto instances = store.node_instances().list(update.deployment.row.id);
  if (!instances) return instances.error();
  const exec::InstanceBook book(exec::in_blueprint_order(*std::move(instances), plan));
  exec::Outside outside(store, *workspace.secrets);
  exec::RunStorage storage(plan, book, update.deployment.row, &outside);
  how.storage = &storage;
  auto parameters = deploy::check_parameters(plan, kWorkflow, *given, how, workspace.diagnostics);
  if (!parameters) return base::Error(ErrorKind::invalid, "the parameters have mistakes");
  if (options.settings.install_plugins && !options.is_preview)
    if (auto done = install_missing_plugins(plan, plugins, workspace, io); !done)
      return std::move(done).error();
  auto entry = plugins.find_workflow(plan, **workflow);
  if (!entry && !(*workflow)->declared_at.empty())
    return std::move(entry).error().context((*workflow)->declared_at);
  if (!entry) return entry.error();
  PreparedRun prepared;
  prepared.deployment = update.deployment;
  prepared.workflow_id = kWorkflow;
  prepared.parameters = *std::move(parameters);
  prepared.entry = *entry;
  prepared.settings = options.settings;
  prepared.secrets = workspace.secrets.get();
  prepared.update = update.setup;
  prepared.update->is_pretended = prepared.parameters.value("preview", json(false)) == true;
  return prepared;
}

int preview(const Options& options, store::Store& store, const PreparedUpdate& update,
            const json& parameters, Io& io) {
  auto found = preview_update(store, update.setup, update.deployment.row, update.deployment.plan,
                              parameters);
  if (!found) return fail(io, found.error(), options.show.as_json);
  if (options.show.as_json) return print_row(io, *found, true);
  if (update.is_same && (*found)["unfinished_update"].is_null())
    say(io.out, "nothing changed for deployment '{}'\n", update.deployment.row.id);
  else
    print_preview(io, *found);
  return kDone;
}

int run(const Options& options, Io& io) {
  Workspace workspace;
  const bool as_json = options.show.as_json;
  if (!options.is_preview) exec::block_cancel_signals();
  auto store = store::Store::open(io.state_dir);
  if (!store) return fail(io, store.error(), as_json);
  auto definitions = open_new_definitions(workspace, **store, options.blueprint, io);
  if (!definitions) return fail(io, workspace, definitions.error(), as_json);
  const auto update = compare(*std::move(definitions));
  if (!update) return fail(io, update.error(), as_json);
  const PluginFinder plugins(options.settings.plugin_path, io.state_dir);
  auto prepared = prepare(options, workspace, **store, plugins, *update, io);
  if (!prepared) return fail(io, workspace, prepared.error(), as_json);
  if (!as_json) print_warnings(io, workspace);
  if (options.is_preview) return preview(options, **store, *update, prepared->parameters, io);
  // Not the end: instances may have drifted away, and ones are reinstalled that -p names.
  if (update->is_same && !as_json && io.verbosity >= 0)
    say(io.err, "nothing changed in the definitions of deployment '{}'\n",
        update->deployment.row.id);
  return run_workflow(*prepared, plugins, options.show, io);
}

}  // namespace

void add_update(CLI::App& root, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = root.add_subcommand(
      "update", "Give a deployment a new blueprint or new inputs, and bring its instances to them");
  add_blueprint_options(*command, options->blueprint, true);
  add_parameters_option(*command, options->parameters);
  command->add_flag("--allow-custom-parameters", options->allow_custom_parameters,
                    "Pass on parameters that the workflow does not declare");
  command->add_flag("--preview", options->is_preview, "Show what would change, change nothing");
  add_run_settings(*command, options->settings);
  add_show_options(*command, options->show);
  command->callback(
      [options, &chosen] { chosen = [options](Io& io) { return run(*options, io); }; });
}

}  // namespace cfy::app
