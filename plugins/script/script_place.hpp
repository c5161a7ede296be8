// Where a script lies that has to be a file: below the deployment's work folder, for our user
// alone; or, when another user is to run it, in a folder of its own that only that user can enter.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "other_user.hpp"
#include "process/owned_file.hpp"

namespace cfy::script {

/// An executable file that goes with this object. When the process dies instead, it goes with
/// process::remove_left_files() of its folder in `workdir`.
class PlacedScript {
 public:
  /// @param workdir  empty: there is none, and temporary files take its place
  /// Throws std::runtime_error: it cannot be written, or the other user cannot be let read it.
  PlacedScript(const std::string& content, const std::string& ending, const std::string& workdir,
               const std::optional<OtherUser>& user);

  const std::filesystem::path& path() const { return path_; }

 private:
  std::optional<process::OwnedFile> file_;
  std::optional<process::OwnedFolder> folder_;
  std::filesystem::path path_;
};

}  // namespace cfy::script
