#include "dsl/fetch_url.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <thread>

#include <curl/curl.h>

#include "yaml/load.hpp"

namespace cfy::dsl {
namespace {

struct CloseCurl {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
using Curl = std::unique_ptr<CURL, CloseCurl>;

// What one attempt gave. `may_help` says whether another attempt could go better.
struct Attempt {
  std::string text;
  std::string error;
  bool may_help = false;
};

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* into) {
  auto& text = *static_cast<std::string*>(into);
  if (text.size() + size * count > yaml::kMaxFileBytes) return 0;  // curl stops with an error
  text.append(bytes, size * count);
  return size * count;
}

Attempt attempt_once(const std::string& url, long timeout_ms) {
  Attempt attempt;
  const Curl curl(curl_easy_init());
  if (!curl) return {{}, "libcurl does not start", false};
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https,ftp");
  curl_easy_setopt(curl.get(), CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_MAXREDIRS, 10L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, timeout_ms);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &attempt.text);
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) {
    attempt.error = curl_easy_strerror(code);
    attempt.may_help = code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
                       code == CURLE_OPERATION_TIMEDOUT || code == CURLE_RECV_ERROR;
    return attempt;
  }
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status >= 400) {
    attempt.error = fmt::format("the server answers {}", status);
    attempt.may_help = status >= 500;
  }
  return attempt;
}

}  // namespace

base::Result<std::string> fetch_url(const std::string& url, const FetchOptions& options) {
  static std::once_flag started;
  std::call_once(started, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  for (int left = options.attempts;;) {
    Attempt attempt = attempt_once(url, options.timeout_ms);
    if (attempt.error.empty()) return std::move(attempt.text);
    if (!attempt.may_help || --left <= 0)
      return base::make_error(base::ErrorKind::io, "cannot fetch '{}': {}", url, attempt.error);
    std::this_thread::sleep_for(std::chrono::milliseconds(options.wait_ms));
  }
}

}  // namespace cfy::dsl
