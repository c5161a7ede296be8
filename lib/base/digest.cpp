#include "base/digest.hpp"

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

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

// Eight bytes at a step: plugins may be large, and every run looks at them.
Result<std::string> digest_of_file(const std::filesystem::path& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return errno_error(errno, path.string());
  constexpr std::uint64_t kFactor = 0x9E3779B97F4A7C15U;
  constexpr unsigned kHalf = 32;
  std::array<std::uint64_t, 8192> words{};
  std::uint64_t state = kFactor, size = 0;
  ssize_t got = 0;
  while ((got = read(file, words.data(), sizeof words)) > 0) {
    size += static_cast<std::uint64_t>(got);
    const std::size_t count =
        (static_cast<std::size_t>(got) + sizeof(words[0]) - 1) / sizeof(words[0]);
    for (std::size_t i = 0; i < count; ++i) {
      state = (state ^ words[i]) * kFactor;
      state ^= state >> kHalf;
    }
    words.fill(0);  // what the last piece does not fill
  }
  const int why = errno;
  close(file);
  if (got < 0) return errno_error(why, path.string());
  return fmt::format("{:016x}", (state ^ size) * kFactor);
}

}  // namespace cfy::base
