// Transport: how a request reaches the code that runs it. The runner above knows only this.
// One suite of tests runs on every implementation.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "dispatch/protocol.hpp"

namespace cfy::dispatch {

/// Chosen by the caller, unique for the life of the transport.
enum class CallId : std::uint64_t {};

/// Gives the answer to a PropertyRequest; once, from any thread. Thrown away uncalled, when nobody
/// is left to answer.
using PropertyReply = std::function<void(PropertyAnswer)>;

/// The same for an InstancesRequest.
using InstancesReply = std::function<void(InstancesAnswer)>;

/// Where a call runs: by this its processes are found when nobody is left to ask.
struct BegunCall {
  std::int64_t worker_pid = 0, worker_started_ticks = 0;
  std::int64_t began_ticks = 0;  ///< process::now_ticks() when the worker was given the call
};

/// Hears of calls. The methods are called on the transport's own thread, in order for each call,
/// one at a time; they must not block and must not call back into the transport.
class CallSink {
 public:
  virtual ~CallSink() = default;
  /// A worker has taken it up.
  virtual void on_begun(CallId /*call*/, const BegunCall& /*begun*/) {}
  virtual void on_log(CallId call, LogMessage message) = 0;
  virtual void on_event(CallId call, EventMessage message) = 0;
  /// The operation waits for the reply.
  virtual void on_properties(CallId /*call*/, PropertyRequest /*request*/, PropertyReply reply) {
    reply({.status = PropertyAnswer::Status::failed, .message = "nobody here keeps instances"});
  }
  /// The same.
  virtual void on_instances(CallId /*call*/, InstancesRequest /*request*/, InstancesReply reply) {
    reply({.message = "nobody here keeps instances"});
  }
  /// Exactly once for each started call, and last.
  virtual void on_result(CallId call, OperationResult result) = 0;
};

/// What happens to running operations when the runner is told to cancel.
enum class StopMode {
  /// Leave them alone: they end by themselves and record their results in the store (force).
  detach,
  /// SIGTERM to their process groups, SIGKILL after the grace time (kill).
  kill,
};

/// All methods are safe from any thread and do not block, but for the destructor.
class Transport {
 public:
  virtual ~Transport() = default;
  /// How many calls may run at a time; starting more queues them.
  virtual std::size_t capacity() const = 0;
  /// Run it. Whatever goes wrong comes as a result.
  virtual void start(CallId call, OperationRequest request, CallSink& sink) = 0;
  /// End one call as its timeout would: kill it; its result says why.
  virtual void kill(CallId call) = 0;
  /// Tell the running operations, and those that start later, that the execution was asked to
  /// cancel. Whether they look is theirs; nothing is ended.
  virtual void announce_cancel() {}
  /// The call's result is stored for good. A worker keeps a result that nobody confirmed and,
  /// should the runner die, records it itself. To be called once the result is on disk; calling it
  /// late costs memory only.
  virtual void confirm(CallId /*call*/) {}
  /// End or leave all calls. With `detach` no further result comes; with `kill` every call still
  /// gets one.
  virtual void stop(StopMode mode) = 0;
};

}  // namespace cfy::dispatch
