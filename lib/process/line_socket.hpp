// Lines over a stream socket, both ways: LineSocket on a loop (never blocks), LineChannel for a
// program with threads (blocks). Neither knows what a line means.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "process/fd.hpp"
#include "process/loop.hpp"

namespace cfy::process {

/// A longer line ends the connection: 256 MiB is more than any message and less than the memory.
inline constexpr std::size_t kLongestLine = std::size_t{256} << 20U;

/// All on the loop's thread. The callbacks may destroy the socket.
class LineSocket {
 public:
  struct Callbacks {
    std::function<void(std::string_view line)> on_line;
    /// The other side has closed, or the connection failed. Once; nothing comes after it.
    std::function<void()> on_close;
    /// Whether to wait with reading for a moment, as more comes than can be dealt with: the other
    /// side then waits with writing. Empty: never.
    std::function<bool()> is_congested = {};
  };

  LineSocket(Loop& loop, UniqueFd socket, Callbacks callbacks);
  ~LineSocket();
  LineSocket(const LineSocket&) = delete;
  LineSocket& operator=(const LineSocket&) = delete;

  /// Queue a line ("\n" is added). Lost without a word when the other side has gone: on_close
  /// tells.
  void send(std::string_view line);
  /// Give to on_line what has arrived so far, without waiting for the loop.
  void read_available();

 private:
  bool read_some();
  void flush();
  void pause();
  void watch_events();
  void fail();

  Loop& loop_;
  UniqueFd socket_;
  std::shared_ptr<const Callbacks> callbacks_;
  WatchId watch_;
  std::string incoming_, outgoing_;
  std::size_t scanned_ = 0;  // bytes of incoming_ without "\n"
  std::size_t sent_ = 0;     // bytes of outgoing_ that are gone
  bool closed_ = false;
  TimerId pause_ = TimerId::none;  // reading goes on then
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

/// One thread reads; any thread writes, a line at a time.
class LineChannel {
 public:
  explicit LineChannel(UniqueFd socket) : socket_(std::move(socket)) {}

  /// Blocks for the next line; nothing when the other side has gone.
  std::optional<std::string> read_line();
  /// Blocks while the other side is slow. False: it has gone, now and for ever.
  bool write_line(std::string_view line);
  bool is_broken() const { return broken_; }

 private:
  UniqueFd socket_;
  std::string incoming_;
  std::size_t scanned_ = 0;
  std::mutex write_mutex_;
  std::atomic<bool> broken_ = false;
};

}  // namespace cfy::process
