// From the plugin room's words to the protocol's.
#include "dispatch/plugin_caller.hpp"

#include "plugin/loader.hpp"
#include "plugin/run.hpp"

namespace cfy::dispatch {
namespace {

Status to_status(plugin::OperationStatus status) {
  switch (status) {
    case plugin::OperationStatus::ok:
      return Status::ok;
    case plugin::OperationStatus::failed:
      return Status::failed;
    case plugin::OperationStatus::recoverable:
      return Status::recoverable;
    case plugin::OperationStatus::retry:
      return Status::retry;
    case plugin::OperationStatus::cancelled:
      return Status::cancelled;
  }
  return Status::failed;
}

CallOutcome refused(const base::Error& error) {
  return {.status = Status::failed,
          .error = {.type = "PluginError", .message = error.message(), .output = {}},
          .retry_after_s = {}};
}

}  // namespace

CallOutcome PluginCaller::call(const OperationRequest& request, plugin::OperationHost& host) {
  plugin::LoadOptions options;
  options.name = request.plugin;
  options.probe = probe_;
  const auto loaded = plugin::load(request.plugin_path, options);
  if (!loaded) return refused(loaded.error());
  const auto entry = (*loaded)->find_operation(request.function);
  if (!entry) return refused(entry.error());
  plugin::OperationOutcome outcome = plugin::run_operation(**entry, host);
  return {.status = to_status(outcome.status),
          .error = {.type = std::move(outcome.error_type),
                    .message = std::move(outcome.message),
                    .output = {}},
          .retry_after_s = outcome.retry_after_s};
}

}  // namespace cfy::dispatch
