// A descriptor is asked by poll() before each piece is written, so that the thread waits there,
// where it can be interrupted, and not in write(): making it non-blocking would change it for all
// who share it.
#include "ui/screen.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/threads.hpp"

namespace cfy::ui {
namespace {

// A pipe that poll() calls writable takes so much at once.
constexpr std::size_t kPiece = 4096;

using std::chrono::milliseconds;

constexpr milliseconds kPatience{10};

// How long a thread that was told to give up may take before its write counts as stuck.
constexpr milliseconds kFarewell{20};

}  // namespace

// One of the two streams. The screen's thread alone writes.
class Screen::Stream {
 public:
  explicit Stream(std::FILE* file) : file_(file), fd_(::fileno(file)) {
    std::fflush(file);
    struct stat status {};
    if (fd_ < 0 || ::fstat(fd_, &status) != 0) return;
    is_regular_ = S_ISREG(status.st_mode);
    has_reader_ = S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode);
  }

  /// False: it was interrupted before all was written.
  bool write(std::string_view text, int interrupt) {
    if (is_closed_) return true;
    if (fd_ < 0) {  // in memory
      std::fwrite(text.data(), 1, text.size(), file_);
      std::fflush(file_);
      return true;
    }
    while (!text.empty()) {
      if (!is_regular_ && !wait_for_room(interrupt)) return false;
      const ssize_t size =
          ::write(fd_, text.data(), is_regular_ ? text.size() : std::min(text.size(), kPiece));
      if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (size < 0) {
        is_closed_ = true;
        is_lost_ = !(errno == EPIPE && has_reader_);
        return true;
      }
      text.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
  }

  /// It refused to take more, for another reason than that its reader had enough.
  bool is_lost() const { return is_lost_; }

 private:
  // After an interrupt only room that is there at once counts.
  bool wait_for_room(int interrupt) const {
    std::array<pollfd, 2> fds = {{{fd_, POLLOUT, 0}, {interrupt, POLLIN, 0}}};
    while (::poll(fds.data(), fds.size(), -1) < 0 && errno == EINTR) {
    }
    return fds[0].revents != 0;
  }

  std::FILE* file_;
  int fd_;
  bool is_regular_ = false, has_reader_ = false;
  bool is_closed_ = false, is_lost_ = false;
};

base::Result<std::unique_ptr<Screen>> Screen::open(std::FILE* out, std::FILE* err,
                                                   Options options) {
  std::unique_ptr<Screen> screen(new Screen(out, err, std::move(options)));
  screen->interrupt_ = ::eventfd(0, EFD_CLOEXEC);
  if (screen->interrupt_ < 0) return base::errno_error(errno, "preparing the output");
  auto thread = base::start_thread([raw = screen.get()] { raw->run(); });
  if (!thread) return thread.error();
  screen->thread_ = *std::move(thread);
  return screen;
}

Screen::Screen(std::FILE* out, std::FILE* err, Options options)
    : options_(std::move(options)),
      out_(std::make_unique<Stream>(out)),
      err_(std::make_unique<Stream>(err)),
      err_file_(err) {}

Screen::~Screen() {
  if (thread_.joinable()) finish(false);
  if (interrupt_ >= 0) ::close(interrupt_);
}

void Screen::show(MakeText make_text, std::size_t bytes) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_bytes_ + bytes > options_.max_waiting_bytes) {
      ++left_out_;
      return;
    }
    waiting_bytes_ += bytes;
    waiting_.push_back({nullptr, std::move(make_text), bytes});
    if (waiting_.size() > 1) return;  // the thread is awake
  }
  changed_.notify_all();
}

void Screen::say(std::FILE* stream, std::string text) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back({stream, [text = std::move(text)] { return text; }});
  }
  changed_.notify_all();
}

void Screen::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return !waiting_.empty() || is_finishing_ || is_given_up_; });
    if (is_given_up_ || waiting_.empty()) break;
    Text text = std::move(waiting_.front());
    waiting_.pop_front();
    waiting_bytes_ -= text.bytes;
    // What was left out stood behind all that waited then, which has been written now.
    const std::size_t left_out = waiting_.empty() ? std::exchange(left_out_, 0) : 0;
    lock.unlock();
    const bool is_written = write_one(std::move(text));
    if (left_out > 0) tell_left_out(left_out);
    lock.lock();
    if (!is_written) ++left_out_;
  }
  has_ended_ = true;
  changed_.notify_all();
}

bool Screen::write_one(Text text) {
  Stream& stream = text.stream == err_file_ ? *err_ : *out_;
  return stream.write(text.make(), interrupt_);
}

void Screen::tell_left_out(std::size_t count) {
  if (options_.describe_left_out) say(err_file_, options_.describe_left_out(count));
}

void Screen::interrupt() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto done = ::write(interrupt_, &one, sizeof one);
}

Screen::Outcome Screen::finish(bool waits) {
  std::unique_lock lock(mutex_);
  is_finishing_ = true;
  changed_.notify_all();
  const auto has_ended = [this] { return has_ended_; };
  if (waits)
    changed_.wait(lock, has_ended);
  else
    changed_.wait_for(lock, kPatience, has_ended);
  Outcome outcome;
  is_given_up_ = true;
  changed_.notify_all();
  interrupt();
  if (!changed_.wait_for(lock, kFarewell, has_ended)) {
    outcome.is_stuck = true;
    thread_.detach();
    return outcome;
  }
  lock.unlock();
  thread_.join();
  outcome.has_left_out = !waiting_.empty();
  write_rest();
  outcome.is_output_lost = out_->is_lost();
  return outcome;
}

// The necessary texts are short, and their stream may well be read.
void Screen::write_rest() {
  std::size_t left_out = left_out_;
  for (Text& text : waiting_) {
    if (text.bytes > 0)
      ++left_out;
    else
      write_one(std::move(text));
  }
  if (left_out > 0 && options_.describe_left_out)
    err_->write(options_.describe_left_out(left_out), interrupt_);
}

}  // namespace cfy::ui
