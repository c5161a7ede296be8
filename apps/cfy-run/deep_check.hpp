// What `validate --deep` checks beyond the blueprint's own text: that plugins load and have the
// mapped functions, that scripts are there, and that every input is used.
#pragma once

#include <filesystem>

#include "plan/plan.hpp"
#include "plugin_finder.hpp"
#include "workspace.hpp"

namespace cfy::app {

/// Adds what it finds to the workspace's diagnostics, each thing once however many nodes share it.
/// @param plan       the blueprint's plan
/// @param resources  folder of the blueprint
void check_deeply(const plan::Plan& plan, const PluginFinder& plugins,
                  const std::filesystem::path& resources, Workspace& workspace);

}  // namespace cfy::app
