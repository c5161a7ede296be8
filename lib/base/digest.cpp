#include "base/digest.hpp"

#include <fmt/format.h>

namespace cfy::base {

void Digest::add_byte(unsigned char byte) {
  constexpr std::uint64_t kPrime = 0x100000001B3U;
  state_ = (state_ ^ byte) * kPrime;
}

void Digest::add(std::string_view text) {
  for (const char c : text)
    add_byte(static_cast<unsigned char>(c));
  constexpr unsigned kByte = 8;
  for (std::uint64_t size = text.size(), i = 0; i < sizeof(size); ++i, size >>= kByte)
    add_byte(static_cast<unsigned char>(size));
}

std::string Digest::to_string() const {
  return fmt::format("{:016x}", state_);
}

}  // namespace cfy::base
