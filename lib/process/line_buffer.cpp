// The cutting of line_buffer.hpp.
#include "process/line_buffer.hpp"

#include <utility>

namespace cfy::process {
namespace {

// Where to cut `text` at or a little before `limit`: behind a blank where there is one, and so that
// no UTF-8 character is split.
std::size_t cut_position(std::string_view text, std::size_t limit) {
  const std::size_t longest_word = limit / 16;
  const std::size_t blank = text.rfind(' ', limit - 1);
  if (blank != std::string_view::npos && limit - blank <= longest_word) return blank + 1;
  constexpr std::size_t kLongestCharacter = 4;
  std::size_t cut = limit;
  const auto continues = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  while (cut > 0 && limit - cut < kLongestCharacter && continues(cut))
    --cut;
  return cut > 0 && limit - cut < kLongestCharacter ? cut : limit;
}

}  // namespace

void LineBuffer::append(std::string_view bytes) {
  text_.append(bytes);
}

bool LineBuffer::take(std::string_view& line, LinePart& part) {
  const std::size_t end = text_.find('\n', scanned_);
  const std::string_view rest = std::string_view(text_).substr(taken_);
  const std::size_t length = end == std::string::npos ? rest.size() : end - taken_;
  if (length > limit_) {
    line = rest.substr(0, cut_position(rest, limit_));
    part = LinePart::piece;
    is_in_pieces_ = true;
    taken_ += line.size();
    scanned_ = taken_;
    return true;
  }
  if (end == std::string::npos) {
    scanned_ = text_.size();
    return false;
  }
  line = rest.substr(0, length);
  part = std::exchange(is_in_pieces_, false) ? LinePart::last : LinePart::whole;
  taken_ = end + 1;
  scanned_ = taken_;
  return true;
}

void LineBuffer::discard_taken() {
  text_.erase(0, taken_);
  scanned_ -= taken_;
  taken_ = 0;
}

}  // namespace cfy::process
