// The exceptions of the SDK: what a plugin throws to say how its function ended, and what the SDK
// throws when the program refuses something. None of them leaves the plugin: the entry points turn
// them into a status and a message.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>

namespace cfy {

/// Base of all exceptions of the SDK.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The function failed and trying again would not help.
class NonRecoverable : public Error {
 public:
  using Error::Error;
};

/// The operation failed; it may be tried again, after `retry_after` seconds if that is given, else
/// after the run's retry interval. Any exception that is not of the SDK counts as this one.
class Recoverable : public Error {
 public:
  explicit Recoverable(const std::string& message, std::optional<double> retry_after = {})
      : Error(message), retry_after_(retry_after) {}
  std::optional<double> retry_after() const { return retry_after_; }

 private:
  std::optional<double> retry_after_;
};

/// The operation did not fail, it is only not done yet: run it again. Counts as a retry.
class Retry : public Error {
 public:
  explicit Retry(const std::string& message, std::optional<double> retry_after = {})
      : Error(message), retry_after_(retry_after) {}
  std::optional<double> retry_after() const { return retry_after_; }

 private:
  std::optional<double> retry_after_;
};

/// The execution was cancelled. Thrown by TaskGraph::execute() and Task::get(); may be caught to
/// clean up (see CleanupScope), and should then be thrown again. A workflow that ends with it ends
/// as cancelled.
class ExecutionCancelled : public Error {
 public:
  ExecutionCancelled() : Error("the execution was cancelled") {}
  using Error::Error;
};

/// Tasks failed; the message names each. Thrown by TaskGraph::execute() and Task::get().
class WorkflowFailed : public Error {
 public:
  using Error::Error;
};

}  // namespace cfy
