// One run of a script: the process, its output line by line, and ctx for as long as it lives.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ctx_host.hpp"
#include "process/exit_status.hpp"
#include "script_file.hpp"

namespace cfy::script {

struct ScriptEnd {
  process::ExitStatus status;
  /// The last lines of standard error (of standard output, where the script has both in one).
  std::vector<std::string> last_error_lines;
};

/// Blocks until the script has ended; children that it left in the background may hold its output
/// open and are not waited for. Lines go to host.log() at level info, with "<out> " or "<err> ".
/// Throws std::runtime_error when it cannot be started; BadSettings when its environment is larger
/// than the system allows.
ScriptEnd run_script(const ScriptFile& script, const ScriptSettings& settings, CtxHost& host);

}  // namespace cfy::script
