#include "base/ids.hpp"

#include <array>
#include <cstdint>

#include <fmt/format.h>
#include <sys/random.h>

#include "base/check.hpp"

namespace cfy::base {
namespace {

template <std::size_t N>
std::array<std::uint8_t, N> random_bytes() {
  std::array<std::uint8_t, N> bytes{};
  // Up to 256 bytes come whole or not at all (getrandom(2)), so one call is enough.
  static_assert(N <= 256);
  CFY_ASSERT(getrandom(bytes.data(), N, 0) == static_cast<ssize_t>(N));
  return bytes;
}

}  // namespace

std::string make_uuid() {
  auto b = random_bytes<16>();
  b[6] = static_cast<std::uint8_t>((b[6] & 0x0F) | 0x40);
  b[8] = static_cast<std::uint8_t>((b[8] & 0x3F) | 0x80);
  std::string text;
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", b[i]);
  }
  return text;
}

std::string make_id_suffix(std::size_t length) {
  constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string text;
  while (text.size() < length)
    for (const std::uint8_t byte : random_bytes<16>())
      // 252 = 7 * 36: bytes above would make the first letters likelier.
      if (byte < 252 && text.size() < length) text += alphabet[byte % 36];
  return text;
}

}  // namespace cfy::base
