// Names: what a person may call a deployment, a plugin, a version or a secret, and how any name
// becomes a part of a path. Knows no files.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cfy::base {

/// An id is a name, not a path: Cloudify's letters, digits and `_ - .`, 1 to 256 of them, not
/// beginning with `.` or `-`. To be asked where a person makes one up; what is stored already is
/// never refused.
///
/// @param what   "the deployment": begins the message
/// @param extra  characters that this kind of id may have besides, as in "1.0+build"
/// Errors: invalid.
Result<void> check_id(std::string_view what, std::string_view id, std::string_view extra = {});

/// The id that is nearest to a name that nobody chose as an id, such as that of a folder:
/// "my app" gives "my-app". An id stays as it is; never empty.
std::string to_id(std::string_view name);

/// `name` as one part of a path: what would lead elsewhere or cannot stand in a file name is
/// written as %XX, and a long name ends in a digest of the whole. A name that is good already
/// stays as it is, and two names never give the same part.
std::string to_path_part(std::string_view name);

}  // namespace cfy::base
