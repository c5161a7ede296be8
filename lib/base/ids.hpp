// Random names: execution ids and the suffixes of node instances.
#pragma once

#include <cstddef>
#include <string>

namespace cfy::base {

/// A random UUID, version 4: "9f1c7c1e-5d0a-4c6e-8a57-0c3a1f0b2d4e". Thread safe.
std::string make_uuid();

/// `length` random characters of [a-z0-9], as in node instance ids ("web_x81k2a"). Thread safe.
std::string make_id_suffix(std::size_t length = 6);

}  // namespace cfy::base
