// cfy-run plan: what a blueprint means, as JSON with Cloudify's key names or as an overview.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "commands.hpp"
#include "deploy/evaluate_plan.hpp"
#include "keep_until_exit.hpp"
#include "listing.hpp"
#include "plan/to_json.hpp"
#include "report.hpp"
#include "workspace.hpp"

namespace cfy::app {
namespace {

struct Options {
  ReadingOptions read;
  std::string stage = "deployment";
  bool as_json = false;
};

base::Result<plan::Plan> make_plan(const Options& options, Workspace& workspace, const Io& io) {
  auto plan = load_plan(workspace,
                        std::filesystem::absolute(options.read.blueprint).lexically_normal(), io);
  if (!plan || options.stage == "blueprint") return plan;
  auto given = read_arguments(options.read.inputs, {"input", plan->input_schemas},
                              workspace.sources, workspace.diagnostics);
  if (!given) return given.error();
  if (auto loaded = load_secrets(workspace, options.read.secrets, io); !loaded)
    return loaded.error();
  auto prepared = prepare_plan(workspace, *std::move(plan), *given, io);
  if (prepared) prepared->inputs = deploy::evaluate_inputs(prepared->inputs);
  return prepared;
}

// One row for each node: what it is and what it waits for.
json overview(const plan::Plan& plan) {
  std::map<std::string_view, std::size_t> instances;
  for (const plan::NodeInstance& one : plan.node_instances)
    ++instances[one.node_id];
  json rows = json::array();
  for (const plan::Node& node : plan.nodes) {
    std::string targets;
    for (const plan::Relationship& one : node.relationships)
      targets += (targets.empty() ? "" : ", ") + one.target_id;
    rows.push_back({{"node", node.id},
                    {"type", node.type},
                    {"instances", plan.node_instances.empty() ? node.scalable.default_instances
                                                              : json(instances[node.id])},
                    {"targets", targets}});
  }
  return rows;
}

int run(const Options& options, Io& io) {
  auto& workspace = keep_until_exit(Workspace());
  const auto& plan = keep_until_exit(make_plan(options, workspace, io));
  if (!plan) return fail(io, workspace, plan.error(), options.as_json);
  if (options.as_json) {
    plan::write_json(*plan,
                     [&](std::string_view text) { write(io.out, ui::escape_in_json(text)); });
    say(io.out, "\n");
    return kDone;
  }
  print_warnings(io, workspace);
  return print_rows(io, overview(*plan),
                    {{"NODE", "node"},
                     {"TYPE", "type"},
                     {"INSTANCES", "instances"},
                     {"RELATIONSHIPS TO", "targets"}},
                    false);
}

}  // namespace

void add_plan(CLI::App& root, Chosen& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* command = root.add_subcommand("plan", "Show what a blueprint means");
  add_reading_options(*command, options->read);
  command
      ->add_option("--stage", options->stage,
                   "blueprint: as parsed; deployment (default): inputs applied, functions "
                   "evaluated, node instances made")
      ->check(CLI::IsMember({"blueprint", "deployment"}));
  command->add_flag("--json", options->as_json, "The whole plan as JSON");
  command->callback(
      [options, &chosen] { chosen = [options](Io& io) { return run(*options, io); }; });
}

}  // namespace cfy::app
