// ProcessScanner: one look at the process table for all who want one at about the same time. Ending
// hundreds of operations at once would else read all of /proc hundreds of times.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "process/loop.hpp"
#include "process/process_table.hpp"

namespace cfy::process {

enum class ScanId : std::uint64_t { none = 0 };

/// Works on the loop's thread.
class ProcessScanner {
 public:
  using OnTable = std::function<void(const ProcessTable&)>;

  /// @param mark_variable  see ProcessTable
  ProcessScanner(Loop& loop, std::string mark_variable);
  ~ProcessScanner();
  ProcessScanner(const ProcessScanner&) = delete;
  ProcessScanner& operator=(const ProcessScanner&) = delete;

  /// Call once, soon and never from here, with a table that is read after this call.
  ScanId request(OnTable on_table);
  /// Unknown ids, those that were called, and `none` are ignored.
  void cancel(ScanId id);

 private:
  void scan();

  Loop& loop_;
  std::string mark_variable_;
  std::map<ScanId, OnTable> waiting_;
  std::uint64_t last_id_ = 0;
  TimerId timer_ = TimerId::none;
  std::chrono::steady_clock::time_point next_;  // not earlier
};

}  // namespace cfy::process
