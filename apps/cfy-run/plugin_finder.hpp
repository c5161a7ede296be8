// PluginFinder: the plugins of a blueprint, found and loaded with this run's search path.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "base/error.hpp"
#include "plan/plan.hpp"
#include "plugin/loader.hpp"
#include "plugin/locate.hpp"

namespace cfy::app {

/// Whether it is mapped to a script, which runs by the Python of Cloudify only.
bool is_script_workflow(const plan::Workflow& workflow);

/// Any thread. A plugin that was found is not looked for again: each operation asks for its own.
class PluginFinder {
 public:
  PluginFinder(const std::vector<std::string>& command_line,
               const std::filesystem::path& state_dir);

  /// The .so of a plugin of the blueprint. Errors: plugin.
  base::Result<std::string> find_file(const plan::Plan& plan, const std::string& name) const;
  /// The function that a workflow is mapped to. Errors: plugin; they say where the mapping stands.
  base::Result<const plugin::Entry*> find_workflow(const plan::Plan& plan,
                                                   const plan::Workflow& workflow) const;
  /// The plugin itself. Errors: plugin.
  base::Result<const plugin::LoadedPlugin*> load(const plan::Plan& plan,
                                                 const std::string& name) const;

 private:
  using Key = std::tuple<std::string, std::string, std::string>;  // name, source, declared in

  const plugin::SearchPath path_;
  mutable std::mutex mutex_;
  mutable std::map<Key, std::string> found_;
};

}  // namespace cfy::app
