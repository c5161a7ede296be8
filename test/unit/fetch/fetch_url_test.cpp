#include "fetch/fetch_url.hpp"

#include <chrono>
#include <csignal>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using cfy::base::ErrorKind;
using cfy::fetch::fetch_url;

namespace {

// Takes connections, as its queue has room for them, and never says a word.
class SilentServer {
 public:
  SilentServer() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    REQUIRE(::bind(socket_, generic, size) == 0);
    REQUIRE(::listen(socket_, 8) == 0);
    REQUIRE(::getsockname(socket_, generic, &size) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~SilentServer() { ::close(socket_); }
  std::string url() const { return fmt::format("http://127.0.0.1:{}/a.yaml", port_); }

 private:
  int socket_;
  int port_ = 0;
};

}  // namespace

TEST_CASE("a URL that nobody answers is an error that names it", "[fetch]") {
  cfy::fetch::FetchOptions once;
  once.attempts = 1;
  const auto fetched = fetch_url("http://127.0.0.1:1/a.yaml", once);
  REQUIRE_FALSE(fetched.ok());
  CHECK(fetched.error().message().starts_with("cannot fetch 'http://127.0.0.1:1/a.yaml': "));
}

TEST_CASE("only network schemes are fetched", "[fetch]") {
  CHECK_FALSE(fetch_url("file:///etc/hostname").ok());
  CHECK_FALSE(fetch_url("nonsense://a").ok());
}

TEST_CASE("a server that says nothing is given up, and not asked again", "[fetch]") {
  const SilentServer server;
  cfy::fetch::FetchOptions options;
  options.silence_ms = 100;
  const auto fetched = fetch_url(server.url(), options);
  REQUIRE_FALSE(fetched.ok());
  CHECK(fetched.error().message() ==
        fmt::format("cannot fetch '{}': the server sends nothing for 0.1 s", server.url()));
}

TEST_CASE("all attempts together have an end", "[fetch]") {
  cfy::fetch::FetchOptions options;
  options.total_ms = 50;  // less than the wait before a second attempt
  const auto started = std::chrono::steady_clock::now();
  CHECK_FALSE(fetch_url("http://127.0.0.1:1/a.yaml", options).ok());
  CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(1));
  const SilentServer server;
  CHECK(
      fetch_url(server.url(), options).error().message().ends_with("it takes longer than 0.05 s"));
}

TEST_CASE("a signal that is blocked ends a download in order", "[fetch]") {
  const SilentServer server;
  sigset_t set, before;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, &before);
  pthread_kill(pthread_self(), SIGTERM);
  const auto fetched = fetch_url(server.url());
  int signal = 0;
  sigwait(&set, &signal);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  REQUIRE_FALSE(fetched.ok());
  CHECK(fetched.error().kind() == ErrorKind::cancelled);
}
