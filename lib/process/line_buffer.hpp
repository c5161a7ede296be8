// LineBuffer: cuts a stream of bytes into lines. No I/O, no encoding but for where to cut.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cfy::process {

/// What a text is of its line.
enum class LinePart {
  whole,
  piece,  ///< of a line longer than the limit; more of it follows
  last,   ///< the last piece of such a line
};

/// Nothing is lost: a line longer than the limit comes in pieces, cut between words where it can
/// be. Cost: linear in the bytes, however they arrive; memory: at most the limit and one feed.
class LineBuffer {
 public:
  explicit LineBuffer(std::size_t limit) : limit_(limit) {}

  /// Call `on_line(std::string_view, LinePart)` for each line that `bytes` complete, without its
  /// "\n".
  template <typename OnLine>
  void feed(std::string_view bytes, const OnLine& on_line) {
    append(bytes);
    std::string_view line;
    LinePart part{};
    while (take(line, part))
      on_line(line, part);
    discard_taken();
  }

  /// The stream has ended: a last line without "\n" is given as well.
  template <typename OnLine>
  void finish(const OnLine& on_line) {
    if (!text_.empty())
      on_line(std::string_view(text_), is_in_pieces_ ? LinePart::last : LinePart::whole);
    is_in_pieces_ = false;
    text_.clear();
    scanned_ = 0;
  }

 private:
  void append(std::string_view bytes);
  bool take(std::string_view& line, LinePart& part);
  void discard_taken();

  std::size_t limit_;
  std::string text_;
  std::size_t taken_ = 0;    // start of what was not given yet
  std::size_t scanned_ = 0;  // no "\n" between taken_ and here
  bool is_in_pieces_ = false;
};

}  // namespace cfy::process
