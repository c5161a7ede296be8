// The user that a command_prefix changes to, and how this user alone, besides ours, gets to read a
// file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <sys/types.h>

namespace cfy::script {

struct OtherUser {
  std::string name;
  uid_t id = 0;
};

/// Whom sudo, su, runuser, setpriv or doas in the prefix start a program as. Nothing: the same user
/// as this process, or root, who may read everything. Throws BadSettings: there is no such user.
std::optional<OtherUser> find_other_user(const std::string& command_prefix);

/// Let `user` read, and enter or execute, a file or folder that is ours alone: as root by making
/// it its owner, else by an entry in its POSIX ACL. False, with errno: the file system has none.
bool let_read(const std::filesystem::path& path, const OtherUser& user);

/// Whether every user comes to `folder`: all folders on the way can be passed by all.
bool is_open_to_all(const std::filesystem::path& folder);

}  // namespace cfy::script
