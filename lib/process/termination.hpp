// Termination: ends process groups for good: SIGTERM first, SIGKILL to what is left after a grace
// time. Knows no protocol and does not reap: children are their owners'.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <vector>

#include <sys/types.h>

#include "process/loop.hpp"
#include "process/process_scanner.hpp"

namespace cfy::process {

/// Works on the loop's thread. Destroying it earlier stops it where it is.
class Termination {
 public:
  /// The groups to end that are in the table. Asked again with each look, so that what is started
  /// meanwhile ends as well.
  using FindGroups = std::function<std::vector<pid_t>(const ProcessTable&)>;

  /// Starts with the scanner's next look.
  ///
  /// @param scanner  borrowed
  /// @param on_done  called once, never from the constructor, when no process of the groups runs
  ///                 any more (or when even SIGKILL does not help one, a while after it)
  Termination(Loop& loop, ProcessScanner& scanner, FindGroups find_groups,
              std::chrono::milliseconds grace, std::function<void()> on_done);
  ~Termination();
  Termination(const Termination&) = delete;
  Termination& operator=(const Termination&) = delete;

 private:
  void look_soon();
  void look(const ProcessTable& table);
  void signal_new(const std::vector<pid_t>& groups);
  void watch(pid_t pid);
  void on_exit(int pidfd);
  void on_grace_over();
  void finish();

  Loop& loop_;
  ProcessScanner& scanner_;
  FindGroups find_groups_;
  std::chrono::milliseconds grace_;
  std::function<void()> on_done_;
  std::vector<pid_t> signalled_;
  bool killing_ = false;
  TimerId timer_ = TimerId::none;  // next step: the SIGKILL, giving up
  ScanId scan_ = ScanId::none;
  std::map<int, std::pair<UniqueFd, WatchId>> watched_;  // by pidfd
};

/// Of groups that are known: those that have a process still.
Termination::FindGroups these_groups(std::vector<pid_t> groups);

}  // namespace cfy::process
