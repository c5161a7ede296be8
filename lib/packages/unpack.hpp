// Archives to folders: tar (plain, gzip, bzip2, xz) and zip, which is what Cloudify's plugin
// packages are, too (.wgn). The only user of libarchive.
#pragma once

#include <filesystem>

#include "base/error.hpp"
#include "packages/tree_writer.hpp"

namespace cfy::packages {

/// Whether a file's name says that it is an archive.
bool is_archive_name(const std::filesystem::path& name);

/// Unpack into the empty folder `to`: files, folders and links within it; devices, hard links and
/// names that lead out are errors. What was unpacked before an error stays, for the caller to
/// remove. Errors: plugin (no archive, cut off, an entry is refused), io (libarchive is missing).
base::Result<void> unpack(const std::filesystem::path& archive, const std::filesystem::path& to,
                          const TreeLimits& limits = {});

}  // namespace cfy::packages
