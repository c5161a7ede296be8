#include "plugin/run.hpp"

#include "base/check.hpp"
#include "base/text.hpp"
#include "plugin/operation_bridge.hpp"
#include "plugin/reply.hpp"
#include "plugin/workflow_bridge.hpp"

namespace cfy::plugin {
namespace {

/// `call`, with what a C++ plugin without our guard may throw.
template <typename Call>
base::Result<cfy_status> without_exceptions(Call&& call) {
  try {
    return std::forward<Call>(call)();
  } catch (const std::exception& error) {
    return base::make_error(base::ErrorKind::plugin, "the function let an exception out: {}",
                            base::to_valid_utf8(error.what()));
  } catch (...) {
    return base::Error(base::ErrorKind::plugin, "the function let an exception out");
  }
}

base::Error workflow_error(cfy_status status, const Reply& reply) {
  using base::ErrorKind;
  ErrorKind kind = status == CFY_CANCELLED ? ErrorKind::cancelled : ErrorKind::failed;
  if (!is_known_status(status)) kind = ErrorKind::plugin;
  return base::Error(kind, reply.message(status));
}

OperationOutcome broken_contract(std::string message) {
  return {OperationStatus::failed, "PluginError", std::move(message), {}};
}

OperationStatus to_operation_status(cfy_status status) {
  switch (status) {
    case CFY_OK:
      return OperationStatus::ok;
    case CFY_RECOVERABLE:
      return OperationStatus::recoverable;
    case CFY_RETRY:
      return OperationStatus::retry;
    case CFY_CANCELLED:
      return OperationStatus::cancelled;
    default:
      return OperationStatus::failed;
  }
}

}  // namespace

base::Result<json> run_workflow(const Entry& entry, WorkflowHost& host) {
  CFY_ASSERT(entry.workflow != nullptr);
  const auto bridge = std::make_shared<WorkflowBridge>(host);
  Reply reply;
  const auto status = without_exceptions(
      [&] { return entry.workflow(entry.data, &workflow_table(), bridge.get(), &reply); });
  if (!status) return status.error();
  if (*status != CFY_OK) return workflow_error(*status, reply);
  auto result = reply.result();
  if (result && *result == "execution_cancelled")
    return base::Error(base::ErrorKind::cancelled, "the workflow returned 'execution_cancelled'");
  return result;
}

OperationOutcome run_operation(const Entry& entry, OperationHost& host) {
  CFY_ASSERT(entry.operation != nullptr);
  OperationBridge bridge(host);
  Reply reply;
  const auto status = without_exceptions(
      [&] { return entry.operation(entry.data, &operation_table(), &bridge, &reply); });
  if (!status) return broken_contract(status.error().message());
  if (!is_known_status(*status)) return broken_contract(reply.message(*status));
  if (*status != CFY_OK)
    return {to_operation_status(*status), reply.error_type(), reply.message(*status),
            reply.retry_after_s()};
  auto result = reply.result();
  if (!result) return broken_contract(result.error().message());
  if (!result->is_null()) host.set_result(*std::move(result));
  return {};
}

}  // namespace cfy::plugin
