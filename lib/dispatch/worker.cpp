// Two threads: one reads the runner's messages, so that a cancel is heard while an operation runs;
// the main thread runs the operations. A third captures their output.
#include "dispatch/worker.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <thread>
#include <tuple>

#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/threads.hpp"
#include "dispatch/call_groups.hpp"
#include "dispatch/ended_results.hpp"
#include "dispatch/operation_run.hpp"
#include "dispatch/output_capture.hpp"
#include "process/line_socket.hpp"
#include "process/process_table.hpp"

namespace cfy::dispatch {
namespace {

// For an operation that takes too long when the runner has gone; as WorkerProcess does.
constexpr std::chrono::seconds kOwnGrace{5}, kOwnLastWords{2};

bool is_socket(int fd) {
  int type = 0;
  socklen_t size = sizeof type;
  return ::getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

// Which file a descriptor stands for: an operation may close any of its process, and the number may
// then be that of a file of its own.
class FileMark {
 public:
  explicit FileMark(int fd) : fd_(fd) { is_known_ = ::fstat(fd, &known_) == 0; }

  bool is_in_place() const {
    struct stat now {};
    return is_known_ && ::fstat(fd_, &now) == 0 && now.st_dev == known_.st_dev &&
           now.st_ino == known_.st_ino;
  }

 private:
  int fd_;
  struct stat known_ {};
  bool is_known_;
};

// What the runner said: filled by the reading thread, emptied by the main one.
class Inbox {
 public:
  void read_all(process::LineChannel& channel) {
    while (const auto line = channel.read_line())
      if (!take(parse_runner_line(*line))) break;
    const std::lock_guard lock(mutex_);
    closed_ = true;
    changed_.notify_all();
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
  /// Blocks; nothing: nobody is left to answer.
  template <typename Answer>
  std::optional<Answer> wait_for_answer(CallId call) {
    std::unique_lock lock(mutex_);
    auto& answers = std::get<Answers<Answer>>(answers_);
    changed_.wait(lock, [&] { return closed_ || answers.count(call) > 0; });
    const auto found = answers.find(call);
    if (found == answers.end()) return std::nullopt;
    Answer answer = std::move(found->second);
    answers.erase(found);
    return answer;
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
    if (auto* answer = std::get_if<AnswerMessage>(&*message)) keep_answer(std::move(*answer));
    if (auto* answer = std::get_if<InstancesMessage>(&*message)) keep_answer(std::move(*answer));
    if (std::holds_alternative<CancelMessage>(*message)) cancelled_ = true;
    if (std::holds_alternative<QuitMessage>(*message)) quit_ = true;
    changed_.notify_all();
    return !quit_;
  }

  template <typename Answer>
  using Answers = std::map<CallId, Answer>;

  template <typename Message>
  void keep_answer(Message message) {
    std::get<Answers<decltype(message.answer)>>(answers_).insert_or_assign(
        message.call, std::move(message.answer));
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<RunMessage> runs_;
  std::vector<CallId> confirmed_;
  std::tuple<Answers<PropertyAnswer>, Answers<InstancesAnswer>> answers_;
  bool closed_ = false, quit_ = false;
  std::atomic<bool> cancelled_ = false;
};

// The operation that runs and until when it may. Both threads.
class Running {
 public:
  struct Call {
    OperationRequest request;
    std::uint64_t since_ticks = 0;
    std::chrono::steady_clock::time_point due;
  };

  void begin(const OperationRequest& request) {
    if (!request.timeout_s) return;
    constexpr double kLongest = 1e9;  // thirty years, in seconds
    const std::chrono::duration<double> timeout(std::min(*request.timeout_s, kLongest));
    const std::lock_guard lock(mutex_);
    call_ = {request, process::now_ticks(),
             std::chrono::steady_clock::now() +
                 std::chrono::duration_cast<std::chrono::milliseconds>(timeout)};
    is_overdue_ = false;
  }
  /// @return whether its time was over
  bool end() {
    const std::lock_guard lock(mutex_);
    call_.reset();
    changed_.notify_all();
    return std::exchange(is_overdue_, false);
  }
  /// The call, when its time is over; nothing when it ended before, or has all the time it wants.
  std::optional<Call> wait_until_overdue() {
    std::unique_lock lock(mutex_);
    if (!call_) return std::nullopt;
    const auto due = call_->due;
    if (changed_.wait_until(lock, due, [this] { return !call_; })) return std::nullopt;
    is_overdue_ = true;
    return call_;
  }
  /// False: it has not ended within that time.
  bool wait_for_end(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [this] { return !call_; });
  }
  /// From now on end() blocks, for good: what is recorded next is the truth. False: it has ended.
  bool seize() {
    std::unique_lock lock(mutex_);
    if (!call_) return false;
    lock.release();
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Call> call_;  // only of calls with a timeout
  bool is_overdue_ = false;
};

class Worker {
 public:
  Worker(const WorkerOptions& options, process::LineChannel& channel, OutputCapture& output)
      : options_(options), channel_(channel), output_(output) {
    if (const char* mark = std::getenv(kCallVariable)) own_mark_ = mark;
  }

  /// Errors: state, before anything was said.
  base::Result<void> run() {
    auto reader = base::start_thread([this] {
      inbox_.read_all(channel_);
      if (!inbox_.was_dismissed()) keep_timeout();
    });
    if (!reader) return reader.error();
    write(HelloMessage{::getpid()});
    while (auto run = inbox_.next())
      run_one(*run);
    reader->join();
    if (!inbox_.was_dismissed()) record_unconfirmed();
    return {};
  }

 private:
  void run_one(const RunMessage& message) {
    const CallId call = message.call;
    // Whatever the operation starts inherits it.
    ::setenv(kCallVariable, to_text(mark_of(message.request)).c_str(), 1);
    write(StartedMessage{call});
    const OperationStream stream{
        [this, call](LogMessage log) { send(call, std::move(log)); },
        [this, call](EventMessage event) { send(call, std::move(event)); },
        [this, call](LogBatch batch) { send(call, std::move(batch)); },
        [this, call](Delta delta) { send(call, std::move(delta)); },
        [this, call](PropertyRequest request) -> std::optional<PropertyAnswer> {
          send(call, std::move(request));
          return inbox_.wait_for_answer<PropertyAnswer>(call);
        },
        [this, call](InstancesRequest request) -> std::optional<InstancesAnswer> {
          send(call, std::move(request));
          return inbox_.wait_for_answer<InstancesAnswer>(call);
        }};
    output_.begin({[&](std::vector<std::string> lines) {
                     stream.on_logs({"info", kOutputLogger, std::move(lines)});
                   },
                   [&](std::string piece, bool goes_on) {
                     stream.on_log({"info", kOutputLogger, std::move(piece),
                                    goes_on ? LogMessage::Piece::more : LogMessage::Piece::last});
                   }});
    running_.begin(message.request);
    OperationResult result =
        run_operation(message.request, options_.caller, stream, inbox_.cancelled());
    if (running_.end()) result = overdue_result(message.request, std::move(result));
    output_.end();
    forget_confirmed();
    unconfirmed_[call] = make_orphan(message.request, result);
    send(call, std::move(result));
  }

  static CallMark mark_of(const OperationRequest& request) {
    return {request.execution_id, request.task_id, request.attempt};
  }

  static OrphanResult make_orphan(const OperationRequest& request, OperationResult result) {
    return {request.execution_id, request.task_id,   request.attempt,
            request.context,      std::move(result), request.secrets};
  }

  // An operation that came to an end when its script was ended for its timeout.
  static OperationResult overdue_result(const OperationRequest& request, OperationResult result) {
    OperationResult overdue = result_of_end(EndReason::timeout, request, {});
    overdue.deltas = std::move(result.deltas);
    return overdue;
  }

  // On the reading thread, when the runner has gone: nobody else is there to end an operation that
  // takes too long, and the main thread is in it.
  void keep_timeout() {
    const auto overdue = running_.wait_until_overdue();
    if (!overdue) return;
    if (end_scripts(*overdue) || !running_.seize()) return;
    record_unconfirmed();
    options_.recorder.record(make_orphan(overdue->request, overdue_result(overdue->request, {})));
    signal_scripts(*overdue, SIGKILL);
    ::kill(0, SIGKILL);
  }

  // As a runner would: first the script, so that what the operation has set counts. True: the
  // operation has ended with it.
  bool end_scripts(const Running::Call& call) {
    if (!signal_scripts(call, SIGTERM)) return false;
    if (running_.wait_for_end(kOwnGrace)) return true;
    signal_scripts(call, SIGKILL);
    return running_.wait_for_end(kOwnLastWords);
  }

  // False: there was none.
  bool signal_scripts(const Running::Call& call, int signal) const {
    const WorkerCall known{::getpid(), own_mark_, to_text(mark_of(call.request)), call.since_ticks};
    const auto table = process::ProcessTable::read(kCallVariable);
    const std::vector<pid_t> groups = CallProcesses(table, known).groups();
    for (const pid_t group : groups) {
      ::kill(-group, signal);
      ::kill(-group, SIGCONT);
    }
    return !groups.empty();
  }

  void record_unconfirmed() {
    forget_confirmed();
    for (const auto& [call, orphan] : unconfirmed_)
      options_.recorder.record(orphan);
  }

  template <typename Content>
  void send(CallId call, Content content) {
    write(Of<Content>{call, std::move(content)});
  }

  // A runner that has gone is no reason to stop: what the operation did counts. A socket that has
  // gone is: nothing could be said any more, and what is there now is somebody else's.
  void write(WorkerMessage message) {
    if (!socket_.is_in_place()) std::_Exit(kLostSocketCode);
    channel_.write_line(to_line(message));
  }

  void forget_confirmed() {
    for (const CallId call : inbox_.take_confirmed())
      unconfirmed_.erase(call);
  }

  const WorkerOptions& options_;
  process::LineChannel& channel_;
  const FileMark socket_{kWorkerSocketFd};
  OutputCapture& output_;
  Inbox inbox_;
  Running running_;
  std::map<CallId, OrphanResult> unconfirmed_;
  std::string own_mark_;
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
  return Worker(options, channel, **output).run() ? 0 : 2;
}

}  // namespace cfy::dispatch
