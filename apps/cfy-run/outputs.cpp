// cfy-run inputs, outputs, capabilities: what a deployment was made with and what it offers now.
#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "deploy/evaluate_plan.hpp"
#include "deployment_choice.hpp"
#include "exec/outside.hpp"
#include "exec/run_storage.hpp"
#include "exec/stored_deployment.hpp"
#include "functions/sections.hpp"
#include "listing.hpp"
#include "report.hpp"
#include "secrets_file.hpp"
#include "store/store.hpp"

namespace cfy::app {
namespace {

enum class Section { inputs, outputs, capabilities };

struct Options {
  Section section{};
  std::string deployment, secrets;
  bool shows_secrets = false;
  bool as_json = false;
};

using base::Result;
using functions::Answer;

// At the faults of single values: which one, and in whose terms.
base::Error to_error(const functions::Fault& fault) {
  return {base::ErrorKind::failed, fault.message};
}

Result<json> evaluate(Section section, const exec::StoredDeployment& deployment,
                      exec::Outside& outside) {
  if (section == Section::inputs) return deploy::evaluate_inputs(deployment.plan.inputs);
  exec::RunStorage storage(deployment.plan, *deployment.book, deployment.row, &outside);
  Answer values = section == Section::outputs
                      ? functions::evaluate_outputs(deployment.plan.outputs, storage)
                      : functions::evaluate_capabilities(deployment.plan.capabilities, storage);
  if (!values.ok()) return to_error(*values.fault);
  return std::move(values.value);
}

Result<json> values_of(const Options& options, const Io& io) {
  exec::SecretValues given;
  if (!options.secrets.empty()) {
    auto read = read_secrets_file(options.secrets);
    if (!read) return read.error();
    given = *std::move(read);
  }
  auto store = store::Store::open(io.state_dir);
  if (!store) return store.error();
  const auto row = choose_deployment(**store, options.deployment);
  if (!row) return row.error();
  const auto deployment = exec::load_stored_deployment(**store, row->id);
  if (!deployment) return deployment.error();
  exec::SecretSource secrets(io.secrets, std::move(given));
  if (auto masked = secrets.mask_stored(**store); !masked) return masked.error();
  exec::Outside outside(**store, secrets);
  auto values = evaluate(options.section, *deployment, outside);
  if (!values)
    return base::Error(values.error().kind(), secrets.mask().text(values.error().message()));
  if (!options.shows_secrets) secrets.mask().apply(*values);
  return values;
}

int run(const Options& options, Io& io) {
  const auto values = values_of(options, io);
  if (!values) return fail(io, values.error(), options.as_json);
  return print_row(io, *values, options.as_json);
}

void add_one(CLI::App& root, Chosen& chosen, const char* name, const char* help, Section section) {
  auto options = std::make_shared<Options>();
  options->section = section;
  CLI::App* command = root.add_subcommand(name, help);
  command
      ->add_option("-d,--deployment", options->deployment,
                   "Its id; may be left out if there is only one")
      ->type_name("ID");
  command->add_option("--secrets", options->secrets, "A YAML or JSON file with secrets")
      ->type_name("FILE");
  command->add_flag("--show-secrets", options->shows_secrets,
                    "Show the values of secrets, not ********");
  command->add_flag("--json", options->as_json, "A JSON object");
  command->callback(
      [options, &chosen] { chosen = [options](Io& io) { return run(*options, io); }; });
}

}  // namespace

void add_outputs(CLI::App& root, Chosen& chosen) {
  add_one(root, chosen, "inputs", "The inputs of a deployment", Section::inputs);
  add_one(root, chosen, "outputs", "The outputs of a deployment, as they are now",
          Section::outputs);
  add_one(root, chosen, "capabilities", "What a deployment offers to others, as it is now",
          Section::capabilities);
}

}  // namespace cfy::app
