// Getting a plugin package: from a .so, a plugin.yaml, a folder, an archive or the URL of one into
// a folder of this run. Knows nothing of what is in it.
#pragma once

#include <filesystem>
#include <string>

#include "base/error.hpp"
#include "packages/staging.hpp"

namespace cfy::app {

/// Whether a source is the address of a package rather than a path.
bool is_address(const std::string& source);

/// The files of the package, in a folder within `staging`. Errors: plugin, io.
base::Result<std::filesystem::path> get_package(const std::string& source,
                                                const packages::StagingFolder& staging);

}  // namespace cfy::app
