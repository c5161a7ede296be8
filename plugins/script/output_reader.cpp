#include "output_reader.hpp"

#include <array>
#include <cerrno>
#include <utility>

#include <sys/epoll.h>
#include <unistd.h>

#include "base/text.hpp"

namespace cfy::script {
namespace {

constexpr std::size_t kLongestLine = 64 * 1024;

}  // namespace

OutputReader::OutputReader(process::Loop& loop, process::UniqueFd fd, Callbacks callbacks)
    : loop_(loop), fd_(std::move(fd)), callbacks_(std::move(callbacks)), lines_(kLongestLine) {
  process::set_nonblocking(fd_.get());
  watch_ = loop_.watch(fd_.get(), EPOLLIN, [this](std::uint32_t) {
    if (!read_piece()) loop_.unwatch(watch_);
  });
}

OutputReader::~OutputReader() {
  loop_.unwatch(watch_);
}

void OutputReader::read_available() {
  // A child in the background may write faster than we read: only what fits a pipe can have been
  // there.
  constexpr int kMostPieces = 32;
  for (int pieces = 0; pieces < kMostPieces && read_piece() && got_some_; ++pieces) {
  }
}

void OutputReader::finish() {
  read_available();
  lines_.finish([this](std::string_view text, process::LinePart part) { add(text, part); });
  give();
}

// False: the stream has ended.
bool OutputReader::read_piece() {
  std::array<char, 64 * 1024> piece;
  const ssize_t got = ::read(fd_.get(), piece.data(), piece.size());
  got_some_ = got > 0;
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  lines_.feed({piece.data(), static_cast<std::size_t>(got)},
              [this](std::string_view text, process::LinePart part) { add(text, part); });
  give();
  return got > 0;
}

void OutputReader::add(std::string_view text, process::LinePart part) {
  const bool goes_on = part == process::LinePart::piece;
  if (!goes_on && !text.empty() && text.back() == '\r') text.remove_suffix(1);
  if (part == process::LinePart::whole) {
    collected_.push_back(base::to_valid_utf8(text));
    return;
  }
  give();
  callbacks_.on_piece(base::to_valid_utf8(text), goes_on);
}

void OutputReader::give() {
  if (!collected_.empty()) callbacks_.on_lines(std::exchange(collected_, {}));
}

}  // namespace cfy::script
