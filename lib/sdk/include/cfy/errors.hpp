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
  /// Cloudify's name for it, as events and stored errors show it.
  virtual const char* type() const { return "NonRecoverableError"; }
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
  const char* type() const override { return "RecoverableError"; }

 private:
  std::optional<double> retry_after_;
};

/// The operation did not fail, it is only not done yet: run it again. Counts as a retry.
class Retry : public Error {
 public:
  explicit Retry(const std::string& message, std::optional<double> retry_after = {})
      : Error(message), retry_after_(retry_after) {}
  std::optional<double> retry_after() const { return retry_after_; }
  const char* type() const override { return "OperationRetry"; }

 private:
  std::optional<double> retry_after_;
};

/// A server answered, and not as hoped.
class HttpException : public NonRecoverable {
 public:
  HttpException(const std::string& url, int code, const std::string& message)
      : NonRecoverable(url + " answers " + std::to_string(code) + ": " + message),
        url_(url),
        code_(code) {}
  const std::string& url() const { return url_; }
  int code() const { return code_; }
  const char* type() const override { return "HttpException"; }

 private:
  std::string url_;
  int code_;
};

/// A command ran and failed. May be tried again.
class CommandExecutionException : public Recoverable {
 public:
  CommandExecutionException(const std::string& command, const std::string& error,
                            const std::string& output, int code)
      : Recoverable("command '" + command + "' failed with exit code " + std::to_string(code) +
                    (error.empty() ? "" : ": " + error)),
        command_(command),
        error_(error),
        output_(output),
        code_(code) {}
  const std::string& command() const { return command_; }
  const std::string& error() const { return error_; }
  const std::string& output() const { return output_; }
  int code() const { return code_; }
  const char* type() const override { return "CommandExecutionException"; }

 private:
  std::string command_, error_, output_;
  int code_;
};
using CommandExecutionError = CommandExecutionException;

/// Something took too long. May be tried again.
class TimeoutException : public Recoverable {
 public:
  using Recoverable::Recoverable;
  const char* type() const override { return "TimeoutException"; }
};

/// A plugin, or what it needs, could not be installed. May be tried again.
class PluginInstallationError : public Recoverable {
 public:
  using Recoverable::Recoverable;
  const char* type() const override { return "PluginInstallationError"; }
};

/// Another operation changed the same runtime properties meanwhile. May be tried again, on what is
/// stored then.
class StorageConflict : public Recoverable {
 public:
  using Recoverable::Recoverable;
  const char* type() const override { return "StorageConflictError"; }
};

/// It is the turn of other instances: see serial_operation(). May be tried again.
class CloudifySerializationRetry : public Recoverable {
 public:
  using Recoverable::Recoverable;
  const char* type() const override { return "CloudifySerializationRetry"; }
};

/// Cloudify's agents end by it. There is no agent here, so it is a failure like any other.
class StopAgent : public NonRecoverable {
 public:
  using NonRecoverable::NonRecoverable;
  const char* type() const override { return "StopAgent"; }
};

/// The execution was cancelled. Thrown by TaskGraph::execute() and Task::get(); may be caught to
/// clean up (see CleanupScope), and should then be thrown again. A workflow that ends with it ends
/// as cancelled.
class ExecutionCancelled : public Error {
 public:
  ExecutionCancelled() : Error("the execution was cancelled") {}
  using Error::Error;
  const char* type() const override { return "ExecutionCancelled"; }
};

/// A process that the operation waited for was killed, because the execution is being killed.
class ProcessKillCancelled : public ExecutionCancelled {
 public:
  using ExecutionCancelled::ExecutionCancelled;
  const char* type() const override { return "ProcessKillCancelled"; }
};

/// Tasks failed; the message names each. Thrown by TaskGraph::execute() and Task::get().
class WorkflowFailed : public Error {
 public:
  using Error::Error;
  const char* type() const override { return "WorkflowFailed"; }
};

}  // namespace cfy
