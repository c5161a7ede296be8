// What the characters at one place of a text may mean: themselves, or what a %-code, an escape with
// backslashes, an entity of HTML or the quotes of a shell stand for. Knows no secrets.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace cfy::event {

/// One meaning: up to four bytes (a character, or one byte of it), and how many characters of the
/// text say so.
struct Reading {
  std::array<char, 4> bytes{};
  std::size_t byte_count = 0;
  std::size_t length = 0;

  std::string_view meaning() const { return {bytes.data(), byte_count}; }
};

/// A value on the stack: made for nearly every character of a text that has escapes.
class Readings {
 public:
  void add(std::string_view meaning, std::size_t length);
  const Reading* begin() const { return all_.data(); }
  const Reading* end() const { return all_.data() + count_; }

  /// The text ends before it is clear what its last characters mean.
  bool is_open = false;

 private:
  std::array<Reading, 32> all_;
  std::size_t count_ = 0;
};

/// Whether a character that stands for itself alone is at the start of `text`.
bool is_plain(char first);

/// All meanings of the start of `text`, which is not empty. What programs write into each other's
/// texts is read: JSON in JSON, Python's repr() in an address. Cost: constant.
Readings read_start(std::string_view text);

}  // namespace cfy::event
