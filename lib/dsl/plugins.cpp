#include "dsl/plugins.hpp"

#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "dsl/fields.hpp"
#include "dsl/problems.hpp"
#include "dsl/schemas.hpp"
#include "schema/complete.hpp"
#include "schema/function_form.hpp"
#include "schema/types.hpp"
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
     {"supported_platform", Shape::string, false, 2},
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

// Which values an import may set; integers stand for text, too, and booleans for integers.
bool suits_property(const json& value, std::string_view type) {
  if (type == "string") return value.is_string() || value.is_number_integer() || value.is_boolean();
  if (type == "integer") return value.is_number_integer() || value.is_boolean();
  if (type == "float") return value.is_number() || value.is_boolean();
  if (type == "boolean") return value.is_boolean();
  return value.is_array();
}

bool may_be_set(std::string_view type) {
  return type == "string" || type == "integer" || type == "float" || type == "boolean" ||
         type == "list";
}

// One value for the property with this schema.
void apply_property(Context& context, const Entry& entry, json& schema,
                    const std::string& subject) {
  const Path path("imports");
  const std::string_view type = schema::type_of(schema);
  if (!may_be_set(type)) {
    context.error(220, entry.key->range(), path,
                  fmt::format("{} cannot be set by an import: its type is not string, integer, "
                              "float, boolean or list",
                              subject));
    return;
  }
  json value = yaml::to_json(*entry.value);
  if (!schema::is_function(value) && !suits_property(value, type))
    context.error(221, entry.value->range(), path,
                  fmt::format("{} must be {}, got {}", subject, type, schema::describe(value)));
  schema["value"] = std::move(value);
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
    apply_property(context, entry, *schema,
                   fmt::format("the property '{}' of the plugin '{}'", *name, plugin));
  }
}

class PluginReader {
 public:
  PluginReader(Context& context, const TypeNames& data_types, plan::Plan& plan)
      : context_(context), data_types_(data_types), plan_(plan) {}

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
    plugin.properties =
        read_schemas(context_, find_given(value, "properties"), SchemaOf::plugin_property,
                     data_types_, Path(path, "properties"));
    if (element.file->plugin_properties != nullptr && !plugin.properties.empty())
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
  const TypeNames& data_types_;
  plan::Plan& plan_;
};

// Whether a file declares a property of a plugin.
bool has_plugin_properties(const SourceFile& file) {
  for (const Entry& plugin : entries_of(find_given(*file.root, "plugins")))
    if (!entries_of(find_given(*plugin.value, "properties")).empty()) return true;
  return false;
}

}  // namespace

void read_plugins(Context& context, const Merged& merged, const SourceFiles& files,
                  const TypeNames& data_types, plan::Plan& plan) {
  const Path path("plugins");
  const Section& section = merged.section("plugins");
  PluginReader reader(context, data_types, plan);
  for (const Element& element : section.elements)
    reader.read(element, path);
  for (const SourceFile& file : files.files)
    if (file.plugin_properties != nullptr && !file.plugin_properties->entries().empty() &&
        !has_plugin_properties(file))
      context.warning(file.imported_at, Path("imports"),
                      "this import sets properties, but the file declares no plugin that has any");
}

}  // namespace cfy::dsl
