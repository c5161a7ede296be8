// OutputReader: one of a script's output streams, as lines.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "process/line_buffer.hpp"
#include "process/loop.hpp"

namespace cfy::script {

/// Reads on the loop's thread, from the start on.
class OutputReader {
 public:
  /// All are called on the loop's thread; texts are valid UTF-8.
  struct Callbacks {
    /// Lines that came together.
    std::function<void(std::vector<std::string>)> on_lines;
    /// Of a line that is too long to be held.
    std::function<void(const std::string& piece, bool goes_on)> on_piece;
  };

  OutputReader(process::Loop& loop, process::UniqueFd fd, Callbacks callbacks);
  ~OutputReader();
  OutputReader(const OutputReader&) = delete;
  OutputReader& operator=(const OutputReader&) = delete;

  /// What is there now.
  void read_available();
  /// The same, and a last line without its end.
  void finish();

 private:
  bool read_piece();
  void add(std::string_view text, process::LinePart part);
  void give();

  process::Loop& loop_;
  process::UniqueFd fd_;
  Callbacks callbacks_;
  std::vector<std::string> collected_;  // of one piece
  process::LineBuffer lines_;
  process::WatchId watch_ = process::WatchId::none;
  bool got_some_ = false;
};

}  // namespace cfy::script
