// One request per connection, and as much of HTTP as ctx, curl and Python's urllib speak.
#include "http_endpoint.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <optional>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cfy::script {
namespace {

constexpr std::size_t kLongestHead = 64 * 1024;
constexpr std::size_t kLongestBody = std::size_t{256} << 20U;
constexpr std::size_t kMostConnections = 512;

// 128 random bits: who does not have it from the environment does not find it.
std::string make_secret() {
  std::array<unsigned char, 16> bytes{};
  CFY_ASSERT(::getrandom(bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
  std::string text;
  for (const unsigned char byte : bytes)
    text += fmt::format("{:02x}", byte);
  return text;
}

base::Result<process::UniqueFd> listen_on_loopback() {
  process::UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return base::errno_error(errno, "making a socket for ctx");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  // The socket interface wants the base type of all addresses.
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(fd.get(), SOMAXCONN) != 0)
    return base::errno_error(errno, "listening on the loopback for ctx");
  return fd;
}

int port_of(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return ::ntohs(address.sin_port);
}

bool equals_ignoring_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

const char* reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 413:
      return "Payload Too Large";
    default:
      return "Bad Request";
  }
}

}  // namespace

base::Result<std::unique_ptr<HttpEndpoint>> HttpEndpoint::make(process::Loop& loop,
                                                               Handler handler) {
  auto listener = listen_on_loopback();
  if (!listener) return std::move(listener).error();
  const std::string path = "/" + make_secret();
  const std::string url = fmt::format("http://127.0.0.1:{}{}", port_of(listener->get()), path);
  return std::unique_ptr<HttpEndpoint>(
      new HttpEndpoint(loop, std::move(handler), std::move(*listener), path, url));
}

HttpEndpoint::HttpEndpoint(process::Loop& loop, Handler handler, process::UniqueFd listener,
                           std::string path, std::string url)
    : loop_(loop),
      handler_(std::move(handler)),
      listener_(std::move(listener)),
      listen_watch_(loop.watch(listener_.get(), EPOLLIN, [this](std::uint32_t) { on_connect(); })),
      path_(std::move(path)),
      url_(std::move(url)) {}

HttpEndpoint::~HttpEndpoint() {
  loop_.unwatch(listen_watch_);
  for (const auto& [id, connection] : connections_)
    loop_.unwatch(connection.watch);
}

void HttpEndpoint::on_connect() {
  process::UniqueFd socket(
      ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!socket) return;
  // Who opens so many and asks nothing loses the oldest.
  if (connections_.size() >= kMostConnections) close(connections_.begin()->first);
  const std::uint64_t id = ++last_id_;
  Connection& connection = connections_[id];
  connection.socket = std::move(socket);
  connection.watch = loop_.watch(connection.socket.get(), EPOLLIN,
                                 [this, id](std::uint32_t events) { on_ready(id, events); });
}

void HttpEndpoint::on_ready(std::uint64_t id, std::uint32_t events) {
  Connection& connection = connections_.at(id);
  bool open = true;
  if ((events & ~std::uint32_t{EPOLLOUT}) != 0 && !connection.answered)
    open = read_more(connection);
  else if (connection.answered && (events & EPOLLHUP) != 0)
    open = false;
  if (open) open = write_more(connection);
  if (!open) close(id);
}

bool HttpEndpoint::read_more(Connection& connection) {
  constexpr std::size_t kPiece = 64 * 1024;
  const std::size_t old_size = connection.incoming.size();
  connection.incoming.resize(old_size + kPiece);
  const ssize_t got =
      ::recv(connection.socket.get(), connection.incoming.data() + old_size, kPiece, 0);
  connection.incoming.resize(old_size + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
  if (got <= 0) return got < 0 && (errno == EAGAIN || errno == EINTR);
  look_at_request(connection);
  return true;
}

// Answers as soon as the request is whole, or is seen to be none.
void HttpEndpoint::look_at_request(Connection& connection) {
  const std::string_view text = connection.incoming;
  const std::size_t head_end = text.find("\r\n\r\n");
  if (head_end == std::string_view::npos) {
    if (text.size() > kLongestHead) respond(connection, 400, "");
    return;
  }
  std::string_view head = text.substr(0, head_end);
  const std::string_view first = head.substr(0, head.find("\r\n"));
  const std::size_t blank = first.find(' ');
  const std::size_t second_blank = first.rfind(' ');
  if (blank == std::string_view::npos || blank == second_blank ||
      first.substr(second_blank + 1, 5) != "HTTP/")
    return respond(connection, 400, "");

  Request request;
  request.method = first.substr(0, blank);
  request.path = first.substr(blank + 1, second_blank - blank - 1);
  request.head_size = head_end + 4;
  for (head.remove_prefix(first.size()); !head.empty();) {
    head.remove_prefix(2);
    const std::string_view line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(line.size());
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return respond(connection, 400, "");
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (equals_ignoring_case(line.substr(0, colon), "content-length")) {
      const auto [end, error] =
          std::from_chars(value.data(), value.data() + value.size(), request.body_size);
      if (error != std::errc() || end != value.data() + value.size())
        return respond(connection, 400, "");
    }
    if (equals_ignoring_case(line.substr(0, colon), "expect")) request.expects_continue = true;
  }
  handle(connection, request);
}

void HttpEndpoint::handle(Connection& connection, const Request& request) {
  if (request.path != path_) return respond(connection, 404, "");
  if (request.method != "POST") return respond(connection, 405, "");
  if (request.body_size > kLongestBody) return respond(connection, 413, "");
  if (connection.incoming.size() < request.head_size + request.body_size) {
    if (request.expects_continue && !connection.asked_to_continue)
      connection.outgoing += "HTTP/1.1 100 Continue\r\n\r\n";
    connection.asked_to_continue = true;
    return;
  }
  const std::string body = connection.incoming.substr(request.head_size, request.body_size);
  respond(connection, 200, handler_(body));
}

void HttpEndpoint::respond(Connection& connection, int status, const std::string& body) {
  connection.outgoing += fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n"
      "Connection: close\r\n\r\n",
      status, reason(status), body.size());
  connection.outgoing += body;
  connection.answered = true;
  connection.incoming.clear();
}

// False: all is said, the connection is over.
bool HttpEndpoint::write_more(Connection& connection) {
  std::string& text = connection.outgoing;
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t size =
        ::send(connection.socket.get(), text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno != EAGAIN) return false;
    if (size < 0) break;
    sent += static_cast<std::size_t>(size);
  }
  text.erase(0, sent);
  if (text.empty() && connection.answered) return false;
  loop_.change(connection.watch, text.empty() ? EPOLLIN : EPOLLIN | EPOLLOUT);
  return true;
}

void HttpEndpoint::close(std::uint64_t id) {
  const auto found = connections_.find(id);
  loop_.unwatch(found->second.watch);
  connections_.erase(found);
}

}  // namespace cfy::script
