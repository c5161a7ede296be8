#include "plugin/workflow_bridge.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "plugin/c_text.hpp"

namespace cfy::plugin {
namespace {

constexpr std::string_view kWrongThread =
    "a local function may not change the graph: make and link tasks in the workflow function or in "
    "a handler";

thread_local bool in_local_function = false;

/// True while it lives. Local functions do not nest.
class LocalFunctionScope {
 public:
  LocalFunctionScope() { in_local_function = true; }
  ~LocalFunctionScope() { in_local_function = false; }
  LocalFunctionScope(const LocalFunctionScope&) = delete;
  LocalFunctionScope& operator=(const LocalFunctionScope&) = delete;
};

/// A function of the plugin that has been taken over: released with the last copy. Keeps the bridge
/// alive, as the function may use it.
template <typename Function>
class Owned {
 public:
  Owned(Function function, std::shared_ptr<WorkflowBridge> bridge)
      : function_(function), bridge_(std::move(bridge)) {}
  ~Owned() {
    if (function_.release != nullptr) function_.release(function_.data);
  }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  const Function& get() const { return function_; }

 private:
  Function function_;
  std::shared_ptr<WorkflowBridge> bridge_;
};

base::Error to_error(cfy_status status, const Reply& reply) {
  const auto kind = status == CFY_CANCELLED ? base::ErrorKind::cancelled : base::ErrorKind::failed;
  return base::Error(is_known_status(status) ? kind : base::ErrorKind::plugin,
                     reply.message(status));
}

LocalResult run_local(const cfy_local_function& function) {
  const LocalFunctionScope scope;
  Reply reply;
  const cfy_status status = function.run(function.data, &reply);
  if (status == CFY_OK) return reply.result();
  LocalResult result(to_error(status, reply));
  result.is_recoverable = status == CFY_RECOVERABLE || status == CFY_RETRY;
  result.wants_retry = status == CFY_RETRY;
  result.retry_after_s = reply.retry_after_s();
  return result;
}

base::Result<HandlerResult> to_handler_result(const cfy_handler_result& answer) {
  if (answer.action < CFY_HANDLER_CONT || answer.action > CFY_HANDLER_IGNORE)
    return base::make_error(base::ErrorKind::plugin,
                            "a task's handler asked for action {}, which the ABI does not have",
                            answer.action);
  static constexpr HandlerAction kActions[] = {HandlerAction::cont, HandlerAction::fail,
                                               HandlerAction::retry, HandlerAction::ignore};
  HandlerResult result;
  result.action = kActions[answer.action];
  result.ignore_total_retries = answer.ignore_total_retries != 0;
  if (std::isfinite(answer.retry_after_s) && answer.retry_after_s >= 0)
    result.retry_after_s = answer.retry_after_s;
  if (answer.retried_task != CFY_NONE) result.retried_task = TaskId{answer.retried_task};
  return result;
}

std::string to_text(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

bool WorkflowBridge::is_in_local_function() {
  return in_local_function;
}

base::Result<void> WorkflowBridge::wrong_thread() {
  return base::Error(base::ErrorKind::invalid, std::string(kWrongThread));
}

// Local functions have one way to be refused only, so the text needs no place for each thread.
std::string_view WorkflowBridge::last_error() const {
  return in_local_function ? kWrongThread : std::string_view(last_error_);
}

cfy_status WorkflowBridge::note(const base::Error& error) {
  if (!in_local_function) last_error_ = error.message();
  switch (error.kind()) {
    case base::ErrorKind::cancelled:
      return CFY_CANCELLED;
    case base::ErrorKind::invalid:
    case base::ErrorKind::usage:
    case base::ErrorKind::not_found:
    case base::ErrorKind::conflict:
      return CFY_INVALID;
    default:
      return CFY_FAILED;
  }
}

LocalFunction WorkflowBridge::wrap(cfy_local_function function) {
  auto owned = std::make_shared<Owned<cfy_local_function>>(function, shared_from_this());
  return [owned] { return run_local(owned->get()); };
}

Handler WorkflowBridge::wrap(cfy_handler handler) {
  auto owned = std::make_shared<Owned<cfy_handler>>(handler, shared_from_this());
  return [owned](TaskId task, const TaskOutcome& outcome) -> base::Result<HandlerResult> {
    const std::string result = outcome.result.is_null() ? std::string() : to_text(outcome.result);
    const cfy_task_outcome shown{sizeof(cfy_task_outcome), outcome.succeeded ? 1 : 0,
                                 borrow(result), borrow(outcome.error)};
    cfy_handler_result answer{sizeof(cfy_handler_result), CFY_HANDLER_CONT, -1, 0, CFY_NONE};
    Reply reply;
    const cfy_status status =
        owned->get().run(owned->get().data, static_cast<cfy_task>(task), &shown, &answer, &reply);
    if (status != CFY_OK) return to_error(status, reply);
    return to_handler_result(answer);
  };
}

cfy_str WorkflowBridge::keep_modification(std::string text) {
  modification_ = std::move(text);
  return borrow(modification_);
}

cfy_str WorkflowBridge::keep_started(std::string text) {
  started_ = std::move(text);
  return borrow(started_);
}

cfy_str WorkflowBridge::keep_task(std::string text) {
  task_ = std::move(text);
  return borrow(task_);
}

cfy_str WorkflowBridge::keep_execution(std::string text) {
  execution_ = std::move(text);
  return borrow(execution_);
}

cfy_task_list WorkflowBridge::keep_tasks(const std::vector<TaskId>& tasks) {
  tasks_.clear();
  for (const TaskId task : tasks)
    tasks_.push_back(static_cast<cfy_task>(task));
  return {tasks_.data(), tasks_.size()};
}

cfy_str WorkflowBridge::keep_name(std::string name) {
  name_ = std::move(name);
  return borrow(name_);
}

cfy_str WorkflowBridge::keep_state(std::string state) {
  state_ = std::move(state);
  return borrow(state_);
}

cfy_str WorkflowBridge::keep_system_properties(const json& properties) {
  system_properties_ = to_text(properties);
  return borrow(system_properties_);
}

void WorkflowBridge::fill(cfy_task_outcome& out, const TaskOutcome& outcome) {
  outcome_result_ = outcome.result.is_null() ? std::string() : to_text(outcome.result);
  outcome_error_ = outcome.error;
  const cfy_task_outcome full{out.size, outcome.succeeded ? 1 : 0, borrow(outcome_result_),
                              borrow(outcome_error_)};
  // A plugin built against a later minor has a larger struct; one that is not may not be overrun.
  std::memcpy(&out, &full, std::min<std::size_t>(out.size, sizeof(full)));
}

}  // namespace cfy::plugin
