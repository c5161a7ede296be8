// CancelWatch: how a run hears that somebody wants it to stop: a signal (Ctrl-C) or another
// process. The truth about a cancel is the row in the store; the socket here only tells it
// sooner. Knows neither the store nor what a cancel means.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "process/fd.hpp"

namespace cfy::exec {

/// What the watch calls, on its own thread; it must not wait there for anything.
struct CancelCallbacks {
  std::function<void(int signal)> on_signal;  ///< SIGINT, SIGTERM or SIGHUP arrived
  std::function<void(int degree)> on_wake;    ///< somebody called wake_runner() with this
};

class CancelWatch {
 public:
  /// Ready for signals, which must be blocked in every thread by then (block_cancel_signals()).
  /// Nothing is heard before start().
  static base::Result<std::unique_ptr<CancelWatch>> open(CancelCallbacks callbacks);
  ~CancelWatch();
  CancelWatch(const CancelWatch&) = delete;
  CancelWatch& operator=(const CancelWatch&) = delete;

  /// Listen in `directory` (made when missing, 0700) under the execution's id. Errors: io; signals
  /// are heard all the same.
  base::Result<void> listen(const std::filesystem::path& directory, std::string_view execution_id);
  /// Errors: state (no thread is left).
  base::Result<void> start();

 private:
  explicit CancelWatch(CancelCallbacks callbacks) : callbacks_(std::move(callbacks)) {}
  void watch();

  std::filesystem::path socket_path_;
  CancelCallbacks callbacks_;
  process::UniqueFd socket_, signals_, stop_;
  std::thread thread_;
};

/// Block SIGINT, SIGTERM and SIGHUP in the calling thread and in those it starts from now on.
void block_cancel_signals();

/// End it with the next signal from now on, as if it had never been blocked.
void unblock_cancel_signals();

/// Tell the runner of the execution that a cancel of this degree (1 to 3) is asked for, and will be
/// in its row. No error when nobody listens: the row will be there, and a runner looks at it every
/// second anyway. Cost: one datagram.
void wake_runner(const std::filesystem::path& directory, std::string_view execution_id, int degree);

/// Remove what a runner of the execution that died has left there.
void forget_socket(const std::filesystem::path& directory, std::string_view execution_id);
/// The ids of executions that have something there.
std::vector<std::string> list_sockets(const std::filesystem::path& directory);

}  // namespace cfy::exec
