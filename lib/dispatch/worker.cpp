// Two threads: one reads the runner's messages, so that a cancel is heard while an operation runs;
// the main thread runs the operations. A third captures their output.
#include "dispatch/worker.hpp"

#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <thread>

#include <sys/socket.h>
#include <unistd.h>

#include "base/text.hpp"
#include "dispatch/operation_run.hpp"
#include "dispatch/output_capture.hpp"
#include "process/line_socket.hpp"

namespace cfy::dispatch {
namespace {

bool is_socket(int fd) {
  int type = 0;
  socklen_t size = sizeof type;
  return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

// What the runner said: filled by the reading thread, emptied by the main one.
class Inbox {
 public:
  void read_all(process::LineChannel& channel) {
    while (const auto line = channel.read_line())
      if (!take(parse_runner_line(*line))) break;
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_one();
  }

  /// Blocks; nothing: there will be no more.
  std::optional<RunMessage> next() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !runs_.empty(); });
    if (closed_) return std::nullopt;  // nobody waits any more for what was not begun
    RunMessage run = std::move(runs_.front());
    runs_.pop_front();
    return run;
  }

  /// The runner took its leave in good order: it has all it wants.
  bool was_dismissed() {
    const std::lock_guard lock(mutex_);
    return quit_;
  }
  std::vector<CallId> take_confirmed() {
    const std::lock_guard lock(mutex_);
    return std::exchange(confirmed_, {});
  }
  const std::atomic<bool>& cancelled() const { return cancelled_; }

 private:
  // False: this was the last message that counts.
  bool take(base::Result<RunnerMessage> message) {
    if (!message) return false;
    const std::lock_guard lock(mutex_);
    if (auto* run = std::get_if<RunMessage>(&*message)) runs_.push_back(std::move(*run));
    if (const auto* confirm = std::get_if<ConfirmMessage>(&*message))
      confirmed_.push_back(confirm->call);
    if (std::holds_alternative<CancelMessage>(*message)) cancelled_ = true;
    if (std::holds_alternative<QuitMessage>(*message)) quit_ = true;
    changed_.notify_one();
    return !quit_;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<RunMessage> runs_;
  std::vector<CallId> confirmed_;
  bool closed_ = false, quit_ = false;
  std::atomic<bool> cancelled_ = false;
};

class Worker {
 public:
  Worker(const WorkerOptions& options, process::LineChannel& channel, OutputCapture& output)
      : options_(options), channel_(channel), output_(output) {}

  void run() {
    channel_.write_line(to_line(WorkerMessage(HelloMessage{::getpid()})));
    std::thread reader([this] { inbox_.read_all(channel_); });
    while (auto run = inbox_.next())
      run_one(*run);
    reader.join();
    if (inbox_.was_dismissed()) return;
    forget_confirmed();
    for (auto& [call, orphan] : unconfirmed_)
      options_.recorder.record(orphan);
  }

 private:
  void run_one(const RunMessage& message) {
    const CallId call = message.call;
    channel_.write_line(to_line(WorkerMessage(StartedMessage{call})));
    const OperationStream stream{
        [this, call](LogMessage log) { send(call, std::move(log)); },
        [this, call](EventMessage event) { send(call, std::move(event)); }};
    output_.begin([&](std::string_view line) {
      stream.on_log({"info", "output", base::to_valid_utf8(line)});
    });
    OperationResult result =
        run_operation(message.request, options_.caller, stream, inbox_.cancelled());
    output_.end();
    forget_confirmed();
    const OperationRequest& request = message.request;
    unconfirmed_[call] = {request.execution_id, request.task_id, request.attempt, request.context,
                          result};
    send(call, std::move(result));
  }

  // A runner that has gone is no reason to stop: what the operation did counts.
  template <typename Content>
  void send(CallId call, Content content) {
    channel_.write_line(to_line(WorkerMessage(Of<Content>{call, std::move(content)})));
  }

  void forget_confirmed() {
    for (const CallId call : inbox_.take_confirmed())
      unconfirmed_.erase(call);
  }

  const WorkerOptions& options_;
  process::LineChannel& channel_;
  OutputCapture& output_;
  Inbox inbox_;
  std::map<CallId, OrphanResult> unconfirmed_;
};

}  // namespace

int run_worker(const WorkerOptions& options) {
  if (!is_socket(kWorkerSocketFd)) {
    std::fputs("cfy-run worker is started by cfy-run itself, to run operations\n", stderr);
    return 2;
  }
  process::set_close_on_exec(kWorkerSocketFd);
  process::set_close_on_exec(kWorkerOutputFd);
  process::LineChannel channel{process::UniqueFd(kWorkerSocketFd)};
  auto output = OutputCapture::make(process::UniqueFd(kWorkerOutputFd));
  if (!output) return 2;
  Worker(options, channel, **output).run();
  return 0;
}

}  // namespace cfy::dispatch
