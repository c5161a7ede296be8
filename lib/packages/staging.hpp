// StagingFolder: where something is made whole before it is renamed to its place, so that nobody
// ever sees half of it.
#pragma once

#include <filesystem>

#include "base/error.hpp"

namespace cfy::packages {

/// A new folder that only its owner may enter; it is removed, with what is still in it, at the end.
/// It is locked while its maker lives, which is how others know.
class StagingFolder {
 public:
  /// Beside the places that things will be renamed to. Those of processes that are gone are removed
  /// before. Errors: io.
  static base::Result<StagingFolder> make(const std::filesystem::path& parent);
  ~StagingFolder();
  StagingFolder(StagingFolder&& other) noexcept;
  StagingFolder& operator=(StagingFolder&&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// A new folder in it. Errors: io.
  base::Result<std::filesystem::path> make_folder(const char* name) const;

 private:
  StagingFolder(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}
  std::filesystem::path path_;
  int lock_ = -1;
};

/// Make the folder and those above it, for the owner alone. Errors: io.
base::Result<void> make_private_folders(const std::filesystem::path& path);

/// Rename the folder `from` to `to`. False, with `from` left where it is, when there is something
/// already. Errors: io.
base::Result<bool> move_into_place(const std::filesystem::path& from,
                                   const std::filesystem::path& to);

/// The folder itself; or the one in it, where an archive holds nothing but a folder.
std::filesystem::path content_of(const std::filesystem::path& folder);

/// The folder with the content of an archive, below `cache`; unpacked when there is none yet for an
/// archive of this content. Errors: plugin, io.
base::Result<std::filesystem::path> unpack_once(const std::filesystem::path& archive,
                                                const std::filesystem::path& cache);

}  // namespace cfy::packages
