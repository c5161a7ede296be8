// WorkerProcess: one child of the runner that runs operations, one at a time, and what becomes of a
// call when the child does not behave. All on the loop's thread.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dispatch/call_groups.hpp"
#include "dispatch/ended_results.hpp"
#include "dispatch/messages.hpp"
#include "process/child.hpp"
#include "process/line_socket.hpp"
#include "process/termination.hpp"

namespace cfy::dispatch {

/// A call on its way: in the queue, or in a worker.
struct PendingCall {
  CallId id{};
  OperationRequest request;
  CallSink* sink = nullptr;
  int lost_workers = 0;  ///< how many workers died just before they would have taken it up
};

class WorkerProcess {
 public:
  /// Called last in whatever leads to them: the receiver may not destroy the object before the
  /// callback has returned.
  struct Callbacks {
    /// The call has its result and the worker can take the next.
    std::function<void(WorkerProcess&)> on_idle;
    /// The process has ended, and its call, if it had one, has its result or is in `unbegun`.
    std::function<void(WorkerProcess&, std::optional<PendingCall> unbegun)> on_gone;
  };
  struct Settings {
    std::vector<std::string> argv;
    std::chrono::milliseconds grace;
    std::function<bool()> is_congested = {};  ///< see WorkerTransportOptions
  };

  /// What all workers of a pool share; borrowed.
  struct Surroundings {
    process::Loop& loop;
    process::ProcessScanner& scanner;  ///< with kCallVariable
    const Settings& settings;
  };

  /// Start the program. Errors: not_found, io.
  static base::Result<std::unique_ptr<WorkerProcess>> start(const Surroundings& surroundings,
                                                            Callbacks callbacks);
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  const std::optional<PendingCall>& call() const { return call_; }
  /// It runs nothing, and nothing is known against it.
  bool is_usable() const;

  void run(PendingCall call);
  void announce_cancel();
  void confirm(CallId call);
  /// To what a call has asked; for one that has ended it is thrown away.
  void answer(AnswerMessage message);
  void answer(InstancesMessage message);
  /// End it and what its operation started; the call gets the result that `reason` calls for, and
  /// the runtime properties as the operation has set them so far. A script is ended first: it may
  /// clean up, and what it says meanwhile counts. on_gone follows.
  void end(EndReason reason, std::string detail = {});
  /// Ask an idle worker to exit. on_gone follows.
  void dismiss();

 private:
  struct Pipes {
    process::UniqueFd socket, output;
  };
  struct Dispatcher;
  template <typename Message>
  auto make_reply(CallId call);
  // What happens to a worker that is being ended, or has died in the middle of a call.
  enum class Stage {
    none,
    scripts,     // what the operation started gets SIGTERM, then SIGKILL
    last_words,  // that is gone: the operation may come to its end
    everything,  // now the worker and what is left; nobody listens any more
  };

  WorkerProcess(const Surroundings& surroundings, process::Child child, std::string mark,
                Pipes pipes, Callbacks callbacks);
  bool is_congested() const;
  void on_line(std::string_view line);
  void on_begun();
  void tell(LogMessage log);
  void tell_last_logs();
  void on_result(OperationResult result);
  void on_socket_closed();
  void on_exit();
  void end_scripts();
  void wait_for_last_words();
  void end_everything();
  void on_terminated();
  void conclude();
  std::vector<pid_t> script_groups(const process::ProcessTable& table) const;
  OperationResult result_of_exit(const process::ExitStatus& status);
  std::string drain_output();
  void finish_call(OperationResult result);

  process::Loop& loop_;
  process::ProcessScanner& scanner_;
  const Settings& settings_;
  process::Child child_;
  const std::int64_t started_ticks_;  // as in /proc
  const std::string mark_;            // the value of kCallVariable that it was started with
  process::UniqueFd output_;          // the worker reads it; we do only when it has died
  Callbacks callbacks_;
  std::unique_ptr<process::LineSocket> socket_;
  process::WatchId exit_watch_ = process::WatchId::none;
  process::TimerId timer_ = process::TimerId::none;  // of the call, or of its last moments
  std::shared_ptr<WorkerProcess*> self_ = std::make_shared<WorkerProcess*>(this);  // null: gone
  Stage stage_ = Stage::none;
  std::unique_ptr<process::Termination> termination_;
  std::optional<OperationResult> verdict_;     // what the call gets in the end
  std::map<std::string, Delta> told_changes_;  // by instance; the last of each is all of it
  std::deque<LogMessage> last_logs_;           // what came while it was ended: the last of it
  std::size_t left_out_logs_ = 0;              // before those
  bool has_last_words_ = false;                // the operation will say nothing more
  bool is_terminated_ = false;                 // nothing can be seen to run any more
  std::optional<PendingCall> call_;
  WorkerCall call_processes_;  // of call_
  bool said_hello_ = false, call_begun_ = false;
  bool is_disconnected_ = false, has_exited_ = false;
  bool is_inside_line_ = false;  // what it printed last is a piece, and more of the line is to come
};

}  // namespace cfy::dispatch
