// Io: everything a command touches outside its arguments, so that tests can run it directly.
#pragma once

#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "ui/printable.hpp"

namespace cfy::app {

/// Exit codes of the program (README.md).
enum ExitCode : int {
  kDone = 0,
  kWorkflowFailed = 1,
  kUsage = 2,
  kInvalid = 3,
  kPluginError = 4,
  kStateError = 5,
  kCancelled = 130,
};

struct Io {
  std::FILE* out = stdout;
  std::FILE* err = stderr;
  const base::Clock* clock = &base::system_clock();
  std::filesystem::path state_dir;  ///< --state-dir, $CFY_RUN_HOME, $XDG_STATE_HOME or the default
  std::filesystem::path program;    ///< this program's own file, to start workers
  std::string color = "auto";       ///< auto, always, never
  /// The environment's CFY_SECRET_*, without the prefix.
  std::map<std::string, std::string, std::less<>> secrets;
  int verbosity = 0;            ///< -1 with -q, grows with each -v
  bool is_output_lost = false;  ///< something that was written past `out` was refused
};

/// Write to one of the streams, byte by byte. Unlike fmt::print it does not throw when nobody reads
/// any more; what could not be written shows at the end of the program (run_program).
inline void write(std::FILE* out, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), out);
}

/// The same for people: names and texts in it may come from anywhere, so what a terminal would obey
/// is shown instead.
template <typename... Args>
void say(std::FILE* out, fmt::format_string<Args...> format, Args&&... args) {
  write(out, ui::escape_controls(fmt::format(format, std::forward<Args>(args)...)));
}

}  // namespace cfy::app
