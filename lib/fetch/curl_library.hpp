// CurlLibrary: libcurl, loaded when the first URL is fetched. It brings thirty libraries along,
// which would be half of the time that a short command takes to start.
#pragma once

#include <curl/curl.h>

#include "base/error.hpp"

namespace cfy::fetch {

/// The functions of libcurl that we use, as its header declares them.
struct CurlLibrary {
  decltype(&curl_easy_init) easy_init;
  decltype(&curl_easy_setopt) easy_setopt;
  decltype(&curl_easy_perform) easy_perform;
  decltype(&curl_easy_getinfo) easy_getinfo;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_easy_cleanup) easy_cleanup;
};

/// Loads it at the first call; it stays for as long as the process. Any thread.
/// Errors: io, the library is not there.
base::Result<const CurlLibrary*> load_curl();

}  // namespace cfy::fetch
