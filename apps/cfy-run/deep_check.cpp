#include "deep_check.hpp"

#include <map>
#include <set>

#include <cfy/detail/resources.hpp>
#include <fmt/format.h>

#include "deploy/places.hpp"
#include "fetch/fetch_url.hpp"
#include "functions/info.hpp"

namespace cfy::app {
namespace {

namespace fs = std::filesystem;
using base::Diagnostic;
using base::Severity;
using plan::json;

void add_finding(Workspace& workspace, Severity severity, std::string message,
                 const base::SourceRange& range, std::string path) {
  Diagnostic diagnostic;
  diagnostic.severity = severity;
  diagnostic.message = std::move(message);
  diagnostic.range = range;
  diagnostic.path = std::move(path);
  workspace.diagnostics.add(std::move(diagnostic));
}

class CodeCheck {
 public:
  CodeCheck(const plan::Plan& plan, const PluginFinder& plugins, fs::path resources,
            Workspace& workspace)
      : plan_(plan), plugins_(plugins), resources_(std::move(resources)), workspace_(workspace) {}

  void run() {
    for (const auto& [name, workflow] : plan_.workflows) {
      const std::string path = "workflows." + name;
      if (load(workflow.plugin, workflow.range, path) == nullptr) continue;
      if (auto entry = plugins_.find_workflow(plan_, workflow); !entry)
        report(Severity::error, entry.error().message(), workflow.range, path);
    }
    for (const plan::Node& node : plan_.nodes) {
      const std::string path = "node_templates." + node.id;
      check_operations(node.operations, path);
      for (const plan::Relationship& relationship : node.relationships) {
        check_operations(relationship.source_operations, path + ".relationships");
        check_operations(relationship.target_operations, path + ".relationships");
      }
    }
  }

 private:
  void report(Severity severity, std::string message, const base::SourceRange& range,
              std::string path) {
    add_finding(workspace_, severity, std::move(message), range, std::move(path));
  }

  // nullptr when it cannot be loaded, which is told once: where it is used first.
  const plugin::LoadedPlugin* load(const std::string& name, const base::SourceRange& used_at,
                                   const std::string& path) {
    const auto [known, is_new] = loaded_.try_emplace(name, nullptr);
    if (!is_new) return known->second;
    if (auto loaded = plugins_.load(plan_, name); loaded)
      known->second = *loaded;
    else
      report(Severity::error, loaded.error().message(), used_at, path);
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
    const plugin::LoadedPlugin* plugin = load(operation.plugin, operation.range, path);
    if (plugin != nullptr)
      if (auto found = plugin->find_operation(operation.operation); !found)
        report(Severity::error, found.error().message(), operation.range, path);
    const auto script = operation.inputs.find("script_path");
    if (script != operation.inputs.end() && script->is_string())
      check_script(script->get<std::string>(), operation.range, path);
  }

  // The file as the operation will look for it: without the namespace of an import, by file://, ...
  void check_script(const std::string& script, const base::SourceRange& range,
                    const std::string& path) {
    if (script.starts_with("http://") || script.starts_with("https://"))
      return check_script_url(script, range, path);
    if (cfy::detail::find_resource(script, resources_.string())) return;
    const auto imported = plan_.imported_file(script);
    std::error_code ignored;
    if (imported && fs::is_regular_file(*imported, ignored)) return;
    report(Severity::error,
           fmt::format("script '{}' is not there (looked in {})", script, resources_.string()),
           range, path);
  }

  // A server that answers something else will do so again; one that does not answer may be back
  // when the script is wanted.
  void check_script_url(const std::string& url, const base::SourceRange& range,
                        const std::string& path) {
    if (!seen_urls_.insert(url).second) return;
    fetch::FetchOptions once;
    once.attempts = 1;
    once.schemes = "http,https";
    once.needs_status_200 = true;
    const auto fetched = fetch::fetch_url(url, once);
    if (fetched) return;
    report(fetched.error().kind() == base::ErrorKind::failed ? Severity::error : Severity::warning,
           "script: " + fetched.error().message(), range, path);
  }

  const plan::Plan& plan_;
  const PluginFinder& plugins_;
  const fs::path resources_;
  Workspace& workspace_;
  std::set<const void*> seen_maps_, seen_operations_;
  std::set<std::string> seen_urls_;
  std::map<std::string, const plugin::LoadedPlugin*> loaded_;
};

void collect_inputs(const json& value, std::set<std::string>& used) {
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

}  // namespace

void check_code(const plan::Plan& plan, const PluginFinder& plugins, const fs::path& resources,
                Workspace& workspace) {
  CodeCheck(plan, plugins, resources, workspace).run();
}

void check_script_workflows(const plan::Plan& plan, Workspace& workspace) {
  for (const auto& [name, workflow] : plan.workflows)
    if (is_script_workflow(workflow))
      add_finding(
          workspace, Severity::warning,
          fmt::format("workflow '{}' is a script and does not run here: it needs the Python "
                      "of Cloudify; write it in C++, as the tutorial shows",
                      name),
          workflow.range, "workflows." + name);
}

void check_input_uses(const plan::Plan& plan, Workspace& workspace) {
  std::set<std::string> used;
  deploy::visit_places(
      plan, [&](const deploy::PlaceInPlan&, const json& value) { collect_inputs(value, used); });
  // Not evaluated with the others, but they count as uses all the same.
  for (const json* section : {&plan.resource_tags, &plan.blueprint_labels, &plan.groups,
                              &plan.policies, &plan.deployment_settings})
    collect_inputs(*section, used);
  for (const auto& [name, plugin] : plan.plugins)
    collect_inputs(plugin.properties, used);
  for (const plan::Node& node : plan.nodes)
    for (const plan::Relationship& one : node.relationships)
      collect_inputs(one.properties, used);
  for (const auto& [name, workflow] : plan.workflows)
    collect_inputs(workflow.parameters, used);
  for (const auto& [name, schema] : plan.input_schemas.items())
    collect_inputs(schema, used);
  for (const auto& [name, schema] : plan.input_schemas.items()) {
    if (used.contains(name)) continue;
    add_finding(workspace, Severity::warning, fmt::format("input '{}' is never used", name),
                plan.find_place("inputs." + name), "inputs." + name);
  }
}

}  // namespace cfy::app
