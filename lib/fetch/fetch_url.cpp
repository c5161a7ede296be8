#include "fetch/fetch_url.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <thread>

#include <curl/curl.h>

namespace cfy::fetch {
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
  bool is_answer = false;  // the error is the server's
};

struct Download {
  std::string text;
  std::size_t max_bytes;
};

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* into) {
  auto& download = *static_cast<Download*>(into);
  if (download.text.size() + size * count > download.max_bytes) return 0;  // curl stops: an error
  download.text.append(bytes, size * count);
  return size * count;
}

Attempt attempt_once(const std::string& url, const FetchOptions& options) {
  Attempt attempt;
  Download download{{}, options.max_bytes};
  const Curl curl(curl_easy_init());
  if (!curl) return {{}, "libcurl does not start"};
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, options.schemes);
  curl_easy_setopt(curl.get(), CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_MAXREDIRS, 10L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, options.timeout_ms);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &download);
  if (!options.certificates.empty()) {
    curl_blob blob{};
    blob.data = const_cast<char*>(options.certificates.data());  // copied, the interface is C
    blob.len = options.certificates.size();
    blob.flags = CURL_BLOB_COPY;
    curl_easy_setopt(curl.get(), CURLOPT_CAINFO_BLOB, &blob);
  }
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) {
    attempt.error = curl_easy_strerror(code);
    attempt.may_help = code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
                       code == CURLE_OPERATION_TIMEDOUT || code == CURLE_RECV_ERROR;
    return attempt;
  }
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status >= 400 || (options.needs_status_200 && status != 200)) {
    attempt.error = fmt::format("the server answers {}", status);
    attempt.may_help = status >= 500;
    attempt.is_answer = true;
  }
  attempt.text = std::move(download.text);
  return attempt;
}

}  // namespace

base::Result<std::string> fetch_url(const std::string& url, const FetchOptions& options) {
  static std::once_flag started;
  std::call_once(started, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  for (int left = options.attempts;;) {
    Attempt attempt = attempt_once(url, options);
    if (attempt.error.empty()) return std::move(attempt.text);
    if (!attempt.may_help || --left <= 0)
      return base::make_error(attempt.is_answer ? base::ErrorKind::failed : base::ErrorKind::io,
                              "cannot fetch '{}': {}", url, attempt.error);
    std::this_thread::sleep_for(std::chrono::milliseconds(options.wait_ms));
  }
}

}  // namespace cfy::fetch
