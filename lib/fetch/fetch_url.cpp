#include "fetch/fetch_url.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include "base/signals.hpp"
#include "fetch/curl_library.hpp"

namespace cfy::fetch {
namespace {

using Handle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

enum class Stop { none, silence, time, signal };

// What one attempt gave. `may_help` says whether another attempt could go better.
struct Attempt {
  std::string text;
  std::string error;
  bool may_help = false;
  base::ErrorKind kind = base::ErrorKind::io;
};

struct Download {
  std::string text;
  std::size_t max_bytes;
  milliseconds silence;
  Clock::time_point deadline;
  Clock::time_point heard = Clock::now();
  curl_off_t bytes = 0;
  Stop stop = Stop::none;
};

Stop find_stop(const Download& download) {
  const Clock::time_point now = Clock::now();
  if (base::is_stop_pending()) return Stop::signal;
  if (now >= download.deadline) return Stop::time;
  return now - download.heard >= download.silence ? Stop::silence : Stop::none;
}

// curl calls this about once a second, also while nothing comes, and ends when it says so.
int watch_progress(void* of, curl_off_t, curl_off_t received, curl_off_t, curl_off_t sent) {
  auto& download = *static_cast<Download*>(of);
  if (received + sent != download.bytes) {
    download.bytes = received + sent;
    download.heard = Clock::now();
  }
  download.stop = find_stop(download);
  return download.stop == Stop::none ? 0 : 1;
}

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* into) {
  auto& download = *static_cast<Download*>(into);
  if (download.text.size() + size * count > download.max_bytes) return 0;  // curl stops: an error
  download.text.append(bytes, size * count);
  return size * count;
}

std::string seconds(milliseconds time) {
  return fmt::format("{} s", static_cast<double>(time.count()) / 1000);
}

Attempt stopped(Stop stop, const FetchOptions& options) {
  if (stop == Stop::signal) return {{}, "interrupted", false, base::ErrorKind::cancelled};
  if (stop == Stop::silence)
    return {{}, "the server sends nothing for " + seconds(milliseconds(options.silence_ms))};
  return {{}, "it takes longer than " + seconds(milliseconds(options.total_ms))};
}

Attempt attempt_once(const CurlLibrary& curl, const std::string& url, const FetchOptions& options,
                     Clock::time_point deadline) {
  Attempt attempt;
  Download download{{}, options.max_bytes, milliseconds(options.silence_ms), deadline};
  const Handle handle(curl.easy_init(), curl.easy_cleanup);
  if (!handle) return {{}, "libcurl does not start"};
  curl.easy_setopt(handle.get(), CURLOPT_URL, url.c_str());
  curl.easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, options.schemes);
  curl.easy_setopt(handle.get(), CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl.easy_setopt(handle.get(), CURLOPT_FOLLOWLOCATION, 1L);
  curl.easy_setopt(handle.get(), CURLOPT_MAXREDIRS, 10L);
  curl.easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
  curl.easy_setopt(handle.get(), CURLOPT_CONNECTTIMEOUT_MS, options.silence_ms);
  curl.easy_setopt(handle.get(), CURLOPT_NOPROGRESS, 0L);
  curl.easy_setopt(handle.get(), CURLOPT_XFERINFOFUNCTION, watch_progress);
  curl.easy_setopt(handle.get(), CURLOPT_XFERINFODATA, &download);
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
  if (download.stop != Stop::none) return stopped(download.stop, options);
  if (code == CURLE_OPERATION_TIMEDOUT) return stopped(Stop::silence, options);
  if (code != CURLE_OK) {
    attempt.error = curl.easy_strerror(code);
    attempt.may_help = code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
                       code == CURLE_RECV_ERROR;
    return attempt;
  }
  long status = 0;
  curl.easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status >= 400 || (options.needs_status_200 && status != 200)) {
    attempt.error = fmt::format("the server answers {}", status);
    attempt.may_help = status >= 500;
    attempt.kind = base::ErrorKind::failed;
  }
  attempt.text = std::move(download.text);
  return attempt;
}

// False: a signal came.
bool wait_unless_stopped(milliseconds time) {
  constexpr milliseconds kLook{100};
  for (const Clock::time_point end = Clock::now() + time; Clock::now() < end;) {
    if (base::is_stop_pending()) return false;
    std::this_thread::sleep_for(std::min(kLook, time));
  }
  return true;
}

}  // namespace

base::Result<std::string> fetch_url(const std::string& url, const FetchOptions& options) {
  const auto curl = load_curl();
  if (!curl) return curl.error();
  const Clock::time_point deadline = Clock::now() + milliseconds(options.total_ms);
  for (int left = options.attempts;;) {
    Attempt attempt = attempt_once(**curl, url, options, deadline);
    if (attempt.error.empty()) return std::move(attempt.text);
    const bool has_time = Clock::now() + milliseconds(options.wait_ms) < deadline;
    if (!attempt.may_help || --left <= 0 || !has_time)
      return base::make_error(attempt.kind, "cannot fetch '{}': {}", url, attempt.error);
    if (!wait_unless_stopped(milliseconds(options.wait_ms)))
      return base::make_error(base::ErrorKind::cancelled, "cannot fetch '{}': interrupted", url);
  }
}

}  // namespace cfy::fetch
