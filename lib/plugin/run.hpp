// Calling the functions of a plugin: no exception comes out, whatever the plugin does, and what it
// answered is read and checked.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "base/error.hpp"
#include "plugin/host.hpp"
#include "plugin/loader.hpp"

namespace cfy::plugin {

/// Run a workflow function on this thread, to its end.
///
/// @param host  must outlive the functions that the plugin hands over (LocalFunction, Handler)
/// @return what the function returned. Error kinds: cancelled (also when it returned the text
///   "execution_cancelled", the older way to say so), failed, plugin (it broke its contract)
base::Result<json> run_workflow(const Entry& entry, WorkflowHost& host);

enum class OperationStatus { ok, failed, recoverable, retry, cancelled };

/// How an operation function ended.
struct OperationOutcome {
  OperationStatus status = OperationStatus::ok;
  std::string error_type;  ///< "NonRecoverableError", "std::out_of_range", ...; empty when ok
  std::string message;     ///< one sentence; empty when ok
  std::optional<double> retry_after_s;
};

/// Run an operation function on this thread. Its result and runtime properties have gone to `host`
/// before this returns. A broken contract is a final failure of error type "PluginError".
OperationOutcome run_operation(const Entry& entry, OperationHost& host);

}  // namespace cfy::plugin
