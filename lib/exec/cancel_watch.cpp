#include "exec/cancel_watch.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

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

constexpr std::string_view kEnding = ".sock";

sigset_t cancel_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGHUP);
  return set;
}

std::string socket_name(std::string_view execution_id) {
  return base::to_path_part(execution_id).append(kEnding);
}

// A unix socket's address has room for 107 bytes, a state folder may be deeper. So the folder is
// opened and named through /proc/self/fd.
class SocketAddress {
 public:
  SocketAddress(const fs::path& directory, std::string_view execution_id)
      : directory_(open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
    address_.sun_family = AF_UNIX;
    const std::string name =
        fmt::format("/proc/self/fd/{}/{}", directory_.get(), socket_name(execution_id));
    std::strncpy(address_.sun_path, name.c_str(), sizeof address_.sun_path - 1);
  }

  bool is_usable() const { return static_cast<bool>(directory_); }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  static socklen_t size() { return sizeof(sockaddr_un); }

 private:
  process::UniqueFd directory_;
  sockaddr_un address_{};
};

}  // namespace

void block_cancel_signals() {
  const sigset_t set = cancel_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void unblock_cancel_signals() {
  const sigset_t set = cancel_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

base::Result<std::unique_ptr<CancelWatch>> CancelWatch::open(CancelCallbacks callbacks) {
  std::unique_ptr<CancelWatch> watch(new CancelWatch(std::move(callbacks)));
  const sigset_t set = cancel_signals();
  watch->signals_.reset(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!watch->signals_) return base::errno_error(errno, "cannot watch for signals");
  watch->stop_.reset(eventfd(0, EFD_CLOEXEC));
  if (!watch->stop_) return base::errno_error(errno, "cannot watch for signals");
  return watch;
}

base::Result<void> CancelWatch::listen(const fs::path& directory, std::string_view execution_id) {
  std::error_code code;
  fs::create_directories(directory, code);
  if (code)
    return base::errno_error(code.value(), fmt::format("cannot make '{}'", directory.string()));
  chmod(directory.c_str(), S_IRWXU);
  const fs::path path = directory / socket_name(execution_id);
  process::UniqueFd listening(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const SocketAddress address(directory, execution_id);
  unlink(path.c_str());
  if (!listening || !address.is_usable() ||
      bind(listening.get(), address.get(), SocketAddress::size()) != 0)
    return base::errno_error(errno, fmt::format("cannot listen on '{}'", path.string()));
  socket_ = std::move(listening);
  socket_path_ = path;
  return {};
}

base::Result<void> CancelWatch::start() {
  auto thread = base::start_thread([this] { watch(); });
  if (!thread) return thread.error();
  thread_ = *std::move(thread);
  return {};
}

CancelWatch::~CancelWatch() {
  if (thread_.joinable()) {
    eventfd_write(stop_.get(), 1);
    thread_.join();
  }
  if (!socket_path_.empty()) unlink(socket_path_.c_str());
}

void CancelWatch::watch() {
  // poll() passes over a descriptor that is not there.
  std::array<pollfd, 3> fds = {
      {{stop_.get(), POLLIN, 0}, {signals_.get(), POLLIN, 0}, {socket_.get(), POLLIN, 0}}};
  for (;;) {
    const int ready = poll(fds.data(), fds.size(), -1);
    if (ready < 0 && errno == EINTR) continue;
    CFY_ASSERT(ready >= 0);
    if (fds[0].revents != 0) return;
    signalfd_siginfo info{};
    while (read(signals_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info))
      callbacks_.on_signal(static_cast<int>(info.ssi_signo));
    char degree = 0;
    while (socket_ && recv(socket_.get(), &degree, 1, 0) > 0)
      callbacks_.on_wake(degree - '0');
  }
}

void wake_runner(const fs::path& directory, std::string_view execution_id, int degree) {
  const SocketAddress address(directory, execution_id);
  const process::UniqueFd sender(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const char message = static_cast<char>('0' + degree);
  if (sender && address.is_usable())
    sendto(sender.get(), &message, 1, 0, address.get(), SocketAddress::size());
}

void forget_socket(const fs::path& directory, std::string_view execution_id) {
  unlink((directory / socket_name(execution_id)).c_str());
}

std::vector<std::string> list_sockets(const fs::path& directory) {
  std::vector<std::string> ids;
  std::error_code code;
  for (fs::directory_iterator item(directory, code), end; !code && item != end;
       item.increment(code))
    if (item->path().extension() == kEnding) ids.push_back(item->path().stem().string());
  return ids;
}

}  // namespace cfy::exec
