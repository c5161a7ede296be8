// Trees of files: copied as a package takes them, and compared by their content.
#pragma once

#include <filesystem>
#include <string>

#include "base/error.hpp"
#include "packages/tree_writer.hpp"

namespace cfy::packages {

/// Copy a folder's files and links (no sockets, pipes, devices) into the empty folder `to`.
/// Errors: plugin, those of TreeWriter; io.
base::Result<void> copy_tree(const std::filesystem::path& from, const std::filesystem::path& to,
                             const TreeLimits& limits = {});

/// Copy one file into the empty folder `to`. Errors: as above.
base::Result<void> copy_file_into(const std::filesystem::path& from,
                                  const std::filesystem::path& to, const TreeLimits& limits = {});

/// The same for two folders with the same names and contents. Errors: io.
base::Result<std::string> digest_of_tree(const std::filesystem::path& folder);

}  // namespace cfy::packages
