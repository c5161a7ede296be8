// Installing a plugin: its package is fetched, judged as a whole, and only then put into its place.
#pragma once

#include <string>

#include "base/error.hpp"
#include "io.hpp"
#include "package_source.hpp"
#include "packages/package_store.hpp"
#include "plan/plan.hpp"
#include "plugin_finder.hpp"
#include "workspace.hpp"

namespace cfy::app {

/// The plugins that are installed for this user.
packages::PackageStore package_store(const Io& io);

/// Install the package at `source`: a .so, a plugin.yaml, a folder, an archive or the URL of one.
/// Its name is the package_name of its plugin.yaml, else what its .so or else the plugin.yaml calls
/// it; its version likewise. Nothing is installed after an error. Errors: plugin, conflict (another
/// package of that name and version is there), invalid (its plugin.yaml; the mistakes are in
/// `workspace`), io, cancelled (a stop signal is pending).
/// @param time  for a download
base::Result<packages::PackageStore::Added> install_plugin(
    const std::string& source, Workspace& workspace, const Io& io,
    std::chrono::seconds time = kDownloadTime);

/// Install the plugins of the plan that are found nowhere and whose `source` is an address, from
/// there. Without such plugins it does nothing. Errors: those of install_plugin().
base::Result<void> install_missing_plugins(const plan::Plan& plan, const PluginFinder& plugins,
                                           Workspace& workspace, const Io& io);

}  // namespace cfy::app
