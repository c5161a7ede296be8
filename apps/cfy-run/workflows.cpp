// cfy-run workflows list|get: what a blueprint can do, with the parameters of each.
#include <CLI/CLI.hpp>

#include "base/text.hpp"
#include "commands.hpp"
#include "exec/stored_deployment.hpp"
#include "listing.hpp"
#include "plan/to_json.hpp"
#include "report.hpp"
#include "store/store.hpp"
#include "workspace.hpp"

namespace cfy::app {
namespace {

struct Options {
  BlueprintOptions blueprint;
  std::string workflow;
  bool as_json = false;
};

using base::Result;

// Of the deployment that -d names, else of the blueprint as it stands.
Result<plan::Plan> plan_of(const Options& options, Workspace& workspace, const Io& io) {
  if (options.blueprint.deployment) {
    auto store = store::Store::open(io.state_dir);
    if (!store) return store.error();
    const auto row = (*store)->deployments().get(*options.blueprint.deployment);
    if (!row) return row.error();
    return exec::stored_plan(*row);
  }
  const std::string& given = options.blueprint.blueprint;
  return load_plan(
      workspace,
      std::filesystem::absolute(given.empty() ? "blueprint.yaml" : given).lexically_normal(), io);
}

json describe(const std::string& name, const plan::Workflow& workflow) {
  return {{"name", name},
          {"plugin", workflow.plugin},
          {"operation", workflow.operation},
          {"parameters", workflow.parameters},
          {"is_cascading", workflow.is_cascading},
          {"availability_rules", workflow.availability_rules}};
}

int list(const Options& options, Io& io) {
  Workspace workspace;
  const auto plan = plan_of(options, workspace, io);
  if (!plan) return fail(io, workspace, plan.error(), options.as_json);
  json rows = json::array();
  for (const auto& [name, workflow] : plan->workflows) {
    rows.push_back(describe(name, workflow));
    std::vector<std::string> parameters;
    for (const auto& [parameter, schema] : workflow.parameters.items())
      parameters.push_back(parameter);
    if (!options.as_json) rows.back()["parameters"] = base::join(parameters, ", ");
  }
  return print_rows(io, rows, {{"WORKFLOW", "name"}, {"PARAMETERS", "parameters"}},
                    options.as_json);
}

int get(const Options& options, Io& io) {
  Workspace workspace;
  const auto plan = plan_of(options, workspace, io);
  if (!plan) return fail(io, workspace, plan.error(), options.as_json);
  const auto found = plan->workflows.find(options.workflow);
  if (found == plan->workflows.end()) {
    std::vector<std::string> names;
    for (const auto& [name, workflow] : plan->workflows)
      names.push_back(name);
    const std::string hint = base::did_you_mean(options.workflow, names);
    return fail(io,
                base::make_error(base::ErrorKind::not_found, "there is no workflow '{}'{}{}",
                                 options.workflow, hint.empty() ? "" : ", ", hint),
                options.as_json);
  }
  if (options.as_json) return print_row(io, describe(found->first, found->second), true);
  json rows = json::array();
  for (const auto& [name, schema] : found->second.parameters.items()) {
    json row = schema;
    row["name"] = name;
    if (!schema.contains("default") && schema.value("required", true))
      row["default"] = "(must be given)";
    rows.push_back(std::move(row));
  }
  return print_rows(io, rows,
                    {{"PARAMETER", "name"},
                     {"TYPE", "type"},
                     {"DEFAULT", "default"},
                     {"DESCRIPTION", "description"}},
                    false);
}

}  // namespace

void add_workflows(CLI::App& root, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = root.add_subcommand("workflows", "What a blueprint or deployment can do");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, int (*run)(const Options&, Io&)) {
    CLI::App* sub = command->add_subcommand(name, help);
    sub->add_option("-b,--blueprint", options->blueprint.blueprint,
                    "The blueprint's file (./blueprint.yaml)");
    sub->add_option("-d,--deployment", options->blueprint.deployment, "A deployment's id");
    sub->add_flag("--json", options->as_json, "Print JSON");
    sub->callback(
        [options, &chosen, run] { chosen = [options, run](Io& io) { return run(*options, io); }; });
    return sub;
  };
  add("list", "All workflows", list);
  add("get", "The parameters of one", get)
      ->add_option("WORKFLOW", options->workflow, "Its name")
      ->required();
}

}  // namespace cfy::app
