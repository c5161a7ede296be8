// OutputCapture: what operations write to standard output and error, as lines. The descriptors are
// pipes, so that no printf of a plugin can reach the terminal or the protocol.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "process/fd.hpp"
#include "process/line_buffer.hpp"

namespace cfy::dispatch {

class OutputCapture {
 public:
  /// Called on a thread of the capture, one at a time; texts are valid UTF-8.
  struct Callbacks {
    /// Lines that came together.
    std::function<void(std::vector<std::string>)> on_lines;
    /// Of a line that is too long to be held.
    std::function<void(std::string piece, bool goes_on)> on_piece;
  };

  /// @param read_end  of the pipe that is this process's stdout and stderr
  static base::Result<std::unique_ptr<OutputCapture>> make(process::UniqueFd read_end);
  ~OutputCapture();

  /// From now on lines go here.
  void begin(Callbacks callbacks);
  /// Give what was written so far, a last line without its end included; later lines are dropped
  /// until the next begin().
  void end();

 private:
  OutputCapture(process::UniqueFd read_end, process::UniqueFd epoll, process::Pipe stop,
                process::Pipe copy);
  void run();
  void read_available(bool takes_all);
  std::size_t take(std::string_view seen, bool takes_all);
  void add(std::string_view text, process::LinePart part);
  void give();

  process::UniqueFd read_end_, epoll_;
  process::Pipe stop_, copy_;
  std::mutex mutex_;
  process::LineBuffer lines_;  // under mutex_, like what follows and every read
  std::vector<std::string> collected_;
  Callbacks callbacks_;
  std::thread thread_;
};

}  // namespace cfy::dispatch
