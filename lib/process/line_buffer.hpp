// LineBuffer: cuts a stream of bytes into lines. No I/O, no encoding but for where to cut.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cfy::process {

/// Nothing is lost: a line longer than the limit comes in pieces, between words where it can. Cost:
/// linear in the bytes, however they arrive; memory: at most the limit and one feed.
class LineBuffer {
 public:
  explicit LineBuffer(std::size_t limit) : limit_(limit) {}

  /// Call `on_line(std::string_view)` for each line that `bytes` complete, without its "\n".
  template <typename OnLine>
  void feed(std::string_view bytes, const OnLine& on_line) {
    append(bytes);
    std::string_view line;
    while (take(line))
      on_line(line);
    discard_taken();
  }

  /// The stream has ended: a last line without "\n" is given as well.
  template <typename OnLine>
  void finish(const OnLine& on_line) {
    if (!text_.empty()) on_line(std::string_view(text_));
    text_.clear();
    scanned_ = 0;
  }

  bool has_partial_line() const { return !text_.empty(); }

 private:
  void append(std::string_view bytes);
  bool take(std::string_view& line);
  void discard_taken();

  std::size_t limit_;
  std::string text_;
  std::size_t taken_ = 0;    // start of what was not given yet
  std::size_t scanned_ = 0;  // no "\n" between taken_ and here
};

}  // namespace cfy::process
