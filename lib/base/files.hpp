// Whole files in and out, with errors that name the path.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cfy::base {

enum class FileKind {
  regular,  ///< a file proper: no folder, no device, no pipe
  any,      ///< pipes and devices too, as in `-i <(command)`
};

/// The file's bytes, `limit` at most. Errors: not_found, io (another kind of file, too large, not
/// readable). Throws std::system_error when no descriptor or no memory is left.
Result<std::string> load_file(const std::filesystem::path& path, std::size_t limit,
                              FileKind kind = FileKind::regular);

/// Replace the file as a whole: written beside it, then renamed over it. Errors: io.
Result<void> save_file(const std::filesystem::path& path, std::string_view text);

}  // namespace cfy::base
