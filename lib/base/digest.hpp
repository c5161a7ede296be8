// Digest: whether texts are the same as they were. Not against forgery.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

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

}  // namespace cfy::base
