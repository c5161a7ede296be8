// cfy-run outputs and capabilities: what a deployment tells, with the values of now.
#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "deployment_choice.hpp"
#include "exec/run_storage.hpp"
#include "listing.hpp"
#include "plan/to_json.hpp"
#include "report.hpp"

namespace cfy::app {
namespace {

using base::Result;

struct Options {
  std::string deployment;
  bool as_json = false;
};

using Section = std::map<std::string, plan::Output, std::less<>>;

struct Kind {
  const char* command;
  const char* help;
  Section plan::Plan::*section;
  functions::Scope scope;
};

Result<json> evaluate(const Section& section, const Kind& kind, exec::RunStorage& storage) {
  json values = json::object();
  for (const auto& [name, output] : section) {
    functions::Context context;
    context.scope = kind.scope;
    context.in_outputs = kind.scope == functions::Scope::outputs;
    context.path = fmt::format("{}.{}", kind.command, name);
    auto value = storage.evaluate(output.value, context);
    if (!value) return std::move(value).error();
    values[name] = *std::move(value);
  }
  return values;
}

Result<json> load_values(const Options& options, const Io& io, const Kind& kind) {
  auto store = store::Store::open(io.state_dir);
  if (!store) return std::move(store).error();
  const auto row = choose_deployment(**store, options.deployment);
  if (!row) return row.error();
  const auto plan = plan::from_json(row->plan);
  if (!plan) return plan.error();
  auto instances = (*store)->node_instances().list(row->id);
  if (!instances) return std::move(instances).error();
  const exec::InstanceBook book(*std::move(instances));
  exec::RunStorage storage(*plan, book);
  return evaluate((*plan).*kind.section, kind, storage);
}

int run(const Options& options, Io& io, const Kind& kind) {
  const auto values = load_values(options, io, kind);
  if (!values) return fail(io, values.error(), options.as_json);
  return print_row(io, *values, options.as_json);
}

void add(CLI::App& root, Chosen& chosen, const Kind& kind) {
  auto options = std::make_shared<Options>();
  CLI::App* command = root.add_subcommand(kind.command, kind.help);
  command->add_option("-d,--deployment", options->deployment, "The deployment's id");
  command->add_flag("--json", options->as_json, "Print JSON");
  command->callback([options, &chosen, kind] {
    chosen = [options, kind](Io& io) { return run(*options, io, kind); };
  });
}

}  // namespace

void add_outputs(CLI::App& root, Chosen& chosen) {
  add(root, chosen,
      {"outputs", "The outputs of a deployment, as they are now", &plan::Plan::outputs,
       functions::Scope::outputs});
  add(root, chosen,
      {"capabilities", "The capabilities of a deployment, as they are now",
       &plan::Plan::capabilities, functions::Scope::capabilities});
}

}  // namespace cfy::app
