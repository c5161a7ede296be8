// One HTTP POST over plain TCP, with a deadline for the whole of it.
#pragma once

#include <string>

namespace cfy::ctx {

struct HttpAnswer {
  int status = 0;  ///< 0: none came, `error` says why
  std::string body;
  std::string error;
};

/// @param url  http://HOST:PORT/PATH
HttpAnswer post(const std::string& url, const std::string& body, double timeout_s);

}  // namespace cfy::ctx
