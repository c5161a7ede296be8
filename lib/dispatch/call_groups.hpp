// Which processes belong to an operation that a worker runs, apart from the worker itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "process/process_table.hpp"

namespace cfy::dispatch {

/// A variable in the environment of all that an operation starts: a CallMark. Of the worker itself,
/// a text of its own without a '/'.
inline constexpr const char* kCallVariable = "CFY_CALL";

/// One attempt of an operation, as its processes are marked with it.
struct CallMark {
  std::string execution_id, task_id;
  std::uint32_t attempt = 0;
};
/// "EXECUTION/TASK/ATTEMPT".
std::string to_text(const CallMark& mark);
/// Nothing for any other text.
std::optional<CallMark> parse_call_mark(std::string_view text);

/// The facts that identify the processes of a call.
struct WorkerCall {
  pid_t worker = 0;               ///< 0: not known, or its number is somebody else's by now
  std::string worker_mark;        ///< the value of kCallVariable that it was started with; or empty
  std::string call_mark;          ///< to_text(CallMark)
  std::uint64_t since_ticks = 0;  ///< process::now_ticks() when the call began
};

/// The processes that the worker's operation started since the call began: its scripts, and
/// whatever these started, also in a session of its own and when its parent has ended. They are
/// known by their mark; one that has thrown away its environment by its session, or by its parent.
/// A server that an earlier operation left running is not among them, nor is what that server
/// starts.
class CallProcesses {
 public:
  /// @param table  read with kCallVariable; borrowed, as is the call
  CallProcesses(const process::ProcessTable& table, const WorkerCall& call)
      : table_(table), call_(call) {}

  bool contains(const process::ProcessEntry& entry) const;
  /// Process groups all of whose processes belong to the call; not that of the worker as long as
  /// it lives.
  std::vector<pid_t> groups() const;

 private:
  // Of those that began in the same tick the script leads a group; a server that the operation
  // before it has left does so rarely.
  bool began_with_call(const process::ProcessEntry& entry) const {
    return entry.started_ticks > call_.since_ticks ||
           (entry.started_ticks == call_.since_ticks && entry.pid == entry.group);
  }
  bool is_of_worker(const process::ProcessEntry& entry) const;
  bool has_older_parent(const process::ProcessEntry& entry) const;

  const process::ProcessTable& table_;
  const WorkerCall& call_;
};

}  // namespace cfy::dispatch
