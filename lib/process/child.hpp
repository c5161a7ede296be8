// Child: a process started by this one, in a process group (and, if wanted, session) of its own.
// Starting and reaping only; termination.hpp ends whole groups, loop.hpp can wait for pidfd().
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/error.hpp"
#include "process/exit_status.hpp"
#include "process/fd.hpp"

namespace cfy::process {

/// The child sees descriptor `ours` of this process as its descriptor `theirs`.
struct PassedFd {
  int ours;
  int theirs;
};

struct SpawnOptions {
  /// The program and its arguments. A program without a slash is looked for in $PATH (ours).
  std::vector<std::string> argv;
  /// "NAME=value" each; absent: the environment of this process.
  std::optional<std::vector<std::string>> environment = {};
  /// Absent: the working folder of this process.
  std::optional<std::string> working_folder = {};
  /// All the descriptors that the child gets. 0, 1 and 2 are /dev/null where not given.
  std::vector<PassedFd> fds = {};
  /// A session of its own: signals of the terminal and its hang-up do not reach the child.
  bool new_session = false;
};

/// Movable; not thread safe. Destroying it leaves the process alone, and reaps it if it has ended.
class Child {
 public:
  Child(pid_t pid, UniqueFd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}
  ~Child();
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;

  /// Also the id of its process group.
  pid_t pid() const { return pid_; }
  /// Readable once the process has ended. Stays the Child's.
  int pidfd() const { return pidfd_.get(); }

  /// How it ended, or nothing while it runs. Reaps it.
  std::optional<ExitStatus> poll();
  /// Blocks until it has ended.
  ExitStatus wait();
  /// Send a signal to the whole group. False: no process of it is left.
  bool signal_group(int signal) const;

 private:
  std::optional<ExitStatus> reap(int options);

  pid_t pid_;
  UniqueFd pidfd_;
  std::optional<ExitStatus> status_;
};

/// Start a process. Its signals are unblocked and at their defaults. Errors: not_found (no such
/// program or working folder), invalid (arguments and environment are larger than the system
/// allows), io.
base::Result<Child> spawn(const SpawnOptions& options);

}  // namespace cfy::process
