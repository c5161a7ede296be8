#include "dsl/plugins.hpp"

#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "dsl/fields.hpp"
#include "dsl/problems.hpp"
#include "dsl/schemas.hpp"
#include "schema/complete.hpp"
#include "schema/function_form.hpp"
#include "yaml/to_json.hpp"

namespace cfy::dsl {
namespace {

constexpr std::array<Field, 12> kPluginFields = {
    {{"source", Shape::string},
     {"executor", Shape::string, true},
     {"install", Shape::boolean},
     {"install_arguments", Shape::string, false, 1},
     {"package_name", Shape::string, false, 2},
     {"package_version", Shape::string, false, 2},
     {"supported_platform", Shape::any, false, 2},
     {"distribution", Shape::string, false, 2},
     {"distribution_version", Shape::string, false, 2},
     {"distribution_release", Shape::string, false, 2},
     {"properties_description", Shape::string, false, 5},
     {"properties", Shape::map, false, 5}}};

std::optional<std::string> text_of(const Value& value, std::string_view key) {
  const auto text = find_text(value, key);
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

bool check_executor(Context& context, const Value& value, const Path& path) {
  const Value* executor = find_given(value, "executor");
  const std::string_view text = executor->text();
  if (text == "central_deployment_agent" || text == "host_agent") return true;
  context
      .error(18, executor->range(), Path(path, "executor"),
             fmt::format("'{}' is no executor of a plugin; it is 'central_deployment_agent' or "
                         "'host_agent'",
                         text))
      .hint = base::did_you_mean(text, {"central_deployment_agent", "host_agent"});
  return false;
}

// {plugin:NAME: {property: value}} sets values of properties that the plugin declares.
void apply_import_properties(Context& context, const Value& given, json& properties,
                             const std::string& plugin) {
  const Path path("imports");
  for (const Entry& entry : given.entries()) {
    const auto name = name_of_key(context, *entry.key, path);
    if (!name) continue;
    const auto schema = properties.find(std::string(*name));
    if (schema == properties.end()) {
      std::vector<std::string> known;
      for (const auto& item : properties.items())
        known.push_back(item.key());
      context
          .error(221, entry.key->range(), path,
                 fmt::format("the plugin '{}' has no property '{}'", plugin, *name))
          .hint = base::did_you_mean(*name, known);
      continue;
    }
    const json value = yaml::to_json(*entry.value);
    schema::Problems problems;
    if (!schema::is_function(value))
      schema::complete_value(value, schema::type_of(*schema), nullptr, {}, problems);
    for (schema::Problem& problem : problems)
      problem.code = 221;
    report(context, problems, fmt::format("property '{}' of plugin '{}'", *name, plugin),
           *entry.value, path);
    (*schema)["value"] = value;
  }
}

class PluginReader {
 public:
  PluginReader(Context& context, plan::Plan& plan) : context_(context), plan_(plan) {}

  void read(const Element& element, const Path& section) {
    const Path path(section, element.name());
    const Value& value = *element.value;
    // The name is known even when the rest is wrong, so that its uses are not reported as well.
    plan::Plugin& plugin = plan_.plugins[std::string(element.name())];
    plugin.name = element.name();
    plugin.executor = "central_deployment_agent";
    plugin.declared_in = context_.sources.path(element.key->range().file);
    plugin.declared_at = context_.at(element.key->range());
    if (!check_fields(context_, value, kPluginFields, "a plugin", path)) return;
    if (!check_executor(context_, value, path)) return;
    plugin.executor = find_given(value, "executor")->text();
    if (const Value* install = find_given(value, "install")) plugin.install = install->boolean();
    plugin.source = text_of(value, "source");
    plugin.package_name = text_of(value, "package_name");
    plugin.package_version = text_of(value, "package_version");
    if (plugin.install && !plugin.source && !plugin.package_name)
      context_
          .error(50, element.key->range(), path,
                 fmt::format("plugin '{}' is to be installed, but has neither 'source' nor "
                             "'package_name'",
                             plugin.name))
          .hint = "add 'install: false' when there is nothing to install";
    plugin.properties = read_schemas(context_, find_given(value, "properties"),
                                     SchemaOf::plugin_property, {}, Path(path, "properties"));
    if (element.file->plugin_properties != nullptr)
      apply_import_properties(context_, *element.file->plugin_properties, plugin.properties,
                              plugin.name);
    read_rest(value, plugin);
  }

 private:
  static void read_rest(const Value& value, plan::Plugin& plugin) {
    for (const char* key :
         {"install_arguments", "supported_platform", "distribution", "distribution_version",
          "distribution_release", "properties_description"})
      if (const Value* given = find_given(value, key)) plugin.rest[key] = yaml::to_json(*given);
  }

  Context& context_;
  plan::Plan& plan_;
};

}  // namespace

void read_plugins(Context& context, const Merged& merged, const SourceFiles& files,
                  plan::Plan& plan) {
  const Path path("plugins");
  const Section& section = merged.section("plugins");
  PluginReader reader(context, plan);
  for (const Element& element : section.elements)
    reader.read(element, path);
  for (const SourceFile& file : files.files) {
    if (file.plugin_properties == nullptr) continue;
    const Value* plugins = find_given(*file.root, "plugins");
    if (plugins != nullptr && plugins->is_map() && !plugins->entries().empty()) continue;
    context.error(221, file.imported_at, Path("imports"),
                  "this import sets properties of a plugin, but the file declares no plugin");
  }
}

}  // namespace cfy::dsl
