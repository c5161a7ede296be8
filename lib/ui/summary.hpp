// The end of an execution in a few lines: what ran, what failed and why, what was skipped because
// of it, and how to look further.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "ui/terminal.hpp"

namespace cfy::ui {

/// A task that failed for good. Empty texts are left out.
struct FailedTask {
  std::string subject;               ///< "web_x81k2a", "web_x81k2a->db_1"
  std::string operation;             ///< "cloudify.interfaces.lifecycle.start", or the task's name
  std::string mapping;               ///< "blueprint.yaml:31:18 -> scripts/start.sh"
  std::uint32_t attempt = 1;         ///< counted from 1
  std::int64_t attempts_total = -1;  ///< -1: no limit
  std::string cause;                 ///< "exit status 2"
  std::string last_output;           ///< the last lines of stderr
  std::vector<std::string> skipped;  ///< tasks that never ran because of it
};

/// An execution that has ended.
struct ExecutionSummary {
  std::string execution_id, workflow_id, deployment_id;
  std::string status;  ///< terminated, failed, cancelled
  std::string error;   ///< why it failed; shown when no failed task says so
  std::int64_t duration_ms = 0;
  std::size_t done = 0;       ///< tasks that succeeded
  std::size_t skipped = 0;    ///< tasks that never ran, because one before them failed
  std::size_t waiting = 0;    ///< tasks that had not started when it was cancelled
  std::size_t cut_off = 0;    ///< tasks that failed, or were killed, while it was being cancelled
  std::size_t abandoned = 0;  ///< tasks that were left running (cancel --force)
  std::vector<FailedTask> failed;
  bool is_dry_run = false;
  bool can_resume = false;
};

std::string to_text(const ExecutionSummary& summary, const Style& style);

}  // namespace cfy::ui
