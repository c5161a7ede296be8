// Files and folders that are of use only while their process lives, like the script of an operation
// that runs. Whoever comes later can tell those whose owner is gone, however it went, and remove
// them; nobody needs to know process ids for it.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/error.hpp"
#include "process/fd.hpp"

namespace cfy::process {

/// The folder of such files in the work folder of a plugin.
inline constexpr const char* kLeftFilesFolder = ".scripts";

/// A file that this process holds a lock on, and removes with this object.
class OwnedFile {
 public:
  /// Makes an empty one with a new name; readable and executable by this user alone. The folder is
  /// made, for this user alone, when it is not there. Errors: io.
  static base::Result<OwnedFile> make(const std::filesystem::path& folder, std::string_view ending);
  ~OwnedFile();
  OwnedFile(OwnedFile&& other) noexcept;
  OwnedFile& operator=(OwnedFile&&) = delete;

  const std::filesystem::path& path() const { return path_; }
  /// Its content; once. Nothing holds it open for writing afterwards, so that it can be started.
  /// Errors: io.
  base::Result<void> write(std::string_view content);

 private:
  OwnedFile(std::filesystem::path path, UniqueFd writable, UniqueFd locked);

  std::filesystem::path path_;
  UniqueFd writable_, locked_;
};

/// A folder elsewhere, empty at first, for this user alone, that goes with this object. A file
/// names it, so that remove_left_files() finds it, too.
class OwnedFolder {
 public:
  /// @param record_folder  where the file is
  /// @param parent         where the folder is. Errors: io.
  static base::Result<OwnedFolder> make(const std::filesystem::path& record_folder,
                                        const std::filesystem::path& parent);
  ~OwnedFolder();
  OwnedFolder(OwnedFolder&& other) noexcept;
  OwnedFolder& operator=(OwnedFolder&&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  OwnedFolder(OwnedFile record, std::filesystem::path path);

  OwnedFile record_;
  std::filesystem::path path_;
};

/// Removes what processes that are gone have left in `folder`; nothing when it is not there. What
/// cannot be removed stays for the next time.
void remove_left_files(const std::filesystem::path& folder);

}  // namespace cfy::process
