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
  using OnLines = std::function<void(std::vector<std::string> lines)>;

  /// @param read_end  of the pipe that is this process's stdout and stderr
  static base::Result<std::unique_ptr<OutputCapture>> make(process::UniqueFd read_end);
  ~OutputCapture();

  /// From now on lines go here (on a thread of the capture).
  void begin(OnLines on_lines);
  /// Give what was written so far, a last line without its end included; later lines are dropped
  /// until the next begin().
  void end();

 private:
  OutputCapture(process::UniqueFd read_end, process::Pipe stop, process::Pipe copy);
  void run();
  void read_available();

  process::UniqueFd read_end_;
  process::Pipe stop_, copy_;
  std::mutex mutex_;
  process::LineBuffer lines_;  // under mutex_, like on_lines_ and every read
  OnLines on_lines_;
  std::thread thread_;
};

}  // namespace cfy::dispatch
