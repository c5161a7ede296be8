#include "workspace.hpp"

#include <filesystem>
#include <optional>
#include <system_error>
#include <unordered_map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "arguments.hpp"
#include "base/digest.hpp"
#include "base/folders.hpp"
#include "base/json_text.hpp"
#include "base/names.hpp"
#include "base/text.hpp"
#include "deploy/prepare.hpp"
#include "dsl/load.hpp"
#include "exec/cancel_watch.hpp"
#include "exec/execution.hpp"
#include "exec/instance_rows.hpp"
#include "exec/left_scripts.hpp"
#include "exec/stored_deployment.hpp"
#include "fetch/fetch_url.hpp"
#include "import_settings.hpp"
#include "plan/to_json.hpp"
#include "report.hpp"
#include "secrets_file.hpp"
#include "topology_change.hpp"
#include "ui/diagnostics_printer.hpp"
#include "yaml/load.hpp"

namespace cfy::app {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using base::Result;

constexpr const char* kDefaultBlueprint = "blueprint.yaml";

base::Error has_mistakes() {
  return {ErrorKind::invalid, "the blueprint has mistakes"};
}

Result<fs::path> absolute_blueprint(const std::string& given) {
  std::error_code code;
  const fs::path path = fs::absolute(given.empty() ? kDefaultBlueprint : given, code);
  if (code) return base::errno_error(code.value(), "the current folder");
  return path.lexically_normal();
}

// -d alone names a deployment that knows its blueprint, wherever one stands.
Result<fs::path> choose_blueprint(store::Store& store, const BlueprintOptions& options) {
  if (!options.blueprint.empty() || !options.deployment)
    return absolute_blueprint(options.blueprint);
  const auto known = store.deployments().find_summary(*options.deployment);
  if (!known) return known.error();
  if (*known) return fs::path((*known)->blueprint_path);
  return absolute_blueprint(options.blueprint);
}

std::string folder_name(const fs::path& blueprint) {
  const std::string name = blueprint.parent_path().filename().string();
  return name.empty() ? "root" : name;
}

/// Which deployment is meant, and what is stored of it.
struct ChosenDeployment {
  std::string id;
  std::optional<store::Deployment> known;  // without its plan
};

// Whoever makes a deployment is told when it cannot have that name. One that is there keeps its
// own, whatever it is.
Result<ChosenDeployment> choose_deployment_id(store::Store& store, const BlueprintOptions& options,
                                              const fs::path& blueprint, const Io& io) {
  const std::string wanted = options.deployment ? *options.deployment : folder_name(blueprint);
  auto known = store.deployments().find_summary(wanted);
  if (!known) return known.error();
  if (*known) return ChosenDeployment{wanted, *std::move(known)};
  const auto checked = base::check_id("a deployment", wanted);
  if (checked) return ChosenDeployment{wanted, std::nullopt};
  if (options.deployment) return checked.error();
  std::string id = base::to_id(wanted);
  if (io.verbosity >= 0)
    say(io.err,
        "note: the deployment is called '{}', after the folder '{}'; choose another name with -d\n",
        id, base::to_valid_utf8(wanted));
  known = store.deployments().find_summary(id);
  if (!known) return known.error();
  return ChosenDeployment{std::move(id), *std::move(known)};
}

std::vector<store::NodeInstance> instance_rows(const plan::Plan& plan, const std::string& id) {
  std::vector<store::NodeInstance> rows;
  for (const plan::NodeInstance& instance : plan.node_instances)
    rows.push_back(exec::to_row(instance, id));
  return rows;
}

// While it stays the same, so does the plan: it spares comparing plans, which takes longer than
// making one. A script that came or went is not in it; that changes no topology.
// @param first, last  the blueprint's files among the sources
std::string digest_of(const base::SourceMap& sources, std::size_t first, std::size_t last,
                      const plan::Plan& prepared) {
  base::Digest digest;
  digest.add(CFY_RUN_VERSION);
  for (auto file = static_cast<std::uint32_t>(first); file <= last; ++file) {
    digest.add(sources.path(base::FileId{file}));
    digest.add(sources.text(base::FileId{file}));
  }
  digest.add(base::to_spaced_json(prepared.inputs));
  return digest.to_string();
}

// Tells whether an execution that is resumed has the same definitions as before, in whatever folder
// the program runs now.
std::string definitions_digest(const base::SourceMap& sources, std::size_t first, std::size_t last,
                               const plan::Plan& prepared) {
  base::Digest digest;
  for (auto file = static_cast<std::uint32_t>(first); file <= last; ++file)
    digest.add(sources.text(base::FileId{file}));
  digest.add(base::to_spaced_json(prepared.inputs));
  return digest.to_string();
}

store::Deployment make_row(const std::string& id, const fs::path& blueprint, const plan::Plan& plan,
                           const std::string& digest, const Io& io) {
  store::Deployment row;
  row.id = id;
  row.blueprint_id = folder_name(blueprint);
  row.blueprint_path = blueprint.string();
  row.inputs = plan.inputs;
  row.source_digest = digest;
  row.plan = plan::to_json(plan, plan::JsonForm::store);
  row.created_ms = row.updated_ms = io.clock->wall_ms();
  return row;
}

// How many instances there are is what workflows made of it, not what the blueprint began with.
/// @return whether the two differ
bool keep_counts(const plan::Plan& before, plan::Plan& plan) {
  bool is_scaled = false;
  const auto keep = [&](const plan::Scalable& from, plan::Scalable& to) {
    is_scaled = is_scaled || from.current_instances != to.current_instances ||
                from.planned_instances != to.planned_instances;
    to.current_instances = from.current_instances;
    to.planned_instances = from.planned_instances;
  };
  std::unordered_map<std::string_view, const plan::Scalable*> known;
  for (const plan::Node& node : before.nodes)
    known.emplace(node.id, &node.scalable);
  for (plan::Node& node : plan.nodes)
    if (const auto found = known.find(node.id); found != known.end())
      keep(*found->second, node.scalable);
  for (auto& [name, group] : plan.scaling_groups)
    if (const auto found = before.scaling_groups.find(name); found != before.scaling_groups.end())
      keep(found->second.properties, group.properties);
  return is_scaled;
}

// The row as check_unchanged() compares it; a plan may be megabytes.
store::Deployment without_plan(const store::Deployment& row) {
  store::Deployment summary;
  summary.id = row.id;
  summary.blueprint_id = row.blueprint_id;
  summary.blueprint_path = row.blueprint_path;
  summary.inputs = row.inputs;
  summary.source_digest = row.source_digest;
  summary.created_ms = row.created_ms;
  summary.updated_ms = row.updated_ms;
  return summary;
}

Result<OpenDeployment> bring_up_to_date(store::Deployment known, plan::Plan plan,
                                        const std::string& digest, const Io& io) {
  store::Deployment stored = without_plan(known);
  auto before = exec::stored_plan(known);
  if (!before) return before.error();
  if (const auto changes = find_topology_changes(*before, plan); !changes.empty())
    return base::make_error(
        ErrorKind::conflict,
        "the topology of deployment '{}' differs from its blueprint now: {}. Take it over with "
        "`cfy-run update -d {}`, or make another deployment with -d",
        known.id, base::join(changes, "; "), known.id);
  // The instances are what they are; only the definitions are new.
  plan.node_instances = before->node_instances;
  const bool is_scaled = keep_counts(*before, plan);
  known.plan = plan::to_json(plan, plan::JsonForm::store);
  known.inputs = plan.inputs;
  // Once it is scaled the blueprint alone does not tell what is stored.
  known.source_digest = is_scaled ? std::string() : digest;
  known.updated_ms = io.clock->wall_ms();
  return OpenDeployment{std::move(known), std::move(plan), std::move(stored), true};
}

}  // namespace

namespace {

void add_inputs_option(CLI::App& command, std::vector<std::string>& inputs) {
  command
      .add_option("-i,--inputs", inputs,
                  "Inputs: key=value, key:=JSON, key=@FILE, a YAML or JSON file, or a map in "
                  "braces; repeatable, later ones win")
      ->type_name("INPUTS")
      ->expected(1)
      ->allow_extra_args(false)  // else CLI11 takes "[1,2]" apart
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

}  // namespace

void add_secrets_option(CLI::App& command, std::string& secrets) {
  command
      .add_option("--secrets", secrets,
                  "A YAML or JSON file with secrets for this run, a map of name to value")
      ->type_name("FILE");
}

void add_reading_options(CLI::App& command, ReadingOptions& options) {
  command.add_option("BLUEPRINT", options.blueprint, "The blueprint's file (./blueprint.yaml)");
  add_inputs_option(command, options.inputs);
  add_secrets_option(command, options.secrets);
}

void add_blueprint_options(CLI::App& command, BlueprintOptions& options, bool is_positional) {
  command
      .add_option(is_positional ? "BLUEPRINT" : "-b,--blueprint", options.blueprint,
                  "The blueprint's file (./blueprint.yaml)")
      ->type_name(is_positional ? "" : "FILE");
  command
      .add_option("-d,--deployment", options.deployment,
                  "The deployment (the name of the blueprint's folder)")
      ->type_name("ID");
  add_inputs_option(command, options.inputs);
  add_secrets_option(command, options.secrets);
}

namespace {

// Definitions are small files, somebody waits for them, and many addresses of old blueprints are
// gone.
fetch::FetchOptions import_limits() {
  fetch::FetchOptions options;
  options.attempts = 2;
  options.wait_ms = 500;
  options.silence_ms = 10'000;
  options.total_ms = 20'000;
  options.max_bytes = yaml::kMaxFileBytes;
  return options;
}

}  // namespace

Result<plan::Plan> load_plan(Workspace& workspace, const fs::path& blueprint, const Io& io) {
  dsl::LoadOptions options;
  options.path = blueprint;
  // What lies below the current folder is shown as a person there would name it.
  std::error_code code;
  const fs::path near = fs::proximate(blueprint, code);
  if (!code && !near.string().starts_with("..")) options.shown_path = near.string();
  options.resource_roots = {blueprint.parent_path()};
  options.fetch_url = [&io](const std::string& url) {
    if (io.verbosity > 0) say(io.err, "fetching {}\n", url);
    return fetch::fetch_url(url, import_limits());
  };
  if (auto read = read_import_settings(io, options); !read) return std::move(read).error();
  auto plan = dsl::load_blueprint(options, workspace.sources, workspace.diagnostics);
  if (!plan) return has_mistakes();
  return *std::move(plan);
}

Result<void> load_secrets(Workspace& workspace, const std::string& file, const Io& io) {
  exec::SecretValues given;
  if (!file.empty()) {
    auto read = read_secrets_file(file);
    if (!read) return std::move(read).error();
    given = *std::move(read);
  }
  workspace.secrets = std::make_unique<exec::SecretSource>(io.secrets, std::move(given));
  return {};
}

namespace {

// The store is opened at the first secret that is not given elsewhere, and never made for that:
// most blueprints have no secrets, and `plan` and `validate` leave no trace.
class HasSecret {
 public:
  HasSecret(Workspace& workspace, const Io& io) : workspace_(workspace), io_(io) {}

  bool operator()(const std::string& name) {
    const auto known = workspace_.secrets->find(name, nullptr);
    if (known && *known) return true;
    std::error_code code;
    if (!store_ && fs::exists(io_.state_dir / "state.db", code))
      if (auto opened = store::Store::open(io_.state_dir)) store_ = *std::move(opened);
    if (!store_) return false;
    const auto stored = workspace_.secrets->find(name, store_.get());
    return stored && *stored;
  }

 private:
  Workspace& workspace_;
  const Io& io_;
  std::shared_ptr<store::Store> store_;
};

}  // namespace

void check_secrets(Workspace& workspace, const plan::Plan& plan, const Io& io) {
  deploy::check_secrets(plan, HasSecret(workspace, io), workspace.diagnostics);
}

Result<plan::Plan> prepare_plan(Workspace& workspace, plan::Plan plan,
                                const deploy::GivenValues& inputs, const Io& io) {
  deploy::PrepareOptions options;
  options.inputs = inputs;
  options.has_secret = HasSecret(workspace, io);
  options.input_options.read_text = read_scalar;
  auto prepared = deploy::prepare_deployment(std::move(plan), options, workspace.diagnostics);
  if (!prepared) return has_mistakes();
  return *std::move(prepared);
}

namespace {

// A blueprint and the deployment that it is for, with the inputs applied.
struct Definitions {
  fs::path blueprint;
  std::optional<store::Deployment> known;  // without its plan
  plan::Plan plan;
  std::string source_digest, definitions_digest;
};

Result<Definitions> read_definitions(Workspace& workspace, const fs::path& blueprint,
                                     std::optional<store::Deployment> known,
                                     const BlueprintOptions& options, const Io& io) {
  const std::size_t first_file = workspace.sources.size() + 1;
  auto plan = load_plan(workspace, blueprint, io);
  if (!plan) return plan.error();
  const std::size_t last_file = workspace.sources.size();
  if (auto loaded = load_secrets(workspace, options.secrets, io); !loaded) return loaded.error();
  auto given = read_arguments(options.inputs, {"input", plan->input_schemas}, workspace.sources,
                              workspace.diagnostics);
  if (!given) return given.error();
  if (known)  // what was given once stays, unless it is given anew or no longer declared
    for (const auto& [name, value] : known->inputs.items())
      if (plan->inputs.contains(name)) given->try_emplace(name, deploy::GivenValue{value, false});
  auto prepared = prepare_plan(workspace, *std::move(plan), *given, io);
  if (!prepared) return prepared.error();
  Definitions read{blueprint, std::move(known), *std::move(prepared), {}, {}};
  read.source_digest = digest_of(workspace.sources, first_file, last_file, read.plan);
  read.definitions_digest = definitions_digest(workspace.sources, first_file, last_file, read.plan);
  return read;
}

base::Error made_from_another(const store::Deployment& known, const fs::path& blueprint) {
  return base::make_error(ErrorKind::conflict,
                          "deployment '{}' was made from {}, not from {}; choose another name "
                          "with -d, or give it the new one with `cfy-run update {} -d {}`",
                          known.id, known.blueprint_path, blueprint.string(), blueprint.string(),
                          known.id);
}

// In the middle of an update no blueprint tells what there is.
Result<OpenDeployment> open_unfinished(Workspace& workspace, store::Store& store,
                                       const store::Update& update, const BlueprintOptions& options,
                                       const Io& io) {
  if (!options.inputs.empty())
    return base::make_error(ErrorKind::conflict,
                            "the update of deployment '{}' by execution {} did not come to its "
                            "end; inputs can be given to `cfy-run update -d {}` only",
                            update.deployment_id, update.execution_id, update.deployment_id);
  if (auto loaded = load_secrets(workspace, options.secrets, io); !loaded) return loaded.error();
  auto row = store.deployments().get(update.deployment_id);
  if (!row) return row.error();
  auto plan = exec::stored_plan(*row);
  if (!plan) return plan.error();
  base::Diagnostic warning;
  warning.severity = base::Severity::warning;
  warning.message = fmt::format(
      "the update of deployment '{}' by execution {} did not come to its end: this works with what "
      "it left; `cfy-run update -d {}` goes on with it",
      update.deployment_id, update.execution_id, update.deployment_id);
  workspace.diagnostics.add(std::move(warning));
  base::Digest digest;
  digest.add(row->plan.dump());
  store::Deployment stored = without_plan(*row);
  return OpenDeployment{*std::move(row), *std::move(plan), std::move(stored), false,
                        digest.to_string()};
}

}  // namespace

Result<OpenDeployment> open_deployment(Workspace& workspace, store::Store& store,
                                       const BlueprintOptions& options, const Io& io) {
  const auto blueprint = choose_blueprint(store, options);
  if (!blueprint) return blueprint.error();
  auto chosen = choose_deployment_id(store, options, *blueprint, io);
  if (!chosen) return chosen.error();
  const std::string& id = chosen->id;
  const auto& known = chosen->known;
  if (known && known->blueprint_path != blueprint->string())
    return made_from_another(*known, *blueprint);
  const auto update = store.updates().find_started(id);
  if (!update) return update.error();
  if (*update) return open_unfinished(workspace, store, **update, options, io);
  auto read = read_definitions(workspace, *blueprint, known, options, io);
  if (!read) return read.error();
  const std::string& digest = read->source_digest;
  if (known && known->source_digest == digest)
    return OpenDeployment{*known, std::move(read->plan), *known, false,
                          std::move(read->definitions_digest)};
  if (known) {
    auto whole = store.deployments().get(id);
    if (!whole) return whole.error();
    auto opened = bring_up_to_date(*std::move(whole), std::move(read->plan), digest, io);
    if (opened) opened->definitions_digest = std::move(read->definitions_digest);
    return opened;
  }
  auto row = make_row(id, *blueprint, read->plan, digest, io);
  return OpenDeployment{std::move(row), std::move(read->plan), std::nullopt, true,
                        std::move(read->definitions_digest)};
}

Result<NewDefinitions> open_new_definitions(Workspace& workspace, store::Store& store,
                                            const BlueprintOptions& options, const Io& io) {
  const auto blueprint = choose_blueprint(store, options);
  if (!blueprint) return blueprint.error();
  const auto chosen = choose_deployment_id(store, options, *blueprint, io);
  if (!chosen) return chosen.error();
  const std::string& id = chosen->id;
  auto before = store.deployments().get(id);
  if (!before) return std::move(before).error();
  auto plan_before = exec::stored_plan(*before);
  if (!plan_before) return plan_before.error();
  auto read = read_definitions(workspace, *blueprint, *before, options, io);
  if (!read) return read.error();
  const bool is_scaled = keep_counts(*plan_before, read->plan);
  store::Deployment row = make_row(id, *blueprint, read->plan, read->source_digest, io);
  row.plan = nullptr;
  row.created_ms = before->created_ms;
  if (is_scaled) row.source_digest.clear();  // the blueprint alone does not tell the numbers
  return NewDefinitions{*std::move(before), *std::move(plan_before), std::move(row),
                        std::move(read->plan), std::move(read->definitions_digest)};
}

Result<std::vector<store::NodeInstance>> instances_of(store::Store& store,
                                                      const OpenDeployment& deployment) {
  if (deployment.is_new()) return instance_rows(deployment.plan, deployment.row.id);
  return store.node_instances().list(deployment.row.id);
}

exec::Definitions definitions_of(const OpenDeployment& deployment) {
  exec::Definitions definitions{deployment.row, deployment.before, deployment.is_changed};
  if (deployment.is_new())
    definitions.instances = instance_rows(deployment.plan, deployment.row.id);
  return definitions;
}

Result<void> forget_deployment(store::Store& store, store::Transaction& transaction, const Io& io,
                               const std::string& id) {
  const auto executions = store.executions().list(id);
  if (!executions) return executions.error();
  if (auto forgotten = store.deployments().remove(id); !forgotten) return forgotten;
  if (auto committed = transaction.commit(); !committed) return committed;
  for (const store::Execution& one : *executions)
    exec::forget_socket(exec::run_dir(io.state_dir), one.id);
  exec::remove_left_scripts(io.state_dir, id);
  auto removed = base::remove_below(io.state_dir, exec::deployment_folder(id));
  if (!removed)
    return std::move(removed).error().context(
        fmt::format("deployment '{}' is forgotten, but its folder stays", id));
  return {};
}

void print_warnings(const Io& io, const Workspace& workspace) {
  if (io.verbosity >= 0 && !workspace.diagnostics.all().empty())
    ui::print_diagnostics(io.err, workspace.diagnostics, workspace.sources, style_of(io, io.err));
}

int fail(Io& io, const Workspace& workspace, const base::Error& error, bool as_json) {
  if (error.kind() == ErrorKind::invalid && workspace.diagnostics.has_errors())
    return fail(io, workspace.diagnostics, workspace.sources, as_json);
  return fail(io, error, as_json);
}

}  // namespace cfy::app
