// Both kinds of line_socket.hpp. Reads go in large pieces, and the search for "\n" never starts
// again at the beginning: a line of many megabytes costs its length, not its square.
#include "process/line_socket.hpp"

#include <cerrno>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cfy::process {
namespace {

constexpr std::size_t kPiece = 64 * 1024;
constexpr std::chrono::milliseconds kReadingPause{2};

// Reads once into the end of `text`. 0: the other side has closed; -1: errno says why not.
ssize_t append_from(int fd, std::string& text) {
  const std::size_t old_size = text.size();
  text.resize(old_size + kPiece);
  const ssize_t got = ::recv(fd, text.data() + old_size, kPiece, 0);
  text.resize(old_size + static_cast<std::size_t>(got > 0 ? got : 0));
  return got;
}

}  // namespace

LineSocket::LineSocket(Loop& loop, UniqueFd socket, Callbacks callbacks)
    : loop_(loop),
      socket_(std::move(socket)),
      callbacks_(std::make_shared<Callbacks>(std::move(callbacks))) {
  set_nonblocking(socket_.get());
  watch_ = loop_.watch(socket_.get(), EPOLLIN, [this](std::uint32_t events) {
    const std::shared_ptr<bool> alive = alive_;
    if ((events & EPOLLOUT) != 0) flush();
    // One piece at a time: a worker that talks without end must not keep the others waiting.
    if (!*alive || (events & ~std::uint32_t{EPOLLOUT}) == 0) return;
    if (callbacks_->is_congested && callbacks_->is_congested()) return pause();
    read_some();
  });
}

LineSocket::~LineSocket() {
  *alive_ = false;
  loop_.unwatch(watch_);
  loop_.cancel_timer(pause_);
}

void LineSocket::pause() {
  if (pause_ != TimerId::none) return;
  pause_ = loop_.add_timer(kReadingPause, [this] {
    pause_ = TimerId::none;
    watch_events();
  });
  watch_events();
}

void LineSocket::watch_events() {
  const std::uint32_t in = pause_ == TimerId::none ? EPOLLIN : 0U;
  loop_.change(watch_, outgoing_.empty() ? in : in | EPOLLOUT);
}

void LineSocket::send(std::string_view line) {
  if (closed_) return;
  outgoing_.append(line).push_back('\n');
  flush();
}

void LineSocket::flush() {
  while (sent_ < outgoing_.size()) {
    const ssize_t sent =
        ::send(socket_.get(), outgoing_.data() + sent_, outgoing_.size() - sent_, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    // Broken: what the other side sent before it went is still read, so the reader reports it.
    if (sent < 0 && errno != EAGAIN) sent_ = outgoing_.size();
    if (sent < 0) break;
    sent_ += static_cast<std::size_t>(sent);
  }
  if (sent_ == outgoing_.size()) {
    outgoing_.clear();
    sent_ = 0;
  }
  watch_events();
}

void LineSocket::read_available() {
  const std::shared_ptr<bool> alive = alive_;
  while (*alive && !closed_ && read_some()) {
  }
}

// One read and the lines it completes. False: no more for now, or closed, or destroyed.
bool LineSocket::read_some() {
  const ssize_t got = append_from(socket_.get(), incoming_);
  if (got < 0 && errno == EINTR) return true;
  if (got < 0 && errno == EAGAIN) return false;
  // Kept alive here: a callback may destroy this object and so itself.
  const std::shared_ptr<bool> alive = alive_;
  const std::shared_ptr<const Callbacks> callbacks = callbacks_;
  std::size_t taken = 0;
  for (;;) {
    const std::size_t end = incoming_.find('\n', scanned_);
    if (end == std::string::npos) break;
    const std::string line = incoming_.substr(taken, end - taken);
    taken = scanned_ = end + 1;
    callbacks->on_line(line);
    if (!*alive) return false;
  }
  incoming_.erase(0, taken);
  scanned_ = incoming_.size();
  if (got > 0 && incoming_.size() <= kLongestLine) return true;
  fail();
  return false;
}

void LineSocket::fail() {
  closed_ = true;
  loop_.unwatch(watch_);
  const std::shared_ptr<const Callbacks> callbacks = callbacks_;
  callbacks->on_close();
}

std::optional<std::string> LineChannel::read_line() {
  for (;;) {
    const std::size_t end = incoming_.find('\n', scanned_);
    if (end != std::string::npos) {
      std::string line = incoming_.substr(0, end);
      incoming_.erase(0, end + 1);
      scanned_ = 0;
      return line;
    }
    scanned_ = incoming_.size();
    const ssize_t got = append_from(socket_.get(), incoming_);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || incoming_.size() > kLongestLine) return std::nullopt;
  }
}

bool LineChannel::write_line(std::string_view line) {
  std::string whole(line);
  whole.push_back('\n');
  const std::lock_guard lock(write_mutex_);
  std::string_view rest = whole;
  while (!rest.empty() && !broken_) {
    const ssize_t sent = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0)
      broken_ = true;
    else
      rest.remove_prefix(static_cast<std::size_t>(sent));
  }
  return !broken_;
}

}  // namespace cfy::process
