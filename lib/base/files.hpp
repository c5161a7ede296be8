// Whole files in and out, with errors that name the path.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cfy::base {

/// The file's bytes. Refuses what is not a regular file (a folder, a device) and what is larger
/// than `limit` bytes. Errors: not_found, io.
Result<std::string> load_file(const std::filesystem::path& path, std::size_t limit);

/// Replace the file as a whole: written beside it, then renamed over it. Errors: io.
Result<void> save_file(const std::filesystem::path& path, std::string_view text);

}  // namespace cfy::base
