// The socket does not block; each step waits in poll() for what is left of the time.
#include "http_client.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <stdexcept>

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cfy::ctx {
namespace {

using Deadline = std::chrono::steady_clock::time_point;

struct Url {
  std::string host, port = "80", path = "/";
};

std::optional<Url> parse_url(const std::string& text) {
  const std::string scheme = "http://";
  if (text.compare(0, scheme.size(), scheme) != 0) return std::nullopt;
  Url url;
  const std::string rest = text.substr(scheme.size());
  const std::size_t slash = rest.find('/');
  std::string authority = rest.substr(0, slash);
  if (slash != std::string::npos) url.path = rest.substr(slash);
  const std::size_t colon = authority.rfind(':');
  if (colon != std::string::npos && authority.find(']', colon) == std::string::npos) {
    url.port = authority.substr(colon + 1);
    authority.resize(colon);
  }
  if (authority.size() > 2 && authority.front() == '[')
    authority = authority.substr(1, authority.size() - 2);
  url.host = authority;
  return url.host.empty() ? std::nullopt : std::optional(url);
}

class Connection {
 public:
  explicit Connection(Deadline deadline) : deadline_(deadline) {}
  ~Connection() {
    if (fd_ >= 0) ::close(fd_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void connect(const Url& url) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(url.host.c_str(), url.port.c_str(), &hints, &found);
    if (error != 0) throw std::runtime_error(::gai_strerror(error));
    int last_error = ECONNREFUSED;
    for (const addrinfo* one = found; one != nullptr; one = one->ai_next)
      if ((last_error = try_connect(*one)) == 0) break;
    ::freeaddrinfo(found);
    if (last_error != 0) throw std::runtime_error(std::strerror(last_error));
  }

  void send(const std::string& text) {
    std::size_t sent = 0;
    while (sent < text.size()) {
      const ssize_t size = ::send(fd_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
      if (size >= 0)
        sent += static_cast<std::size_t>(size);
      else
        wait_or_throw(POLLOUT);
    }
  }

  std::string receive_all() {
    std::string text;
    char piece[16 * 1024];
    for (;;) {
      const ssize_t size = ::recv(fd_, piece, sizeof piece, 0);
      if (size == 0) return text;
      if (size > 0)
        text.append(piece, static_cast<std::size_t>(size));
      else
        wait_or_throw(POLLIN);
    }
  }

 private:
  int try_connect(const addrinfo& address) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd_ < 0) return errno;
    if (::connect(fd_, address.ai_addr, address.ai_addrlen) == 0) return 0;
    if (errno != EINPROGRESS) return errno;
    wait(POLLOUT);
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
  }

  void wait_or_throw(short events) {
    if (errno == EINTR) return;
    if (errno != EAGAIN) throw std::runtime_error(std::strerror(errno));
    wait(events);
  }

  void wait(short events) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline_ - std::chrono::steady_clock::now());
    pollfd waited{fd_, events, 0};
    if (left.count() <= 0 || ::poll(&waited, 1, static_cast<int>(left.count())) == 0)
      throw std::runtime_error("no answer in time");
  }

  Deadline deadline_;
  int fd_ = -1;
};

HttpAnswer parse_answer(const std::string& text) {
  const std::size_t head_end = text.find("\r\n\r\n");
  if (text.compare(0, 7, "HTTP/1.") != 0 || head_end == std::string::npos || text.size() < 12)
    throw std::runtime_error("the answer is not HTTP");
  return {std::atoi(text.c_str() + 9), text.substr(head_end + 4), ""};
}

}  // namespace

HttpAnswer post(const std::string& url_text, const std::string& body, double timeout_s) {
  const std::optional<Url> url = parse_url(url_text);
  if (!url) return {0, "", "'" + url_text + "' is no http:// address"};
  const auto timeout = std::chrono::duration<double>(timeout_s < 1e6 ? timeout_s : 1e6);
  Connection connection(std::chrono::steady_clock::now() +
                        std::chrono::duration_cast<std::chrono::milliseconds>(timeout));
  try {
    connection.connect(*url);
    connection.send("POST " + url->path + " HTTP/1.1\r\nHost: " + url->host + ":" + url->port +
                    "\r\nContent-Type: application/json\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body);
    return parse_answer(connection.receive_all());
  } catch (const std::runtime_error& error) {
    return {0, "", error.what()};
  }
}

}  // namespace cfy::ctx
