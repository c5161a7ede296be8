// Loading a file in a child process, to see what its code does while it is loaded: an exception in
// a static initialiser ends the process, and nothing can catch it.
#pragma once

#include <filesystem>

#include "base/error.hpp"

namespace cfy::plugin {

/// Errors: plugin, when loading did not come to an end: it crashed, threw, exited or took longer
/// than `timeout_s`. A file that dlopen refuses is no error here.
base::Result<void> probe_load(const std::filesystem::path& path, unsigned timeout_s);

}  // namespace cfy::plugin
