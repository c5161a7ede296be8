// A look at a file before dlopen sees it: is it there, and is it a shared library for this machine?
// dlopen's own words for these are hard to act on.
#pragma once

#include <filesystem>

#include "base/error.hpp"

namespace cfy::plugin {

/// Errors: plugin.
base::Result<void> check_elf(const std::filesystem::path& path);

}  // namespace cfy::plugin
