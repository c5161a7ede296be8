// The sentences of ended_results.hpp.
#include "dispatch/ended_results.hpp"

#include <fmt/format.h>

#include "dispatch/messages.hpp"

namespace cfy::dispatch {
namespace {

OperationResult make_result(Status status, std::string type, std::string message,
                            std::string output = {}) {
  OperationResult result;
  result.status = status;
  result.error = {.type = std::move(type), .message = std::move(message), .output = output};
  return result;
}

OperationResult result_of_lost_connection() {
  return make_result(Status::recoverable, "WorkerDied",
                     "the operation closed its worker's connection to the runner");
}

}  // namespace

OperationResult result_of_end(EndReason reason, const OperationRequest& request,
                              const std::string& detail) {
  switch (reason) {
    case EndReason::timeout:
      return make_result(request.timeout_recoverable ? Status::recoverable : Status::failed,
                         "TimeoutException",
                         fmt::format("the operation did not end within {} seconds and was killed",
                                     request.timeout_s.value_or(0)));
    case EndReason::killed:
      return make_result(Status::cancelled, "ProcessKillCancelled", "the operation was killed");
    case EndReason::garbage:
      return make_result(Status::recoverable, "WorkerDied",
                         fmt::format("the operation disturbed its worker: {}", detail));
    case EndReason::connection_lost:
      break;
  }
  return result_of_lost_connection();
}

// Like any unexpected exception, a crash may be tried again.
OperationResult result_of_death(const process::ExitStatus& status, const std::string& output) {
  if (status == process::ExitStatus{false, kLostSocketCode}) return result_of_lost_connection();
  const std::string how =
      status.by_signal ? fmt::format("the operation crashed: {}", to_string(status))
                       : fmt::format("the operation ended its process before it was done: {}",
                                     to_string(status));
  return make_result(Status::recoverable, "WorkerDied", how, output);
}

// The cause (too little memory, somebody's kill) may have passed at the next try.
OperationResult result_of_stillbirth(const process::ExitStatus& status, const std::string& program,
                                     const std::string& output) {
  return make_result(
      Status::recoverable, "WorkerStartFailed",
      fmt::format("the worker '{}' ended before it was ready: {}", program, to_string(status)),
      output);
}

OperationResult result_of_failed_start(const base::Error& error) {
  // Too many processes or descriptors may be fewer soon; a missing program stays missing.
  const bool may_pass = error.kind() == base::ErrorKind::io;
  return make_result(may_pass ? Status::recoverable : Status::failed, "WorkerStartFailed",
                     fmt::format("no worker for the operation: {}", error.message()));
}

OperationResult result_of_never_started() {
  return make_result(Status::cancelled, "ProcessKillCancelled",
                     "the operation was killed before it started");
}

}  // namespace cfy::dispatch
