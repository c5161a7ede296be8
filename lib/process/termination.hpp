// Termination: ends process groups for good: SIGTERM first, SIGKILL to what is left after a grace
// time. Knows no protocol and does not reap: children are their owners'.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <vector>

#include <sys/types.h>

#include "process/loop.hpp"

namespace cfy::process {

/// Works on the loop's thread. Destroying it earlier stops it where it is.
class Termination {
 public:
  /// Starts at once.
  ///
  /// @param groups   ids of process groups; such as are gone already do no harm
  /// @param on_done  called once, never from the constructor, when no process of the groups runs
  ///                 any more (or when even SIGKILL does not help one, a while after it)
  Termination(Loop& loop, std::vector<pid_t> groups, std::chrono::milliseconds grace,
              std::function<void()> on_done);
  ~Termination();
  Termination(const Termination&) = delete;
  Termination& operator=(const Termination&) = delete;

 private:
  void signal_groups(int signal);
  void look_again();
  void watch(pid_t pid);
  void on_exit(int pidfd);
  void on_grace_over();
  void finish();

  Loop& loop_;
  std::vector<pid_t> groups_;
  std::function<void()> on_done_;
  bool killing_ = false;
  TimerId timer_ = TimerId::none;  // next step: the look, the SIGKILL, giving up
  TimerId first_look_ = TimerId::none;
  std::map<int, std::pair<UniqueFd, WatchId>> watched_;  // by pidfd
};

}  // namespace cfy::process
