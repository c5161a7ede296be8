// Workspace: what commands that start from a blueprint have in common: finding and reading it,
// reading what was given for inputs, and opening the deployment that belongs to it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/error.hpp"
#include "base/source.hpp"
#include "deploy/given.hpp"
#include "exec/definitions.hpp"
#include "exec/secret_source.hpp"
#include "io.hpp"
#include "plan/plan.hpp"
#include "store/store.hpp"

namespace CLI {
class App;
}

namespace cfy::app {

/// What the command line says about the blueprint and its deployment.
struct BlueprintOptions {
  std::string blueprint;                  ///< empty: ./blueprint.yaml
  std::optional<std::string> deployment;  ///< none: the name of the blueprint's folder
  std::vector<std::string> inputs;
  std::string secrets;  ///< a file; empty: none
};
/// Adds -d, -i, --secrets; and BLUEPRINT, or -b where the command has another argument in its
/// place.
void add_blueprint_options(CLI::App& command, BlueprintOptions& options, bool is_positional);
/// Adds --secrets.
void add_secrets_option(CLI::App& command, std::string& secrets);
/// Adds BLUEPRINT, -i and --secrets, for commands that read a blueprint and no deployment.
struct ReadingOptions {
  std::string blueprint = "blueprint.yaml";
  std::vector<std::string> inputs;
  std::string secrets;
};
void add_reading_options(CLI::App& command, ReadingOptions& options);

/// The texts that were read and the mistakes found in them; the secrets that exist.
struct Workspace {
  base::SourceMap sources;
  base::Diagnostics diagnostics;
  std::unique_ptr<exec::SecretSource> secrets;  ///< after load_secrets()
};

/// A deployment with its plan: inputs applied, functions evaluated.
struct OpenDeployment {
  store::Deployment row;  ///< without its plan unless is_changed
  plan::Plan plan;        ///< the instances in it are made anew: those of the store count
  std::optional<store::Deployment> before = {};  ///< as it is stored, without its plan
  bool is_changed = false;                       ///< what is stored differs from this
  std::string definitions_digest = {};  ///< of the blueprint's files and the inputs, wherever read

  bool is_new() const { return !before.has_value(); }
};

// Where these give an error of kind `invalid`, the workspace may hold the mistakes: report both by
// fail(io, workspace, error).

/// The blueprint as it is written. Imports of plugins and of other blueprints are looked for in the
/// state folder, by the rules of its config.yaml (import_settings.hpp).
base::Result<plan::Plan> load_plan(Workspace& workspace, const std::filesystem::path& blueprint,
                                   const Io& io);

/// Let secrets exist: those of the environment, of a YAML or JSON file with a map of name to value
/// ("": none), and of the store. Errors: invalid.
base::Result<void> load_secrets(Workspace& workspace, const std::string& file, const Io& io);

/// Report every secret that the plan names and that does not exist.
void check_secrets(Workspace& workspace, const plan::Plan& plan, const Io& io);

/// The plan as it is for a deployment with these inputs.
base::Result<plan::Plan> prepare_plan(Workspace& workspace, plan::Plan plan,
                                      const deploy::GivenValues& inputs, const Io& io);

/// The deployment that the options mean, as it is to be: new when there is none, with the blueprint
/// and the inputs as they are now. Writes nothing: a command that is refused leaves no trace. In
/// the middle of an update that did not come to its end it is as it is stored, and a warning says
/// so. Errors besides: conflict (made from another blueprint; another topology).
base::Result<OpenDeployment> open_deployment(Workspace& workspace, store::Store& store,
                                             const BlueprintOptions& options, const Io& io);

/// Other definitions for a deployment that exists: another blueprint, or the same as it is now, or
/// other inputs.
struct NewDefinitions {
  store::Deployment before;  ///< as it is stored, with its plan
  plan::Plan plan_before;
  store::Deployment row;  ///< as it is to be, without its plan
  plan::Plan plan;        ///< numbers of instances are those that there are
  std::string definitions_digest;
};

/// The deployment that the options mean, and the blueprint that it is to follow. What was given for
/// inputs once stays, unless it is given anew or no longer declared. Writes nothing. Errors
/// besides: not_found.
base::Result<NewDefinitions> open_new_definitions(Workspace& workspace, store::Store& store,
                                                  const BlueprintOptions& options, const Io& io);

/// Its instances as they are stored, or as they will be.
base::Result<std::vector<store::NodeInstance>> instances_of(store::Store& store,
                                                            const OpenDeployment& deployment);

/// What open_deployment() found, to be stored.
exec::Definitions definitions_of(const OpenDeployment& deployment);

/// Remove a deployment with all that belongs to it, its files, too, and commit that.
base::Result<void> forget_deployment(store::Store& store, store::Transaction& transaction,
                                     const Io& io, const std::string& id);

/// Print warnings alone, where nothing failed.
void print_warnings(const Io& io, const Workspace& workspace);
int fail(Io& io, const Workspace& workspace, const base::Error& error, bool as_json = false);

}  // namespace cfy::app
