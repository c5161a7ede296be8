#include "deep_check.hpp"

#include <charconv>
#include <map>
#include <set>

#include <fmt/format.h>

#include "deploy/places.hpp"
#include "functions/info.hpp"

namespace cfy::app {
namespace {

namespace fs = std::filesystem;
using base::Diagnostic;
using base::Severity;
using plan::json;

std::uint32_t number_at_end(std::string_view& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return 0;
  std::uint32_t number = 0;
  std::from_chars(text.data() + colon + 1, text.data() + text.size(), number);
  text = text.substr(0, colon);
  return number;
}

// "blueprint.yaml:31:18", as the plan keeps it, back to a place in the texts that were read.
base::SourceRange range_of(std::string_view declared_at, const base::SourceMap& sources) {
  base::SourceRange range;
  range.column = number_at_end(declared_at);
  range.line = number_at_end(declared_at);
  range.end_line = range.line;
  range.end_column = range.column + 1;
  for (std::uint32_t file = 1; file <= sources.size(); ++file)
    if (sources.path(base::FileId{file}) == declared_at) range.file = base::FileId{file};
  return range;
}

class DeepCheck {
 public:
  DeepCheck(const plan::Plan& plan, const PluginFinder& plugins, fs::path resources,
            Workspace& workspace)
      : plan_(plan), plugins_(plugins), resources_(std::move(resources)), workspace_(workspace) {}

  void run() {
    for (const auto& [name, workflow] : plan_.workflows) {
      const std::string path = "workflows." + name;
      const plugin::LoadedPlugin* plugin = load(workflow.plugin, workflow.declared_at, path);
      if (plugin == nullptr) continue;
      if (auto entry = plugin->find_workflow(workflow.operation); !entry)
        add(Severity::error, entry.error().message(), workflow.declared_at, path);
    }
    for (const plan::Node& node : plan_.nodes) {
      const std::string path = "node_templates." + node.id;
      check_operations(node.operations, path);
      for (const plan::Relationship& relationship : node.relationships) {
        check_operations(relationship.source_operations, path + ".relationships");
        check_operations(relationship.target_operations, path + ".relationships");
      }
    }
    check_inputs();
  }

 private:
  void add(Severity severity, std::string message, std::string_view declared_at, std::string path) {
    Diagnostic diagnostic;
    diagnostic.severity = severity;
    diagnostic.message = std::move(message);
    diagnostic.range = range_of(declared_at, workspace_.sources);
    diagnostic.path = std::move(path);
    workspace_.diagnostics.add(std::move(diagnostic));
  }

  // nullptr when it cannot be loaded, which is told once: where it is used first.
  const plugin::LoadedPlugin* load(const std::string& name, std::string_view used_at,
                                   const std::string& path) {
    const auto [known, is_new] = loaded_.try_emplace(name, nullptr);
    if (!is_new) return known->second;
    if (auto loaded = plugins_.load(plan_, name); loaded)
      known->second = *loaded;
    else
      add(Severity::error, loaded.error().message(), used_at, path);
    return known->second;
  }

  // Nodes of one type share their operations: what was checked once is not checked again.
  void check_operations(const std::shared_ptr<const plan::OperationMap>& operations,
                        const std::string& path) {
    if (operations == nullptr || !seen_maps_.insert(operations.get()).second) return;
    for (const auto& [name, operation] : *operations)
      if (!operation->is_noop() && seen_operations_.insert(operation.get()).second)
        check_operation(*operation, path + "." + name);
  }

  void check_operation(const plan::Operation& operation, const std::string& path) {
    const plugin::LoadedPlugin* plugin = load(operation.plugin, operation.declared_at, path);
    if (plugin != nullptr)
      if (auto found = plugin->find_operation(operation.operation); !found)
        add(Severity::error, found.error().message(), operation.declared_at, path);
    const auto script = operation.inputs.find("script_path");
    if (script == operation.inputs.end() || !script->is_string()) return;
    const std::string& file = script->get_ref<const std::string&>();
    std::error_code ignored;
    const bool is_url = file.find("://") != std::string::npos;
    if (!is_url && !fs::is_regular_file(resources_ / file, ignored))
      add(Severity::error,
          fmt::format("script '{}' is not in the blueprint's folder '{}'", file,
                      resources_.string()),
          operation.declared_at, path);
  }

  void check_inputs() {
    std::set<std::string> used;
    deploy::visit_places(
        plan_, [&](const deploy::PlaceInPlan&, const json& value) { collect_inputs(value, used); });
    // Not evaluated with the others, but they count as uses all the same.
    for (const plan::Node& node : plan_.nodes)
      for (const plan::Relationship& one : node.relationships)
        collect_inputs(one.properties, used);
    for (const auto& [name, workflow] : plan_.workflows)
      collect_inputs(workflow.parameters, used);
    for (const auto& [name, schema] : plan_.input_schemas.items())
      collect_inputs(schema, used);
    for (const auto& [name, schema] : plan_.input_schemas.items()) {
      if (used.contains(name)) continue;
      const auto declared = plan_.declared_at.find("inputs." + name);
      add(Severity::warning, fmt::format("input '{}' is never used", name),
          declared == plan_.declared_at.end() ? std::string_view() : declared->second,
          "inputs." + name);
    }
  }

  static void collect_inputs(const json& value, std::set<std::string>& used) {
    if (const auto function = functions::find_function(value);
        function && function->name == "get_input") {
      const json& arguments = *function->arguments;
      const json& name = arguments.is_array() && !arguments.empty() ? arguments[0] : arguments;
      if (name.is_string()) used.insert(name.get<std::string>());
    }
    if (value.is_structured())
      for (const json& part : value)
        collect_inputs(part, used);
  }

  const plan::Plan& plan_;
  const PluginFinder& plugins_;
  const fs::path resources_;
  Workspace& workspace_;
  std::set<const void*> seen_maps_, seen_operations_;
  std::map<std::string, const plugin::LoadedPlugin*> loaded_;
};

}  // namespace

void check_deeply(const plan::Plan& plan, const PluginFinder& plugins, const fs::path& resources,
                  Workspace& workspace) {
  DeepCheck(plan, plugins, resources, workspace).run();
}

}  // namespace cfy::app
