#include "dsl/load.hpp"

#include <algorithm>

#include "dsl/blueprint.hpp"
#include "dsl/fields.hpp"
#include "dsl/function_checks.hpp"
#include "dsl/groups.hpp"
#include "dsl/hosts.hpp"
#include "dsl/inputs.hpp"
#include "dsl/labels.hpp"
#include "dsl/node_templates.hpp"
#include "dsl/outputs.hpp"
#include "dsl/plugins.hpp"
#include "dsl/policies.hpp"
#include "dsl/resolver.hpp"
#include "dsl/settings.hpp"
#include "dsl/version.hpp"
#include "dsl/workflows.hpp"
#include "yaml/to_json.hpp"

namespace cfy::dsl {
namespace {

std::vector<std::string> plugin_order(const Merged& merged) {
  std::vector<std::string> names;
  for (const Element& element : merged.section("plugins").elements)
    names.emplace_back(element.name());
  return names;
}

void read_whole_sections(Blueprint& blueprint) {
  plan::Plan& plan = blueprint.plan;
  if (const Value* description = blueprint.merged.find_whole("description"))
    if (check_shape(blueprint.context, *description, Shape::string, Path("description")))
      plan.description = yaml::to_json(*description);
  if (const Value* metadata = blueprint.merged.find_whole("metadata"))
    if (check_shape(blueprint.context, *metadata, Shape::map, Path("metadata")))
      plan.metadata = yaml::to_json(*metadata);
}

void note_blueprints(Blueprint& blueprint) {
  plan::Plan& plan = blueprint.plan;
  for (const Element& element : blueprint.merged.section("namespaces_mapping").elements)
    plan.namespaces_mapping[std::string(element.name())] = yaml::to_json(*element.value);
  for (const ImportedBlueprint& imported : blueprint.files.blueprints) {
    plan.namespaces_mapping[imported.name_space] = imported.id;
    plan.imported_folders[imported.name_space] = folder_of(imported.identity).string();
    if (std::find(plan.imported_blueprints.begin(), plan.imported_blueprints.end(), imported.id) ==
        plan.imported_blueprints.end())
      plan.imported_blueprints.push_back(imported.id);
  }
}

// One phase after the other; each goes on with what the ones before could read.
void read_all(Blueprint& blueprint, const LoadOptions& options) {
  Context& context = blueprint.context;
  blueprint.plan.version = version_name(context.dsl_minor);
  read_whole_sections(blueprint);
  note_blueprints(blueprint);
  blueprint.data_types = read_data_types(context, blueprint.merged);
  blueprint.plan.data_types = blueprint.data_types.flattened;
  read_inputs(blueprint);
  read_plugins(context, blueprint.merged, blueprint.files, blueprint.data_types.names,
               blueprint.plan);
  blueprint.node_types = read_node_types(context, blueprint.merged, blueprint.data_types);
  blueprint.relationship_types =
      read_relationship_types(context, blueprint.merged, blueprint.data_types);
  blueprint.plan.relationships = relationship_types_to_json(blueprint.relationship_types);
  MappingResolver resolver(plugin_order(blueprint.merged), blueprint.files, options);
  read_node_templates(blueprint, resolver);
  if (check_relationship_rings(blueprint)) find_hosts(blueprint);
  read_workflows(blueprint, resolver);
  read_outputs(blueprint);
  read_policy_types(blueprint);
  read_groups(blueprint);
  read_policies(blueprint);
  read_labels(blueprint);
  read_settings(blueprint, options.clock->wall_ms());
  check_all_functions(blueprint);
}

}  // namespace

std::optional<plan::Plan> load_blueprint(const LoadOptions& options, base::SourceMap& sources,
                                         base::Diagnostics& diagnostics) {
  yaml::Arena arena;
  Context context(sources, diagnostics, arena);
  context.validate_version = options.validate_version;
  Blueprint blueprint(context);
  blueprint.files = load_files(context, options);
  if (blueprint.files.files.empty()) return std::nullopt;
  blueprint.merged = merge_files(context, blueprint.files);
  read_all(blueprint, options);
  if (diagnostics.has_errors()) return std::nullopt;
  return std::move(blueprint.plan);
}

}  // namespace cfy::dsl
