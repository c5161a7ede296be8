// Getting a plugin package: from a .so, a plugin.yaml, a folder, an archive or the URL of one into
// a folder of this run. Knows nothing of what is in it.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "base/error.hpp"
#include "packages/staging.hpp"

namespace cfy::app {

/// Whether a source is the address of a package rather than a path.
bool is_address(const std::string& source);

/// How long a download may take in all, unless somebody says otherwise.
constexpr std::chrono::minutes kDownloadTime{5};

/// The files of the package, in a folder within `staging`. Errors: plugin, io, cancelled.
/// @param time  for a download, attempts included
base::Result<std::filesystem::path> get_package(const std::string& source,
                                                const packages::StagingFolder& staging,
                                                std::chrono::seconds time);

}  // namespace cfy::app
