// A thread waits for the pipe; end() reads it as well, so that what an operation printed before it
// returned is delivered before its result.
//
// Bytes are taken out of the pipe only after they were given, and a line without its end stays
// there: if the process dies, the runner finds its last words whole. Some may then be told twice,
// which is better than never.
#include "dispatch/output_capture.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/text.hpp"
#include "base/threads.hpp"

namespace cfy::dispatch {
namespace {

constexpr std::size_t kLongestLine = 64 * 1024;
// How much of a line stays in the pipe. Small writes fill it sooner than its 64 KiB say, a page
// each in the worst case, and a full pipe would block the operation.
constexpr std::size_t kLeftInPipe = 4096;

// Edge triggered: what is left in the pipe does not wake the thread again, what is added does.
base::Result<process::UniqueFd> make_epoll(int pipe, int stop) {
  process::UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return base::errno_error(errno, "capturing output");
  constexpr std::uint32_t kReadable = EPOLLIN, kMoreIsReadable = EPOLLIN | EPOLLET;
  for (const auto& [fd, events] : {std::pair(pipe, kMoreIsReadable), std::pair(stop, kReadable)}) {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event) != 0)
      return base::errno_error(errno, "capturing output");
  }
  return epoll;
}

}  // namespace

base::Result<std::unique_ptr<OutputCapture>> OutputCapture::make(process::UniqueFd read_end) {
  auto stop = process::make_pipe();
  if (!stop) return std::move(stop).error();
  auto copy = process::make_pipe();
  if (!copy) return std::move(copy).error();
  auto epoll = make_epoll(read_end.get(), stop->read_end.get());
  if (!epoll) return std::move(epoll).error();
  process::set_nonblocking(read_end.get());
  std::unique_ptr<OutputCapture> capture(new OutputCapture(std::move(read_end), std::move(*epoll),
                                                           std::move(*stop), std::move(*copy)));
  auto thread = base::start_thread([raw = capture.get()] { raw->run(); });
  if (!thread) return thread.error();
  capture->thread_ = *std::move(thread);
  return capture;
}

OutputCapture::OutputCapture(process::UniqueFd read_end, process::UniqueFd epoll,
                             process::Pipe stop, process::Pipe copy)
    : read_end_(std::move(read_end)),
      epoll_(std::move(epoll)),
      stop_(std::move(stop)),
      copy_(std::move(copy)),
      lines_(kLongestLine) {}

OutputCapture::~OutputCapture() {
  stop_.write_end.reset();
  if (thread_.joinable()) thread_.join();
}

void OutputCapture::begin(Callbacks callbacks) {
  // Lines at once rather than when a buffer is full: people watch.
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
  const std::lock_guard lock(mutex_);
  callbacks_ = std::move(callbacks);
}

void OutputCapture::end() {
  std::fflush(nullptr);
  const std::lock_guard lock(mutex_);
  read_available(/*takes_all=*/true);
  lines_.finish([this](std::string_view text, process::LinePart part) { add(text, part); });
  give();
  callbacks_ = {};
}

void OutputCapture::run() {
  for (;;) {
    epoll_event event{};
    if (::epoll_wait(epoll_.get(), &event, 1, -1) != 1) continue;
    if (event.data.fd == stop_.read_end.get()) return;
    const std::lock_guard lock(mutex_);
    read_available(/*takes_all=*/false);
  }
}

void OutputCapture::read_available(bool takes_all) {
  std::array<char, 64 * 1024> piece;
  for (;;) {
    const ssize_t copied =
        ::tee(read_end_.get(), copy_.write_end.get(), piece.size(), SPLICE_F_NONBLOCK);
    if (copied <= 0) return;
    const ssize_t got =
        ::read(copy_.read_end.get(), piece.data(), static_cast<std::size_t>(copied));
    if (got <= 0) return;
    const std::size_t taken = take({piece.data(), static_cast<std::size_t>(got)}, takes_all);
    if (taken == 0) return;
    const ssize_t removed = ::read(read_end_.get(), piece.data(), taken);
    if (removed != static_cast<ssize_t>(taken)) return;
  }
}

// Give the lines in `seen`, the beginning of what is in the pipe. Returns how much of it they are.
std::size_t OutputCapture::take(std::string_view seen, bool takes_all) {
  const std::size_t whole = seen.rfind('\n') + 1;  // 0: no line ends here
  const bool is_too_much = seen.size() - whole >= kLeftInPipe;
  const std::size_t taken = takes_all || is_too_much ? seen.size() : whole;
  lines_.feed(seen.substr(0, taken),
              [this](std::string_view text, process::LinePart part) { add(text, part); });
  give();
  return taken;
}

void OutputCapture::add(std::string_view text, process::LinePart part) {
  if (part == process::LinePart::whole) {
    collected_.push_back(base::to_valid_utf8(text));
    return;
  }
  give();
  if (callbacks_.on_piece)
    callbacks_.on_piece(base::to_valid_utf8(text), part == process::LinePart::piece);
}

void OutputCapture::give() {
  std::vector<std::string> lines = std::exchange(collected_, {});
  if (callbacks_.on_lines && !lines.empty()) callbacks_.on_lines(std::move(lines));
}

}  // namespace cfy::dispatch
