#include "fetch/fetch_url.hpp"

#include <chrono>
#include <memory>
#include <thread>

#include "fetch/curl_library.hpp"

namespace cfy::fetch {
namespace {

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

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

Attempt attempt_once(const CurlLibrary& curl, const std::string& url, const FetchOptions& options) {
  Attempt attempt;
  Download download{{}, options.max_bytes};
  const Handle handle(curl.easy_init(), curl.easy_cleanup);
  if (!handle) return {{}, "libcurl does not start"};
  curl.easy_setopt(handle.get(), CURLOPT_URL, url.c_str());
  curl.easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, options.schemes);
  curl.easy_setopt(handle.get(), CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl.easy_setopt(handle.get(), CURLOPT_FOLLOWLOCATION, 1L);
  curl.easy_setopt(handle.get(), CURLOPT_MAXREDIRS, 10L);
  curl.easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
  curl.easy_setopt(handle.get(), CURLOPT_TIMEOUT_MS, options.timeout_ms);
  curl.easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, append);
  curl.easy_setopt(handle.get(), CURLOPT_WRITEDATA, &download);
  if (!options.certificates.empty()) {
    curl_blob blob{};
    blob.data = const_cast<char*>(options.certificates.data());  // copied, the interface is C
    blob.len = options.certificates.size();
    blob.flags = CURL_BLOB_COPY;
    curl.easy_setopt(handle.get(), CURLOPT_CAINFO_BLOB, &blob);
  }
  const CURLcode code = curl.easy_perform(handle.get());
  if (code != CURLE_OK) {
    attempt.error = curl.easy_strerror(code);
    attempt.may_help = code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
                       code == CURLE_OPERATION_TIMEDOUT || code == CURLE_RECV_ERROR;
    return attempt;
  }
  long status = 0;
  curl.easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
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
  const auto curl = load_curl();
  if (!curl) return curl.error();
  for (int left = options.attempts;;) {
    Attempt attempt = attempt_once(**curl, url, options);
    if (attempt.error.empty()) return std::move(attempt.text);
    if (!attempt.may_help || --left <= 0)
      return base::make_error(attempt.is_answer ? base::ErrorKind::failed : base::ErrorKind::io,
                              "cannot fetch '{}': {}", url, attempt.error);
    std::this_thread::sleep_for(std::chrono::milliseconds(options.wait_ms));
  }
}

}  // namespace cfy::fetch
