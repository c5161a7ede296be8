#include "run_report.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "io.hpp"
#include "ui/diagnostics_printer.hpp"
#include "ui/printable.hpp"
#include "ui/summary.hpp"

namespace cfy::app {
namespace {

ui::FailedTask describe(const exec::FailedTask& task) {
  ui::FailedTask shown;
  shown.subject = task.label;
  shown.operation = task.name;
  shown.mapping = task.declared_at;
  shown.attempt = task.attempt + 1;
  shown.attempts_total = task.total_retries < 0 ? -1 : task.total_retries + 1;
  shown.cause = task.error;
  shown.last_output = task.output;
  shown.skipped = task.skipped;
  return shown;
}

// The names of all operations that lead to a function, of nodes and of their relationships.
std::set<std::string> mapped_operations(const plan::Plan& plan) {
  std::set<std::string> names;
  std::set<const plan::OperationMap*> seen;  // nodes of one type share theirs
  const auto add = [&](const std::shared_ptr<const plan::OperationMap>& operations) {
    if (operations == nullptr || !seen.insert(operations.get()).second) return;
    for (const auto& [name, operation] : *operations)
      if (!operation->is_noop()) names.insert(name);
  };
  for (const plan::Node& node : plan.nodes) {
    add(node.operations);
    for (const plan::Relationship& relationship : node.relationships) {
      add(relationship.source_operations);
      add(relationship.target_operations);
    }
  }
  return names;
}

}  // namespace

std::string start_text(const std::string& execution_id, const std::string& workflow) {
  return fmt::format("execution {} of workflow '{}'\n", execution_id, ui::to_one_line(workflow));
}

std::string cancel_text(exec::CancelDegree degree) {
  switch (degree) {
    case exec::CancelDegree::none:
      break;
    case exec::CancelDegree::graceful:
      return "cancelling: nothing new starts, running operations end by themselves "
             "(again: leave them alone and end now)\n";
    case exec::CancelDegree::force:
      return "ending now: running operations are left alone and record their results\n";
    case exec::CancelDegree::kill:
      return "killing running operations: SIGTERM now, SIGKILL after 5 s\n";
  }
  return {};
}

std::string outcome_text(const exec::ExecutionOutcome& outcome, const std::string& deployment,
                         const std::string& workflow, const exec::RunOptions& options,
                         const ui::Style& style) {
  ui::ExecutionSummary summary;
  summary.execution_id = outcome.execution_id;
  summary.workflow_id = workflow;
  summary.deployment_id = deployment;
  summary.status = outcome.status;
  summary.error = outcome.error;
  summary.duration_ms = outcome.duration_ms;
  summary.done = outcome.summary.work.succeeded + outcome.summary.work.ignored;
  // Those of a cancelled run are not named: why they ended is plain.
  if (outcome.status == "cancelled")
    summary.cut_off = outcome.summary.work.failed -
                      std::min(outcome.summary.work.failed, outcome.summary.failures.size());
  summary.skipped = outcome.summary.work.skipped;
  summary.waiting = outcome.summary.work.waiting;
  summary.abandoned = outcome.summary.work.running;
  summary.is_dry_run = options.is_dry_run;
  for (const exec::FailedTask& task : outcome.summary.failures)
    summary.failed.push_back(describe(task));
  return ui::to_text(summary, style);
}

std::string unmapped_text(const exec::ExecutionOutcome& outcome, const plan::Plan& plan,
                          const nlohmann::json& parameters, const ui::Style& style) {
  if (outcome.status != "terminated" || outcome.summary.work.tasks > 0) return {};
  const auto operation = parameters.find("operation");
  if (operation == parameters.end() || !operation->is_string()) return {};
  const auto& name = operation->get_ref<const std::string&>();
  const std::set<std::string> mapped = mapped_operations(plan);
  if (mapped.contains(name)) return {};
  const std::string hint = base::did_you_mean(name, {mapped.begin(), mapped.end()});
  base::Diagnostic warning;
  warning.severity = base::Severity::warning;
  warning.message = fmt::format("nothing was run: no node has an operation '{}' that is mapped{}{}",
                                name, hint.empty() ? "" : "; ", hint);
  return ui::to_text(warning, base::SourceMap(), style);
}

nlohmann::json last_record(const exec::ExecutionOutcome& outcome) {
  return {{"type", "execution"},
          {"id", outcome.execution_id},
          {"status", outcome.status},
          {"error", outcome.error.empty() ? nlohmann::json() : nlohmann::json(outcome.error)},
          {"result", outcome.result}};
}

int exit_code_of(const exec::ExecutionOutcome& outcome) {
  if (outcome.status == "terminated") return kDone;
  if (outcome.status == "cancelled") return kCancelled;
  return outcome.error_kind == base::ErrorKind::state ? kStateError : kWorkflowFailed;
}

}  // namespace cfy::app
