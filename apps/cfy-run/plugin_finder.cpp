#include "plugin_finder.hpp"

namespace cfy::app {

using base::Result;

bool is_script_workflow(const plan::Workflow& workflow) {
  return workflow.operation == "script_runner.tasks.execute_workflow";
}

PluginFinder::PluginFinder(const std::vector<std::string>& command_line,
                           const std::filesystem::path& state_dir)
    : path_(plugin::make_search_path({command_line.begin(), command_line.end()}, state_dir)) {}

Result<std::string> PluginFinder::find_file(const plan::Plan& plan, const std::string& name) const {
  plugin::PluginSpec spec;
  spec.name = name;
  if (const auto declared = plan.plugins.find(name); declared != plan.plugins.end()) {
    spec.source = declared->second.source.value_or("");
    spec.package_name = declared->second.package_name.value_or("");
    spec.package_version = declared->second.package_version.value_or("");
    spec.declared_in = declared->second.declared_in;
  }
  const Key key{spec.name, spec.source, spec.declared_in.string()};
  const std::lock_guard lock(mutex_);
  if (const auto known = found_.find(key); known != found_.end()) return known->second;
  const auto file = plugin::locate(spec, path_);
  if (!file) return file.error();
  return found_.emplace(key, file->string()).first->second;
}

Result<const plugin::LoadedPlugin*> PluginFinder::load(const plan::Plan& plan,
                                                       const std::string& name) const {
  const auto file = find_file(plan, name);
  if (!file) return file.error();
  return plugin::load(*file, {.name = name});
}

Result<const plugin::Entry*> PluginFinder::find_workflow(const plan::Plan& plan,
                                                         const plan::Workflow& workflow) const {
  const auto loaded = load(plan, workflow.plugin);
  if (!loaded) return loaded.error();
  auto entry = (*loaded)->find_workflow(workflow.operation);
  // What the script plugin lacks is no mistake of its own.
  if (!entry && is_script_workflow(workflow))
    return base::make_error(base::ErrorKind::plugin,
                            "a workflow that is a script needs the Python of Cloudify; write it in "
                            "C++, as the tutorial shows, and map it to a function of that plugin");
  return entry;
}

}  // namespace cfy::app
