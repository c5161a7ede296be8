// A thread waits for the pipe; end() reads it as well, so that what an operation printed before it
// returned is delivered before its result.
#include "dispatch/output_capture.hpp"

#include <array>
#include <cstdio>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace cfy::dispatch {
namespace {

constexpr std::size_t kLongestLine = 64 * 1024;

}  // namespace

base::Result<std::unique_ptr<OutputCapture>> OutputCapture::make(process::UniqueFd read_end) {
  auto stop = process::make_pipe();
  if (!stop) return std::move(stop).error();
  auto copy = process::make_pipe();
  if (!copy) return std::move(copy).error();
  process::set_nonblocking(read_end.get());
  return std::unique_ptr<OutputCapture>(
      new OutputCapture(std::move(read_end), std::move(*stop), std::move(*copy)));
}

OutputCapture::OutputCapture(process::UniqueFd read_end, process::Pipe stop, process::Pipe copy)
    : read_end_(std::move(read_end)),
      stop_(std::move(stop)),
      copy_(std::move(copy)),
      lines_(kLongestLine),
      thread_([this] { run(); }) {}

OutputCapture::~OutputCapture() {
  stop_.write_end.reset();
  thread_.join();
}

void OutputCapture::begin(OnLines on_lines) {
  // Lines at once rather than when a buffer is full: people watch.
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  const std::lock_guard lock(mutex_);
  on_lines_ = std::move(on_lines);
}

void OutputCapture::end() {
  std::fflush(nullptr);
  const std::lock_guard lock(mutex_);
  read_available();
  std::vector<std::string> last;
  lines_.finish([&](std::string_view line) { last.emplace_back(line); });
  if (on_lines_ && !last.empty()) on_lines_(std::move(last));
  on_lines_ = nullptr;
}

void OutputCapture::run() {
  std::array<pollfd, 2> waited{{{read_end_.get(), POLLIN, 0}, {stop_.read_end.get(), POLLIN, 0}}};
  for (;;) {
    if (::poll(waited.data(), waited.size(), -1) < 0) continue;
    if (waited[1].revents != 0) return;
    if ((waited[0].revents & POLLIN) == 0) waited[0].fd = -1;  // no writer is left
    const std::lock_guard lock(mutex_);
    read_available();
  }
}

// The bytes are taken out of the pipe only after they were given: if the process dies in between,
// the runner finds its last words there. Some may then be told twice, which is better than never.
void OutputCapture::read_available() {
  std::array<char, 64 * 1024> piece;
  for (;;) {
    const ssize_t copied =
        ::tee(read_end_.get(), copy_.write_end.get(), piece.size(), SPLICE_F_NONBLOCK);
    if (copied <= 0) return;
    const ssize_t got =
        ::read(copy_.read_end.get(), piece.data(), static_cast<std::size_t>(copied));
    if (got <= 0) return;
    std::vector<std::string> complete;
    lines_.feed({piece.data(), static_cast<std::size_t>(got)},
                [&](std::string_view line) { complete.emplace_back(line); });
    if (on_lines_ && !complete.empty()) on_lines_(std::move(complete));
    if (::read(read_end_.get(), piece.data(), static_cast<std::size_t>(got)) != got) return;
  }
}

}  // namespace cfy::dispatch
