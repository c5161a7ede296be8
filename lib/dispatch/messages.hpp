// The lines between the runner and a worker process, one JSON object each; README.md lists them.
// Made and parsed here and nowhere else.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "dispatch/protocol.hpp"
#include "dispatch/transport.hpp"

namespace cfy::dispatch {

/// What a worker process finds open when it starts.
inline constexpr int kWorkerSocketFd = 3;  ///< the lines, both ways
inline constexpr int kWorkerOutputFd = 4;  ///< the read end of its own stdout and stderr

/// The logger of what an operation prints, as opposed to what it logs.
inline constexpr const char* kOutputLogger = "output";

/// The exit code of a worker whose operation has closed the socket, or put another file in its
/// place. The runner may see no end of the connection: a thread that reads keeps the socket open.
inline constexpr int kLostSocketCode = 86;

/// From the runner to the worker.
struct RunMessage {
  CallId call{};
  OperationRequest request;
};
struct CancelMessage {};
struct ConfirmMessage {
  CallId call{};
};
struct QuitMessage {};
/// To the call's last PropertyRequest.
struct AnswerMessage {
  CallId call{};
  PropertyAnswer answer;
};
/// To the call's last InstancesRequest.
struct InstancesMessage {
  CallId call{};
  InstancesAnswer answer;
};
using RunnerMessage = std::variant<RunMessage, CancelMessage, ConfirmMessage, QuitMessage,
                                   AnswerMessage, InstancesMessage>;

/// From the worker to the runner.
struct HelloMessage {
  std::int64_t pid = 0;
};
/// The worker has taken the call up: should it die now, the operation may have done something.
struct StartedMessage {
  CallId call{};
};
template <typename Content>
struct Of {
  CallId call{};
  Content content;
};
using WorkerMessage =
    std::variant<HelloMessage, StartedMessage, Of<LogMessage>, Of<LogBatch>, Of<EventMessage>,
                 Of<Delta>, Of<PropertyRequest>, Of<InstancesRequest>, Of<OperationResult>>;

/// The line, without its end. Bytes that are not UTF-8 are replaced.
std::string to_line(const RunnerMessage& message);
std::string to_line(const WorkerMessage& message);

/// Errors: invalid; the message shows the beginning of the line.
base::Result<RunnerMessage> parse_runner_line(std::string_view line);
base::Result<WorkerMessage> parse_worker_line(std::string_view line);

}  // namespace cfy::dispatch
