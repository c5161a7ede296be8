// CancelWatch: how a run hears that somebody wants it to stop: a signal (Ctrl-C) or another
// process. The truth about a cancel is the row in the store; the socket here only says "look now".
// Knows neither the store nor what a cancel means.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string_view>
#include <thread>

#include "base/error.hpp"

namespace cfy::exec {

/// What the watch calls, on its own thread.
struct CancelCallbacks {
  std::function<void(int signal)> on_signal;  ///< SIGINT, SIGTERM or SIGHUP arrived
  std::function<void()> on_wake;              ///< somebody called wake_runner(), or a second passed
};

class CancelWatch {
 public:
  /// Listen in `directory` (made when missing, 0700) under the execution's id. The signals must be
  /// blocked in every thread by then: block_cancel_signals().
  static base::Result<std::unique_ptr<CancelWatch>> open(const std::filesystem::path& directory,
                                                         std::string_view execution_id,
                                                         CancelCallbacks callbacks);
  ~CancelWatch();
  CancelWatch(const CancelWatch&) = delete;
  CancelWatch& operator=(const CancelWatch&) = delete;

 private:
  CancelWatch() = default;
  void watch();

  std::filesystem::path socket_path_;
  CancelCallbacks callbacks_;
  int socket_ = -1, signals_ = -1, stop_ = -1;
  std::thread thread_;
};

/// Block SIGINT, SIGTERM and SIGHUP in the calling thread and in those it starts from now on.
void block_cancel_signals();

/// Tell the runner of the execution to look at its row. No error when nobody listens: the row is
/// there and a runner looks at it every second anyway. Cost: one datagram.
void wake_runner(const std::filesystem::path& directory, std::string_view execution_id);

}  // namespace cfy::exec
