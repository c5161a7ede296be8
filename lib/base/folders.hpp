// Folders that are ours: made for us alone, refused when they are not, and removed without ever
// leaving them.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/error.hpp"

namespace cfy::base {

/// Remove `name`, a file or a folder with all in it, from the folder `root`. Links are removed, not
/// followed, and nothing outside `root` is touched, also when somebody changes things meanwhile.
/// A name that is not there is no error.
///
/// @param root  itself may be reached through links
/// @param name  relative, without "." and ".."
/// Errors: invalid (a name that leads elsewhere), io (a part could not be removed).
Result<void> remove_below(const std::filesystem::path& root, const std::filesystem::path& name);

/// Who else may change a file or folder of ours.
enum class Ownership {
  ours,       ///< nobody, at least not through it
  tightened,  ///< others could; now nobody
};

/// Whether what is there is ours alone to change. One of ours that others may write to is made
/// ours alone. What is not there is ours.
///
/// @param what  "the state folder": begins the message
/// Errors: state (another user's, or a link of another user's; or it cannot be made ours alone).
Result<Ownership> take_ownership(std::string_view what, const std::filesystem::path& path);

/// Whether it belongs to another user than us and root.
bool belongs_to_others(const std::filesystem::path& path);

/// Whether another user could have put it there or changed it: it belongs to somebody else than us
/// and root, or others may write to it. Links count as what they lead to.
bool is_open_to_others(const std::filesystem::path& path);

/// Make the folder, and those above it, for us alone, unless it is there; then it has to be ours.
/// Errors: state.
Result<void> make_own_folder(std::string_view what, const std::filesystem::path& path);

}  // namespace cfy::base
