// WorkflowBridge: one call of a workflow function as the C functions see it. It carries errors back
// to the plugin and wraps the functions that the plugin hands over. The function table itself is in
// workflow_table.cpp.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cfy/plugin.h>

#include "plugin/host.hpp"
#include "plugin/reply.hpp"
#include "plugin/workflow_views.hpp"

// The opaque type of the C interface, as an empty base so that casts are checked by the compiler.
struct cfy_workflow {};

namespace cfy::plugin {

/// Shared with the functions that the plugin handed over: those may still run when the workflow
/// function has returned.
class WorkflowBridge : public cfy_workflow, public std::enable_shared_from_this<WorkflowBridge> {
 public:
  explicit WorkflowBridge(WorkflowHost& host) : host_(host), views_(host) {}

  static WorkflowBridge& of(cfy_workflow* call) { return *static_cast<WorkflowBridge*>(call); }

  WorkflowHost& host() { return host_; }
  WorkflowViews& views() { return views_; }
  /// Why the last call of this thread was refused.
  std::string_view last_error() const;

  /// Run `body`, which gives a Result<void>; note its error and turn it into a status. Refuses
  /// calls from local functions, which run on other threads.
  template <typename Body>
  cfy_status attempt(Body&& body) noexcept {
    try {
      const base::Result<void> result =
          is_in_local_function() ? wrong_thread() : std::forward<Body>(body)();
      return result ? CFY_OK : note(result.error());
    } catch (const std::exception& error) {
      return note(base::Error(base::ErrorKind::invalid, error.what()));
    }
  }
  /// The same for a `body` that makes a task: gives a Result<TaskId>.
  template <typename Body>
  cfy_status make(cfy_task* made, Body&& body) noexcept {
    return attempt([&]() -> base::Result<void> {
      base::Result<TaskId> task = std::forward<Body>(body)();
      if (!task) return std::move(task).error();
      *made = static_cast<cfy_task>(*task);
      return {};
    });
  }

  /// Take over a function of the plugin.
  LocalFunction wrap(cfy_local_function function);
  Handler wrap(cfy_handler handler);

  /// Texts that are valid until the next call.
  cfy_str keep_name(std::string name);
  cfy_str keep_state(std::string state);
  cfy_str keep_system_properties(const json& properties);
  cfy_str keep_modification(std::string text);
  cfy_str keep_started(std::string text);
  cfy_str keep_task(std::string text);
  cfy_str keep_execution(std::string text);
  cfy_task_list keep_tasks(const std::vector<TaskId>& tasks);
  void fill(cfy_task_outcome& out, const TaskOutcome& outcome);

 private:
  static bool is_in_local_function();
  static base::Result<void> wrong_thread();
  cfy_status note(const base::Error& error);

  WorkflowHost& host_;
  WorkflowViews views_;
  std::string last_error_, name_, state_, system_properties_, modification_, started_, task_;
  std::string execution_;
  std::vector<cfy_task> tasks_;
  std::string outcome_result_, outcome_error_;
};

/// The functions of cfy_workflow_host.
const cfy_workflow_host& workflow_table();

}  // namespace cfy::plugin
