// The processes of this machine, as far as it takes to find who belongs to whom. Reads /proc.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <sys/types.h>

namespace cfy::process {

struct ProcessEntry {
  pid_t pid = 0, parent = 0, group = 0, session = 0;
  /// Clock ticks since the machine started; compare with now_ticks().
  std::uint64_t started_ticks = 0;
  bool is_zombie = false;
};

/// A snapshot. Processes that come and go meanwhile may or may not be in it; empty when /proc is
/// not there. Cost: one small file for each process of the machine.
std::vector<ProcessEntry> list_processes();

/// The same with who descends from whom. What starts a process may mark it, and all that it starts
/// in turn, by a variable of its environment: that is known of orphans, too, and of what made
/// itself a session of its own. One thread.
class ProcessTable {
 public:
  using FindMark = std::function<std::optional<std::string>(pid_t)>;

  /// @param mark_variable  the name of that variable
  static ProcessTable read(const std::string& mark_variable);
  /// @param find_mark  what a process was started with
  ProcessTable(std::vector<ProcessEntry> entries, FindMark find_mark);

  const std::vector<ProcessEntry>& entries() const { return entries_; }
  /// nullptr: it is not there.
  const ProcessEntry* find(pid_t pid) const;
  /// The value of the variable in the environment that the process was started with. One that was
  /// started without it, or may not be looked at, has the mark of its parent. Empty: none.
  /// Cost: one small file when first asked for.
  const std::string& mark_of(const ProcessEntry& entry) const;

 private:
  std::vector<ProcessEntry> entries_;
  FindMark find_mark_;
  std::unordered_map<pid_t, std::size_t> places_;
  mutable std::unordered_map<pid_t, std::string> marks_;
};

/// A variable of the environment that a process was started with; nothing when it has none of that
/// name, is gone, or is somebody else's.
std::optional<std::string> find_variable(pid_t pid, const std::string& name);
/// The pipes that a process has open, by their numbers.
struct OpenPipes {
  std::set<std::string> output;  ///< its standard output and error
  std::set<std::string> read;    ///< those whose read ends it has
  bool is_known = true;          ///< false: it may not be looked at
};
/// Cost: a look at each of its descriptors.
OpenPipes find_pipes(pid_t pid);
/// One process, or nothing when there is no such.
std::optional<ProcessEntry> find_process(pid_t pid);

/// The present in the unit of ProcessEntry::started_ticks, rounded down.
std::uint64_t now_ticks();

}  // namespace cfy::process
