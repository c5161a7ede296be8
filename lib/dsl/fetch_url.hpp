// fetch_url: the text behind an http, https or ftp URL, for imports. The only user of libcurl here.
#pragma once

#include <string>

#include "base/error.hpp"

namespace cfy::dsl {

struct FetchOptions {
  int attempts = 5;          ///< on connection errors and answers 5xx
  int wait_ms = 1'000;       ///< between two attempts
  long timeout_ms = 10'000;  ///< of one attempt
};

/// Blocks for at most attempts * (timeout + wait). Redirects are followed. Errors: io (no
/// connection, an answer but 2xx, a text beyond yaml::kMaxFileBytes), told with the URL.
/// Safe from any thread once curl_global_init() has run, which the first call does.
base::Result<std::string> fetch_url(const std::string& url, const FetchOptions& options = {});

}  // namespace cfy::dsl
