// Digest: whether texts are the same as they were. Not against forgery.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace cfy::base {

/// Of a list of texts; where one ends and the next begins counts. The same on every machine and in
/// every version (FNV-1a, 64 bits).
class Digest {
 public:
  void add(std::string_view text);
  /// 16 hexadecimal digits.
  std::string to_string() const;

 private:
  void add_byte(unsigned char byte);
  std::uint64_t state_ = 0xCBF29CE484222325U;
};

/// Of a file's bytes; another number than that of the same text. Errors: not_found, io.
Result<std::string> digest_of_file(const std::filesystem::path& path);

}  // namespace cfy::base
