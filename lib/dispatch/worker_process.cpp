// The life of a worker: started, a call, its result, the next call ... until it is dismissed, dies,
// or is ended. Only the pidfd says that it is dead; then the socket is read to its end, so that a
// result that was on its way counts.
#include "dispatch/worker_process.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <signal.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "process/line_buffer.hpp"
#include "process/process_table.hpp"

extern char** environ;

namespace cfy::dispatch {
namespace {

// A socket closes a moment before its process is seen dead; only one that stays is ended.
constexpr std::chrono::seconds kSocketBeforeExit{2};
constexpr std::chrono::seconds kLastThread{2};
// What an operation may take to end when its script has been ended.
constexpr std::chrono::seconds kLastWords{2};

std::chrono::milliseconds to_ms(double seconds) {
  constexpr double kLongest = 1e9;  // thirty years
  return std::chrono::milliseconds(std::llround(std::min(seconds, kLongest) * 1000.0));
}

std::vector<std::string> marked_environment(const std::string& mark) {
  const std::string start = fmt::format("{}=", kCallVariable);
  std::vector<std::string> entries{start + mark};
  for (char** entry = environ; *entry != nullptr; ++entry)
    if (!std::string_view(*entry).starts_with(start)) entries.emplace_back(*entry);
  return entries;
}

std::int64_t ticks_of(pid_t pid) {
  const auto entry = process::find_process(pid);
  return entry ? static_cast<std::int64_t>(entry->started_ticks) : 0;
}

}  // namespace

base::Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(const Surroundings& surroundings,
                                                                  Callbacks callbacks) {
  auto sockets = process::make_socket_pair();
  if (!sockets) return std::move(sockets).error();
  auto output = process::make_pipe();
  if (!output) return std::move(output).error();
  process::SpawnOptions options;
  options.argv = surroundings.settings.argv;
  std::string mark = base::make_uuid();
  options.environment = marked_environment(mark);
  options.fds = {{output->write_end.get(), 1},
                 {output->write_end.get(), 2},
                 {sockets->second.get(), kWorkerSocketFd},
                 {output->read_end.get(), kWorkerOutputFd}};
  options.new_session = true;
  auto child = process::spawn(options);
  if (!child) return std::move(child).error();
  Pipes pipes{std::move(sockets->first), std::move(output->read_end)};
  return std::unique_ptr<WorkerProcess>(new WorkerProcess(
      surroundings, std::move(*child), std::move(mark), std::move(pipes), std::move(callbacks)));
}

WorkerProcess::WorkerProcess(const Surroundings& surroundings, process::Child child,
                             std::string mark, Pipes pipes, Callbacks callbacks)
    : loop_(surroundings.loop),
      scanner_(surroundings.scanner),
      settings_(surroundings.settings),
      child_(std::move(child)),
      started_ticks_(ticks_of(child_.pid())),
      mark_(std::move(mark)),
      output_(std::move(pipes.output)),
      callbacks_(std::move(callbacks)) {
  process::LineSocket::Callbacks lines{[this](std::string_view line) { on_line(line); },
                                       [this] { on_socket_closed(); },
                                       [this] { return is_congested(); }};
  socket_ = std::make_unique<process::LineSocket>(loop_, std::move(pipes.socket), std::move(lines));
  exit_watch_ = loop_.watch(child_.pidfd(), EPOLLIN, [this](std::uint32_t) { on_exit(); });
}

WorkerProcess::~WorkerProcess() {
  *self_ = nullptr;
  loop_.unwatch(exit_watch_);
  loop_.cancel_timer(timer_);
}

bool WorkerProcess::is_usable() const {
  return !call_ && stage_ == Stage::none && !has_exited_ && !is_disconnected_;
}

bool WorkerProcess::is_congested() const {
  return stage_ == Stage::none && settings_.is_congested && settings_.is_congested();
}

void WorkerProcess::run(PendingCall call) {
  CFY_ASSERT(is_usable());
  call_ = std::move(call);
  call_begun_ = false;
  told_changes_.clear();
  const OperationRequest& request = call_->request;
  call_processes_ = {child_.pid(), mark_,
                     to_text(CallMark{request.execution_id, request.task_id, request.attempt}),
                     process::now_ticks()};
  if (call_->request.timeout_s)
    timer_ = loop_.add_timer(to_ms(*call_->request.timeout_s), [this] { end(EndReason::timeout); });
  socket_->send(to_line(RunnerMessage(RunMessage{call_->id, call_->request})));
}

void WorkerProcess::announce_cancel() {
  socket_->send(to_line(RunnerMessage(CancelMessage{})));
}

void WorkerProcess::confirm(CallId call) {
  socket_->send(to_line(RunnerMessage(ConfirmMessage{call})));
}

void WorkerProcess::answer(AnswerMessage message) {
  if (call_ && call_->id == message.call) socket_->send(to_line(RunnerMessage(std::move(message))));
}

void WorkerProcess::answer(InstancesMessage message) {
  if (call_ && call_->id == message.call) socket_->send(to_line(RunnerMessage(std::move(message))));
}

// The answer may come from another thread, and when the worker has gone.
template <typename Message>
auto WorkerProcess::make_reply(CallId call) {
  return [&loop = loop_, self = self_, call](decltype(Message::answer) answer) {
    loop.post([self, message = Message{call, std::move(answer)}] {
      if (*self != nullptr) (*self)->answer(message);
    });
  };
}

void WorkerProcess::dismiss() {
  socket_->send(to_line(RunnerMessage(QuitMessage{})));
  loop_.cancel_timer(timer_);
  timer_ = loop_.add_timer(settings_.grace, [this] { child_.signal_group(SIGKILL); });
}

// ---------------------------------------------------------------- what the worker says

struct WorkerProcess::Dispatcher {
  WorkerProcess& worker;

  void operator()(HelloMessage) const { worker.said_hello_ = true; }
  void operator()(StartedMessage started) const {
    if (is_current(started.call)) worker.on_begun();
  }
  void operator()(Of<LogMessage> log) const {
    if (!is_current(log.call)) return;
    if (log.content.logger == kOutputLogger)
      worker.is_inside_line_ = log.content.piece == LogMessage::Piece::more;
    worker.tell(std::move(log.content));
  }
  void operator()(Of<LogBatch> batch) const {
    for (std::string& text : batch.content.texts)
      if (is_current(batch.call))
        worker.tell({batch.content.level, batch.content.logger, std::move(text)});
  }
  void operator()(Of<EventMessage> event) const {
    if (is_current(event.call)) worker.call_->sink->on_event(event.call, std::move(event.content));
  }
  void operator()(Of<Delta> delta) const {
    if (is_current(delta.call))
      worker.told_changes_.insert_or_assign(delta.content.instance_id, std::move(delta.content));
  }
  void operator()(Of<PropertyRequest> request) const {
    if (is_current(request.call))
      worker.call_->sink->on_properties(request.call, std::move(request.content),
                                        worker.make_reply<AnswerMessage>(request.call));
  }
  void operator()(Of<InstancesRequest> request) const {
    if (is_current(request.call))
      worker.call_->sink->on_instances(request.call, std::move(request.content),
                                       worker.make_reply<InstancesMessage>(request.call));
  }
  void operator()(Of<OperationResult> result) const {
    if (is_current(result.call)) worker.on_result(std::move(result.content));
  }

  // A thread that an operation left behind may go on talking; nobody listens to it.
  bool is_current(CallId call) const { return worker.call_ && worker.call_->id == call; }
};

void WorkerProcess::on_line(std::string_view line) {
  if (stage_ == Stage::everything) return;  // too late: that it is being ended is what counts
  auto message = parse_worker_line(line);
  if (message) return std::visit(Dispatcher{*this}, std::move(*message));
  // Not a worker that could be trusted with another word.
  end(EndReason::garbage, message.error().message());
}

// While it is ended it may say what it wants to say, but who prints without end does not keep
// everybody waiting with that.
void WorkerProcess::tell(LogMessage log) {
  if (stage_ == Stage::none) return call_->sink->on_log(call_->id, std::move(log));
  constexpr std::size_t kLastLogs = 200;
  last_logs_.push_back(std::move(log));
  if (last_logs_.size() <= kLastLogs) return;
  last_logs_.pop_front();
  ++left_out_logs_;
}

void WorkerProcess::tell_last_logs() {
  if (const std::size_t count = std::exchange(left_out_logs_, 0); count > 0)
    call_->sink->on_log(call_->id, {"warning", "ctx",
                                    fmt::format("{} lines that the operation printed while it was "
                                                "ended are left out here",
                                                count)});
  for (LogMessage& log : std::exchange(last_logs_, {}))
    call_->sink->on_log(call_->id, std::move(log));
}

void WorkerProcess::on_begun() {
  call_begun_ = true;
  call_->sink->on_begun(call_->id, {child_.pid(), started_ticks_,
                                    static_cast<std::int64_t>(call_processes_.since_ticks)});
}

void WorkerProcess::on_result(OperationResult result) {
  if (stage_ != Stage::none) {
    // Whatever it came to, it was ended; but what it has set counts.
    verdict_->deltas = std::move(result.deltas);
    told_changes_.clear();
    has_last_words_ = true;
    if (stage_ == Stage::last_words) end_everything();
    return;
  }
  finish_call(std::move(result));
  if (!has_exited_) callbacks_.on_idle(*this);
}

void WorkerProcess::finish_call(OperationResult result) {
  loop_.cancel_timer(timer_);
  tell_last_logs();
  const PendingCall call = std::move(*call_);
  call_.reset();
  call.sink->on_result(call.id, std::move(result));
}

// ---------------------------------------------------------------- how it ends

void WorkerProcess::on_socket_closed() {
  if (stage_ != Stage::none || has_exited_) return;
  is_disconnected_ = true;
  loop_.cancel_timer(timer_);
  timer_ = loop_.add_timer(kSocketBeforeExit, [this] { end(EndReason::connection_lost); });
}

void WorkerProcess::end(EndReason reason, std::string detail) {
  const bool is_broken = reason == EndReason::garbage || reason == EndReason::connection_lost;
  if (has_exited_ || (stage_ != Stage::none && !is_broken)) return;
  loop_.cancel_timer(timer_);
  if (stage_ == Stage::none)
    verdict_ = call_ ? result_of_end(reason, call_->request, detail) : OperationResult{};
  if (is_broken) return end_everything();
  end_scripts();
}

void WorkerProcess::end_scripts() {
  stage_ = Stage::scripts;
  // Those of the first look only: an operation that starts the next one is not to go on for long.
  auto scripts = std::make_shared<std::optional<process::Termination::FindGroups>>();
  const auto find = [this, scripts](const process::ProcessTable& table) {
    if (!*scripts) {
      std::vector<pid_t> groups = script_groups(table);
      has_last_words_ = has_last_words_ || groups.empty();
      *scripts = process::these_groups(std::move(groups));
    }
    return (**scripts)(table);
  };
  termination_ = std::make_unique<process::Termination>(loop_, scanner_, find, settings_.grace,
                                                        [this] { wait_for_last_words(); });
}

void WorkerProcess::wait_for_last_words() {
  if (has_last_words_ || has_exited_) return end_everything();
  stage_ = Stage::last_words;
  timer_ = loop_.add_timer(kLastWords, [this] { end_everything(); });
}

void WorkerProcess::end_everything() {
  loop_.cancel_timer(timer_);
  stage_ = Stage::everything;
  const auto find = [this, own = process::these_groups({child_.pid()})](
                        const process::ProcessTable& table) mutable {
    std::vector<pid_t> groups = script_groups(table);
    for (const pid_t group : own(table))
      groups.push_back(group);
    return groups;
  };
  termination_ = std::make_unique<process::Termination>(loop_, scanner_, find, settings_.grace,
                                                        [this] { on_terminated(); });
}

void WorkerProcess::on_terminated() {
  is_terminated_ = true;
  if (has_exited_) return conclude();
  // Dead for all that can be seen, but a thread of it is still on its way out: on_exit() comes, or
  // it hangs in the kernel and there is no more to wait for.
  timer_ = loop_.add_timer(kLastThread, [this] { conclude(); });
}

void WorkerProcess::conclude() {
  has_exited_ = true;
  // It did not come to its result: what it said before is what there is.
  for (auto& [instance, change] : told_changes_)
    if (!change.is_empty()) verdict_->deltas.push_back(std::move(change));
  if (call_) finish_call(*std::move(verdict_));
  callbacks_.on_gone(*this, std::nullopt);
}

void WorkerProcess::on_exit() {
  const auto status = child_.poll();
  if (!status) return;
  has_exited_ = true;
  loop_.unwatch(exit_watch_);
  if (is_terminated_) {
    loop_.cancel_timer(timer_);
    return conclude();
  }
  if (stage_ == Stage::last_words) return end_everything();
  if (stage_ != Stage::none) return;  // what it started may still run
  loop_.cancel_timer(timer_);
  socket_->read_available();
  if (!call_) return callbacks_.on_gone(*this, std::nullopt);
  if (said_hello_ && !call_begun_) {
    PendingCall unbegun = std::move(*call_);
    call_.reset();
    ++unbegun.lost_workers;
    return callbacks_.on_gone(*this, std::move(unbegun));
  }
  verdict_ = result_of_exit(*status);
  end_everything();
}

std::vector<pid_t> WorkerProcess::script_groups(const process::ProcessTable& table) const {
  return call_ ? CallProcesses(table, call_processes_).groups() : std::vector<pid_t>();
}

OperationResult WorkerProcess::result_of_exit(const process::ExitStatus& status) {
  const std::string output = drain_output();
  if (!said_hello_) return result_of_stillbirth(status, settings_.argv[0], output);
  return result_of_death(status, output);
}

// What it printed last and could not send any more: a stack trace, an assertion.
std::string WorkerProcess::drain_output() {
  process::set_nonblocking(output_.get());
  std::array<char, 64 * 1024> piece;
  const ssize_t got = ::read(output_.get(), piece.data(), piece.size());
  if (got <= 0) return {};
  std::vector<std::string> lines;
  process::LineBuffer buffer(piece.size());
  const auto add = [&](std::string_view line, auto) { lines.push_back(base::to_valid_utf8(line)); };
  buffer.feed({piece.data(), static_cast<std::size_t>(got)}, add);
  buffer.finish(add);
  if (std::exchange(is_inside_line_, false) && !lines.empty()) {
    // The end of a line whose other pieces were told: half of it would help nobody in the report.
    call_->sink->on_log(call_->id,
                        {"info", kOutputLogger, std::move(lines.front()), LogMessage::Piece::last});
    lines.erase(lines.begin());
  }
  for (const std::string& line : lines)
    call_->sink->on_log(call_->id, {"info", kOutputLogger, line});
  constexpr std::size_t kShown = 10;
  if (lines.size() > kShown) lines.erase(lines.begin(), lines.end() - kShown);
  return base::join(lines, "\n");
}

}  // namespace cfy::dispatch
