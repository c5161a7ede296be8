// CrashNotice: the last words of a run whose process is about to die of a signal such as SIGSEGV. A
// workflow's function runs in this process, and a plugin may do anything.
#pragma once

#include <string>

namespace cfy::app {

/// From now on, for the rest of the process: should it crash, the notice goes to standard error,
/// and then it dies of the signal as it would have.
/// @param execution_id  of the run; named in the notice, with what to do next
void arm_crash_notice(const std::string& execution_id, const std::string& workflow_id);

/// While it lives, a crash of this thread has a stack to tell of, also when it used up its own.
class CrashStack {
 public:
  CrashStack();
  ~CrashStack();
  CrashStack(const CrashStack&) = delete;
  CrashStack& operator=(const CrashStack&) = delete;

 private:
  std::string memory_;
};

}  // namespace cfy::app
