// Screen: what a run shows, written by a thread of its own behind a bounded queue. Whoever reads
// may be slow, stopped or gone: the run never waits for it. Knows no event and no store.
#pragma once

#include <condition_variable>
#include <cstdio>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/error.hpp"

namespace cfy::ui {

/// Any thread may call it.
class Screen {
 public:
  /// Makes the text that is written. Called on the screen's thread.
  using MakeText = std::function<std::string()>;

  struct Options {
    std::size_t max_waiting_bytes = std::size_t{64} << 20U;  ///< what comes then is left out
    /// What is said, on the error stream, where texts were left out.
    std::function<std::string(std::size_t left_out)> describe_left_out;
  };

  /// The streams are the caller's; nobody else writes to them until finish() or the end.
  /// Errors: io (no thread or descriptor is left).
  static base::Result<std::unique_ptr<Screen>> open(std::FILE* out, std::FILE* err,
                                                    Options options);
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  /// To the output stream, unless too much waits: then it is left out, and that is told.
  /// @param bytes  what it takes while it waits
  void show(MakeText make_text, std::size_t bytes);
  /// To a stream, in its place in the queue; never left out for want of room.
  void say(std::FILE* stream, std::string text);

  struct Outcome {
    bool is_stuck = false;        ///< a write hangs: the process cannot end but by _exit
    bool has_left_out = false;    ///< what waited is dropped, which may take a while to free
    bool is_output_lost = false;  ///< the output stream took no more (a full disk), other than
                                  ///< for a reader that had enough
  };
  /// Write what waits and end. Nothing may be shown afterwards.
  ///
  /// @param waits  as long as it takes to be read. Else for 10 ms: then the rest is left out, and
  /// that
  ///               is told
  Outcome finish(bool waits);

 private:
  struct Text {
    std::FILE* stream = nullptr;
    MakeText make;
    std::size_t bytes = 0;  // 0: it is not left out for want of room
  };
  class Stream;

  Screen(std::FILE* out, std::FILE* err, Options options);
  void run();
  bool write_one(Text text);
  void tell_left_out(std::size_t count);
  void write_rest();
  void interrupt();

  Options options_;
  std::unique_ptr<Stream> out_, err_;
  std::FILE* err_file_;
  int interrupt_ = -1;  // an eventfd: wakes whoever waits for a stream

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Text> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::size_t left_out_ = 0;  // since it was last told
  bool is_finishing_ = false, is_given_up_ = false, has_ended_ = false;
  std::thread thread_;
};

}  // namespace cfy::ui
