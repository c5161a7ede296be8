#include "ui/summary.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "ui/printable.hpp"

namespace cfy::ui {
namespace {

constexpr std::size_t kFailuresShown = 10;
constexpr std::size_t kSkippedShown = 5;
constexpr std::size_t kOutputLinesShown = 8;
constexpr std::size_t kLabelWidth = 9;

// "  cause    exit status 2"; further lines stand under the first.
std::string labelled(std::string_view label, const std::string& text) {
  std::string shown;
  for (const std::string& line : base::split(escape_controls(text), '\n')) {
    shown += fmt::format("  {:<{}}{}\n", shown.empty() ? label : "", kLabelWidth, line);
  }
  return shown;
}

std::string last_lines(const std::string& output) {
  std::vector<std::string> lines = base::split(output, '\n');
  while (!lines.empty() && lines.back().empty())
    lines.pop_back();
  if (lines.size() > kOutputLinesShown) lines.erase(lines.begin(), lines.end() - kOutputLinesShown);
  return base::join(lines, "\n");
}

std::string counts(const ExecutionSummary& summary) {
  std::vector<std::string> parts;
  const auto add = [&parts](std::size_t count, const char* what) {
    if (count > 0) parts.push_back(fmt::format("{} {}", count, what));
  };
  const std::size_t failed = summary.failed.size();
  add(failed, failed == 1 ? "task failed" : "tasks failed");
  add(summary.cut_off, "failed or killed");
  add(summary.skipped, "skipped");
  add(summary.waiting, "not started");
  add(summary.abandoned, "left running");
  parts.push_back(fmt::format("{} done", summary.done));
  return fmt::format("{} in {:.1f} s", base::join(parts, ", "),
                     static_cast<double>(summary.duration_ms) / 1000);
}

std::string attempt_of(const FailedTask& task) {
  if (task.attempts_total < 0) return fmt::format("attempt {}", task.attempt);
  return fmt::format("attempt {} of {}", task.attempt, task.attempts_total);
}

std::string skipped_of(const FailedTask& task) {
  const std::size_t shown = std::min(task.skipped.size(), kSkippedShown);
  const std::vector<std::string> names(task.skipped.begin(),
                                       task.skipped.begin() + static_cast<std::ptrdiff_t>(shown));
  std::string text =
      fmt::format("{} because of it: {}", task.skipped.size(), base::join(names, ", "));
  if (task.skipped.size() > shown) text += ", ...";
  return text;
}

std::string describe(const FailedTask& task) {
  std::string head = task.subject;
  if (!head.empty()) head += "  ";
  head += fmt::format("{}   {}", task.operation, attempt_of(task));
  std::string text = labelled("task", head);
  if (!task.mapping.empty()) text += labelled("mapped", task.mapping);
  if (!task.cause.empty()) text += labelled("cause", task.cause);
  if (const std::string output = last_lines(task.last_output); !output.empty())
    text += labelled("stderr", output);
  if (!task.skipped.empty()) text += labelled("skipped", skipped_of(task));
  return text;
}

std::string headline(const ExecutionSummary& summary, const Style& style) {
  const bool has_failed = summary.status == "failed";
  Color color = Color::bright_green;
  if (has_failed) color = Color::bright_red;
  if (summary.status == "cancelled") color = Color::bright_yellow;
  return fmt::format("{}execution {} ({}{}) {}: {}\n",
                     has_failed ? paint(style, color, "error:") + " " : "", summary.execution_id,
                     to_one_line(summary.workflow_id), summary.is_dry_run ? ", dry run" : "",
                     paint(style, color, summary.status), counts(summary));
}

}  // namespace

std::string to_text(const ExecutionSummary& summary, const Style& style) {
  std::string text = headline(summary, style);
  const std::size_t shown = std::min(summary.failed.size(), kFailuresShown);
  for (std::size_t i = 0; i < shown; ++i)
    text += describe(summary.failed[i]);
  if (summary.failed.size() > shown)
    text += fmt::format("  and {} more failed tasks\n", summary.failed.size() - shown);
  if (summary.failed.empty() && !summary.error.empty()) text += labelled("cause", summary.error);
  if (summary.abandoned > 0)
    text += labelled("left", fmt::format("they end by themselves, or with cfy-run cancel {} --kill",
                                         summary.execution_id));
  if (summary.status == "terminated") return text;
  std::string more = fmt::format("cfy-run events {}", summary.execution_id);
  if (summary.can_resume)
    more += fmt::format("          try again: cfy-run resume {}", summary.execution_id);
  return text + labelled("more", more);
}

}  // namespace cfy::ui
