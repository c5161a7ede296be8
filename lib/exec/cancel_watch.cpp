#include "exec/cancel_watch.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/check.hpp"
#include "base/names.hpp"
#include "base/threads.hpp"

namespace cfy::exec {
namespace {

namespace fs = std::filesystem;

// A message can be lost (a full queue, a socket file that somebody removed), so look now and then.
constexpr int kLookAnywayMs = 1000;

sigset_t cancel_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  return set;
}

std::string socket_name(std::string_view execution_id) {
  return base::to_path_part(execution_id) + ".sock";
}

// A unix socket's address has room for 107 bytes, a state folder may be deeper. So the folder is
// opened and named through /proc/self/fd.
class SocketAddress {
 public:
  SocketAddress(const fs::path& directory, std::string_view execution_id)
      : directory_(open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    address_.sun_family = AF_UNIX;
    const std::string name =
        fmt::format("/proc/self/fd/{}/{}", directory_, socket_name(execution_id));
    std::strncpy(address_.sun_path, name.c_str(), sizeof address_.sun_path - 1);
  }
  ~SocketAddress() {
    if (directory_ >= 0) close(directory_);
  }
  SocketAddress(const SocketAddress&) = delete;
  SocketAddress& operator=(const SocketAddress&) = delete;

  bool is_usable() const { return directory_ >= 0; }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  static socklen_t size() { return sizeof(sockaddr_un); }

 private:
  int directory_;
  sockaddr_un address_{};
};

}  // namespace

void block_cancel_signals() {
  const sigset_t set = cancel_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

base::Result<std::unique_ptr<CancelWatch>> CancelWatch::open(const fs::path& directory,
                                                             std::string_view execution_id,
                                                             CancelCallbacks callbacks) {
  std::error_code code;
  fs::create_directories(directory, code);
  if (code)
    return base::errno_error(code.value(), fmt::format("cannot make '{}'", directory.string()));
  chmod(directory.c_str(), S_IRWXU);

  std::unique_ptr<CancelWatch> watch(new CancelWatch);
  watch->socket_path_ = directory / socket_name(execution_id);
  watch->callbacks_ = std::move(callbacks);
  watch->socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const SocketAddress address(directory, execution_id);
  unlink(watch->socket_path_.c_str());
  if (watch->socket_ < 0 || !address.is_usable() ||
      bind(watch->socket_, address.get(), SocketAddress::size()) != 0)
    return base::errno_error(errno,
                             fmt::format("cannot listen on '{}'", watch->socket_path_.string()));
  const sigset_t set = cancel_signals();
  watch->signals_ = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  watch->stop_ = eventfd(0, EFD_CLOEXEC);
  if (watch->signals_ < 0 || watch->stop_ < 0)
    return base::errno_error(errno, "cannot watch for signals");
  auto thread = base::start_thread([raw = watch.get()] { raw->watch(); });
  if (!thread) return thread.error();
  watch->thread_ = *std::move(thread);
  return watch;
}

CancelWatch::~CancelWatch() {
  if (thread_.joinable()) {
    eventfd_write(stop_, 1);
    thread_.join();
  }
  for (const int fd : {socket_, signals_, stop_})
    if (fd >= 0) close(fd);
  unlink(socket_path_.c_str());
}

void CancelWatch::watch() {
  std::array<pollfd, 3> fds = {{{stop_, POLLIN, 0}, {signals_, POLLIN, 0}, {socket_, POLLIN, 0}}};
  for (;;) {
    const int ready = poll(fds.data(), fds.size(), kLookAnywayMs);
    if (ready < 0 && errno == EINTR) continue;
    CFY_ASSERT(ready >= 0);
    if (fds[0].revents != 0) return;
    signalfd_siginfo info{};
    while (read(signals_, &info, sizeof info) == static_cast<ssize_t>(sizeof info))
      callbacks_.on_signal(static_cast<int>(info.ssi_signo));
    char byte = 0;
    while (recv(socket_, &byte, 1, 0) >= 0) {
    }
    // After a datagram and after a quiet second alike: the row decides.
    if (ready == 0 || fds[2].revents != 0) callbacks_.on_wake();
  }
}

void wake_runner(const fs::path& directory, std::string_view execution_id) {
  const SocketAddress address(directory, execution_id);
  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd >= 0 && address.is_usable()) sendto(fd, "!", 1, 0, address.get(), SocketAddress::size());
  if (fd >= 0) close(fd);
}

}  // namespace cfy::exec
