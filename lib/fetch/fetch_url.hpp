// fetch_url: the text behind a URL, for imports and for scripts. The only user of libcurl.
#pragma once

#include <cstddef>
#include <string>

#include "base/error.hpp"

namespace cfy::fetch {

struct FetchOptions {
  int attempts = 5;            ///< on connection errors and answers 5xx
  long wait_ms = 1'000;        ///< between two attempts
  long silence_ms = 30'000;    ///< without a single byte: given up, and not tried again
  long total_ms = 5 * 60'000;  ///< all attempts together
  std::size_t max_bytes = std::size_t{64} << 20U;
  const char* schemes = "http,https,ftp";
  bool needs_status_200 = false;  ///< else any answer below 400 will do
  std::string certificates = {};  ///< PEM; trusted instead of the system's, if not empty
};

/// Blocks for at most total_ms. Redirects are followed. Errors, told with the URL: io (no
/// connection, silence, no time left, a scheme that is not wanted, a text beyond max_bytes), failed
/// (the server answered something else), cancelled (SIGINT, SIGTERM or SIGHUP is pending: who
/// blocks them to end in order is asked to). Safe from any thread.
base::Result<std::string> fetch_url(const std::string& url, const FetchOptions& options = {});

}  // namespace cfy::fetch
