// What `validate --deep` checks beyond the blueprint's own text: that plugins load and have the
// mapped functions, that scripts are there, and that every input is used.
#pragma once

#include <filesystem>

#include "plan/plan.hpp"
#include "plugin_finder.hpp"
#include "workspace.hpp"

namespace cfy::app {

// Both add what they find to the workspace's diagnostics.

/// Plugins, mapped functions and scripts; each thing once however many nodes share it.
/// @param plan       the blueprint's plan, or that of a deployment: then scripts are known that
///                   inputs name
/// @param resources  folder of the blueprint
void check_code(const plan::Plan& plan, const PluginFinder& plugins,
                const std::filesystem::path& resources, Workspace& workspace);

/// Inputs that nothing uses. @param plan  the blueprint's, with its functions
void check_input_uses(const plan::Plan& plan, Workspace& workspace);

/// Warn of workflows that are scripts: the blueprint is valid, but they do not run here.
void check_script_workflows(const plan::Plan& plan, Workspace& workspace);

}  // namespace cfy::app
