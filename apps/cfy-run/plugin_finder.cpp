#include "plugin_finder.hpp"

#include <fmt/format.h>

namespace cfy::app {

using base::Result;

PluginFinder::PluginFinder(const std::vector<std::string>& command_line,
                           const std::filesystem::path& state_dir)
    : path_(plugin::make_search_path({command_line.begin(), command_line.end()}, state_dir)) {}

Result<std::string> PluginFinder::find_file(const plan::Plan& plan,
                                            const std::string& name) const {
  plugin::PluginSpec spec;
  spec.name = name;
  if (const auto declared = plan.plugins.find(name); declared != plan.plugins.end()) {
    spec.source = declared->second.source.value_or("");
    spec.package_name = declared->second.package_name.value_or("");
    spec.declared_in = declared->second.declared_in;
  }
  auto file = plugin::locate(spec, path_);
  if (!file) return file.error();
  return file->string();
}

Result<const plugin::Entry*> PluginFinder::find_workflow(const plan::Plan& plan,
                                                         const plan::Workflow& workflow) const {
  const auto find = [&]() -> Result<const plugin::Entry*> {
    const auto file = find_file(plan, workflow.plugin);
    if (!file) return file.error();
    const auto loaded = plugin::load(*file, {.name = workflow.plugin});
    if (!loaded) return loaded.error();
    return (*loaded)->find_workflow(workflow.operation);
  };
  auto entry = find();
  if (entry || workflow.declared_at.empty()) return entry;
  return std::move(entry).error().context(workflow.declared_at);
}

}  // namespace cfy::app
