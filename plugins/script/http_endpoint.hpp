// HttpEndpoint: a small HTTP server on the loopback that takes POSTs at one path that nobody can
// guess. Knows nothing of what the bodies mean.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "process/loop.hpp"

namespace cfy::script {

/// On the loop's thread. Connections still open when it is destroyed are closed.
class HttpEndpoint {
 public:
  /// Makes the answer's body (JSON) of a request's body.
  using Handler = std::function<std::string(const std::string& body)>;

  /// Errors: io.
  static base::Result<std::unique_ptr<HttpEndpoint>> make(process::Loop& loop, Handler handler);
  ~HttpEndpoint();
  HttpEndpoint(const HttpEndpoint&) = delete;
  HttpEndpoint& operator=(const HttpEndpoint&) = delete;

  /// "http://127.0.0.1:PORT/RANDOM"
  const std::string& url() const { return url_; }

 private:
  struct Connection {
    process::UniqueFd socket;
    process::WatchId watch = process::WatchId::none;
    std::string incoming, outgoing;
    bool asked_to_continue = false, answered = false;
  };
  struct Request {
    std::string method, path;
    bool expects_continue = false;
    std::size_t head_size = 0, body_size = 0;
  };

  HttpEndpoint(process::Loop& loop, Handler handler, process::UniqueFd listener, std::string path,
               std::string url);
  void on_connect();
  void on_ready(std::uint64_t id, std::uint32_t events);
  bool read_more(Connection& connection);
  void look_at_request(Connection& connection);
  void handle(Connection& connection, const Request& request);
  void respond(Connection& connection, int status, const std::string& body);
  bool write_more(Connection& connection);
  void close(std::uint64_t id);

  process::Loop& loop_;
  Handler handler_;
  process::UniqueFd listener_;
  process::WatchId listen_watch_;
  std::string path_, url_;
  std::uint64_t last_id_ = 0;
  std::map<std::uint64_t, Connection> connections_;
};

}  // namespace cfy::script
