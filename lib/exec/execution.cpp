#include "exec/execution.hpp"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "base/ids.hpp"
#include "base/names.hpp"
#include "deploy/plan_merge.hpp"
#include "exec/cancel_watch.hpp"
#include "exec/deployment_changer.hpp"
#include "exec/event_log.hpp"
#include "exec/execution_row.hpp"
#include "exec/instance_book.hpp"
#include "exec/left_operations.hpp"
#include "exec/left_scripts.hpp"
#include "exec/make_transport.hpp"
#include "exec/operation_runner.hpp"
#include "exec/recorder_store.hpp"
#include "exec/snapshot.hpp"
#include "exec/store_thread.hpp"
#include "exec/stored_deployment.hpp"

namespace cfy::exec {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using base::Result;

CancelDegree degree_of(std::string_view status) {
  if (status == "cancelling") return CancelDegree::graceful;
  if (status == "force_cancelling") return CancelDegree::force;
  if (status == "kill_cancelling") return CancelDegree::kill;
  return CancelDegree::none;
}

store::CancelDegree stored_degree(CancelDegree degree) {
  if (degree == CancelDegree::kill) return store::CancelDegree::kill;
  return degree == CancelDegree::force ? store::CancelDegree::force : store::CancelDegree::graceful;
}

CancelDegree next(CancelDegree degree) {
  return degree == CancelDegree::kill ? degree
                                      : static_cast<CancelDegree>(static_cast<int>(degree) + 1);
}

// One execution while it runs. The members stand in the order in which they need each other, but
// for the transport.
class Run {
 public:
  static Result<std::unique_ptr<Run>> open(ExecutionSetup setup);
  ExecutionOutcome run();

 private:
  explicit Run(ExecutionSetup setup)
      : setup_(std::move(setup)),
        secrets_(setup_.secrets != nullptr ? *setup_.secrets : stored_secrets_),
        log_(setup_.shown, &secrets_.mask()) {
    if (setup_.resume) id_ = setup_.resume->execution_id;
  }

  Result<void> check_nobody_works() const;
  Result<void> enter();
  Result<void> save_definitions();
  Result<void> create_row();
  Result<void> take_run_lock(std::int64_t number);
  Result<void> take_up();
  Result<void> check_cut_off(const Restart& restart) const;
  Result<void> make_changer();
  RequestFacts request_facts();
  Result<void> connect();
  Result<void> evaluate_parameters();
  Result<void> finish(const ExecutionOutcome& outcome);
  ExecutionOutcome judge(const Result<json>& returned) const;
  void announce(std::string_view event_type, std::string text);
  Result<void> start_threads();
  void end_threads();
  void sweep_sockets();
  void hear_signal();
  void hear_message(int degree);
  void take_request(CancelDegree degree);
  void wait_for_third_signal();
  event::Context context() const;

  ExecutionSetup setup_;
  SecretSource stored_secrets_{{}, {}};
  SecretSource& secrets_;
  std::string id_ = base::make_uuid();
  std::int64_t started_ms_ = 0;
  std::shared_ptr<store::RunLock> run_lock_;  // as long as it lives, this process works on it
  std::unique_ptr<store::Store> store_;       // the coordinator's; before and after, the caller's
  EventLog log_;
  std::optional<store::GraphId> graph_;  // of the execution that is resumed
  std::unique_ptr<Replay> replay_;
  std::unique_ptr<Outside> outside_;
  json parameters_ = json::object();  // of setup_, with their functions evaluated
  std::unique_ptr<InstanceBook> book_;
  std::unique_ptr<RequestMaker> requests_;
  std::unique_ptr<OperationRunner> runner_;
  std::unique_ptr<StoreRecorder> recorder_;
  std::unique_ptr<StoredChanger> changer_;
  std::unique_ptr<StoredUpdate> update_;  // of executions that are one
  std::unique_ptr<WorkflowCall> call_;
  // Goes before those whom it tells what operations say.
  std::unique_ptr<dispatch::Transport> transport_;
  std::mutex signal_mutex_;
  std::condition_variable kill_heard_;
  bool is_forced_by_signal_ = false;  // under signal_mutex_
  std::unique_ptr<StoreThread> store_thread_;
  std::unique_ptr<CancelWatch> watch_;
};

Result<std::unique_ptr<Run>> Run::open(ExecutionSetup setup) {
  std::unique_ptr<Run> run(new Run(std::move(setup)));
  auto store = store::Store::open(run->setup_.state_dir);
  if (!store) return std::move(store).error();
  run->store_ = *std::move(store);
  if (auto masked = run->secrets_.mask_stored(*run->store_); !masked) return masked.error();
  if (auto free = run->check_nobody_works(); !free) return std::move(free).error();
  auto transaction = run->store_->begin();
  if (!transaction) return transaction.error();
  if (auto entered = run->enter(); !entered) return std::move(entered).error();
  if (auto connected = run->connect(); !connected) return std::move(connected).error();
  if (auto committed = transaction->commit(); !committed) return std::move(committed).error();
  run->sweep_sockets();
  return run;
}

// Operations that an earlier run of the deployment left, as it died or was ended by force, change
// its instances still. Workers that only close down are gone in a moment.
Result<void> Run::check_nobody_works() const {
  if (setup_.is_forced || setup_.resume || setup_.options.is_dry_run) return {};
  constexpr int kLooks = 25;
  for (int looks = 1;; ++looks) {
    const auto left = find_left_operation(*store_, setup_.definitions.row.id);
    if (!left) return left.error();
    if (!*left) return {};
    if (looks == kLooks)
      return base::make_error(
          ErrorKind::conflict,
          "operations of the deployment '{0}' that execution {1} left are running still (process "
          "{2}); wait for their end, stop them with 'cfy-run cancel {1} --kill', or run beside "
          "them "
          "with --force",
          setup_.definitions.row.id, (*left)->execution_id, (*left)->process);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

// Runs that were killed could not remove theirs.
void Run::sweep_sockets() {
  const fs::path folder = run_dir(setup_.state_dir);
  for (const std::string& id : list_sockets(folder)) {
    const auto row = store_->executions().get(id);
    const bool is_unknown = !row && row.error().kind() == ErrorKind::not_found;
    const bool is_gone = row && store_->executions().runner_state(*row) == store::RunnerState::gone;
    if (is_unknown || is_gone) forget_socket(folder, id);
  }
}

event::Context Run::context() const {
  event::Context context;
  context.blueprint_id = setup_.definitions.row.blueprint_id;
  context.deployment_id = setup_.definitions.row.id;
  context.execution_id = id_;
  context.workflow_id = setup_.workflow_id;
  return context;
}

// Those of a run that goes on come from its row, where functions stand for secrets.
Result<void> Run::evaluate_parameters() {
  parameters_ = setup_.parameters;
  if (!functions::contains_function(parameters_)) return {};
  RunStorage storage(*setup_.plan, *book_, setup_.definitions.row, outside_.get());
  functions::Context context;
  context.path = fmt::format("parameters of workflow '{}'", setup_.workflow_id);
  auto evaluated = storage.evaluate(parameters_, context);
  if (!evaluated) return base::Error(ErrorKind::invalid, evaluated.error().message());
  parameters_ = *std::move(evaluated);
  return {};
}

// An update begins here: before anything reads the instances.
Result<void> Run::make_changer() {
  ChangerSetup changer;
  changer.store = store_.get();
  changer.deployment_id = setup_.definitions.row.id;
  changer.plan = *setup_.plan;
  changer.execution_id = id_;
  changer.clock = setup_.clock;
  changer.is_dry_run = setup_.options.is_dry_run || (setup_.update && setup_.update->is_pretended);
  changer_ = std::make_unique<StoredChanger>(std::move(changer));
  if (!setup_.update) return changer_->reload();
  update_ = std::make_unique<StoredUpdate>(
      *setup_.update, UpdateParts{store_.get(), changer_.get(), id_, setup_.clock});
  return update_->begin(setup_.definitions.row);
}

RequestFacts Run::request_facts() {
  RequestFacts facts;
  facts.plan = setup_.plan;
  facts.deployment = &setup_.definitions.row;
  facts.execution_id = id_;
  facts.workflow_id = setup_.workflow_id;
  facts.parameters = parameters_;
  facts.outside = outside_.get();
  facts.resources_root = fs::path(setup_.definitions.row.blueprint_path).parent_path();
  facts.work_root = deployment_dir(setup_.state_dir, setup_.definitions.row.id);
  facts.find_plugin = setup_.find_plugin;
  if (setup_.update) {
    facts.old_operations = deploy::operations_from_before(*setup_.plan, setup_.update->after);
    facts.old_resources_root = fs::path(update_->blueprint_before()).parent_path();
  }
  return facts;
}

// Build what runs it; nothing starts yet.
Result<void> Run::connect() {
  if (auto made = make_changer(); !made) return made;
  auto instances = in_blueprint_order(changer_->instances(), *setup_.plan);
  book_ = std::make_unique<InstanceBook>(instances);
  outside_ = std::make_unique<Outside>(*store_, secrets_);
  if (auto evaluated = evaluate_parameters(); !evaluated) return evaluated;
  requests_ = std::make_unique<RequestMaker>(request_facts(), *book_);
  auto transport = make_transport({setup_.program, setup_.state_dir, id_, setup_.jobs,
                                   setup_.is_isolated, [this] { return log_.is_congested(); }});
  if (!transport) return transport.error();
  transport_ = *std::move(transport);
  runner_ = std::make_unique<OperationRunner>(*transport_, *requests_, log_, *setup_.clock,
                                              &secrets_.mask());
  recorder_ = std::make_unique<StoreRecorder>(
      *store_, *book_, log_, id_, *setup_.clock, secrets_,
      [runner = runner_.get()](const std::string& task_id) { runner->confirm(task_id); });
  if (graph_) recorder_->continue_graph(*graph_);

  CallSetup call;
  call.plan = setup_.plan;
  call.instances = std::move(instances);
  call.context = context();
  call.parameters = parameters_;
  call.options = setup_.options;
  call.is_resume = setup_.resume.has_value();
  call.replay = replay_.get();
  call.accepts_other_graph = setup_.is_forced;
  call.clock = setup_.clock;
  call.runner = runner_.get();
  call.recorder = recorder_.get();
  call.changer = changer_.get();
  call.update = update_.get();
  call.on_modified = [this](const Snapshot& now) { book_->replace(now.rows(), now.is_gone()); };
  call.resources_root = fs::path(setup_.definitions.row.blueprint_path).parent_path().string();
  call.find_execution = [store = store_.get()](const std::string& id) -> Result<json> {
    const auto row = store->executions().get(id);
    if (!row) return row.error();
    return to_json(*row);
  };
  call.sink = &log_;
  call.mask = &secrets_.mask();
  call_ = std::make_unique<WorkflowCall>(std::move(call));
  auto watch = CancelWatch::open(
      {[this](int) { hear_signal(); }, [this](int degree) { hear_message(degree); }});
  if (!watch) return watch.error();
  watch_ = *std::move(watch);
  auto store = store::Store::open(setup_.state_dir);
  if (!store) return store.error();
  store_thread_ = std::make_unique<StoreThread>(
      StoreThread::Setup{*std::move(store), id_, &log_,
                         [this](std::string_view status) { take_request(degree_of(status)); }});
  return {};
}

// A failure here comes before the workflow has begun; its row is there and gets its end.
Result<void> Run::start_threads() {
  if (auto started = store_thread_->start(); !started) return started;
  // Without its socket a cancel is heard a second later.
  (void)watch_->listen(run_dir(setup_.state_dir), id_);
  return watch_->start();
}

void Run::end_threads() {
  watch_.reset();
  store_thread_->stop();
}

// The definitions, the row and the locks, and what is read of an earlier run, come together or not
// at all.
Result<void> Run::enter() {
  const auto self = process::this_process();
  if (!self) return self.error();
  if (auto saved = save_definitions(); !saved) return saved;
  if (setup_.resume)
    run_lock_ = setup_.resume->lock;
  else if (auto created = create_row(); !created)
    return created;
  const std::int64_t now_ms = setup_.clock->wall_ms();
  // A resumed run never goes on beside another: it relies on what it left.
  if (!setup_.is_forced || setup_.resume) {
    auto lock = store_->locks().take({setup_.definitions.row.id, id_, now_ms});
    if (!lock) return lock.error();
  }
  const store::Runner runner{*self, store_->run_locks().file_number()};
  if (setup_.resume) {
    if (auto resumed = store_->executions().resume(id_, runner, now_ms); !resumed) return resumed;
    return take_up();
  }
  auto started = store_->executions().start(id_, runner, now_ms);
  if (!started) return started.error();
  return {};
}

// An update stores its own; a dry run of a deployment that there is changes nothing.
Result<void> Run::save_definitions() {
  const Definitions& definitions = setup_.definitions;
  if (setup_.update) return {};
  if (setup_.options.is_dry_run && definitions.before)
    return check_unchanged(*store_, definitions.row.id, definitions.before);
  return exec::save_definitions(*store_, definitions);
}

Result<void> Run::take_run_lock(std::int64_t number) {
  auto lock = store_->run_locks().take(number);
  if (!lock) return lock.error();
  if (!*lock)
    return base::make_error(ErrorKind::conflict,
                            "another process works on execution {}; see 'cfy-run events {} --tail'",
                            id_, id_);
  run_lock_ = std::make_shared<store::RunLock>(**std::move(lock));
  return {};
}

Result<void> Run::create_row() {
  store::Execution row;
  row.id = id_;
  row.deployment_id = setup_.definitions.row.id;
  row.workflow_id = setup_.workflow_id;
  row.parameters = secrets_.refer_to_secrets(setup_.parameters);
  row.is_dry_run = setup_.options.is_dry_run;
  row.setup = setup_.stored_setup;
  row.created_ms = setup_.clock->wall_ms();
  const auto number = store_->executions().create(row);
  if (!number) return number.error();
  return take_run_lock(*number);
}

// What the run before left.
Result<void> Run::take_up() {
  if (auto kept = store_->executions().set_setup(id_, setup_.stored_setup); !kept) return kept;
  // They were looked for, and none runs any more.
  if (auto none = store_->operations().forget_calls(id_); !none) return none;
  const auto graphs = store_->operations().list_graphs(id_);
  if (!graphs) return graphs.error();
  for (const store::StoredGraph& graph : *graphs)
    if (graph.name == StoreRecorder::kGraphName) graph_ = graph.id;
  if (!graph_) return {};  // it died before its first task
  const auto rows = store_->operations().list(*graph_);
  if (!rows) return rows.error();
  Restart restart = plan_restart(*rows, setup_.resume->resets_operations);
  if (auto checked = check_cut_off(restart); !checked) return checked;
  for (const std::uint32_t number : restart.reset)
    if (auto reset = store_->operations().reset({*graph_, number}); !reset) return reset;
  for (const std::uint32_t number : restart.given_up) {
    const store::OperationEnd end{0, "failed", nullptr, "it was cut off", setup_.clock->wall_ms()};
    if (auto ended = store_->operations().finish_again({*graph_, number}, end); !ended)
      return ended;
  }
  replay_ = std::make_unique<Replay>(std::move(restart.tasks), restart.next_number);
  return {};
}

Result<void> Run::check_cut_off(const Restart& restart) const {
  if (setup_.resume->resets_operations) return {};
  std::string text;
  for (const CutOffOperation& one : restart.cut_off) {
    const auto may_run = setup_.resume->may_run_again(one);
    if (!may_run) return may_run.error();
    if (!*may_run)
      text += fmt::format("\n  {} of {} ({}.{})", one.operation, one.instance, one.plugin,
                          one.function);
  }
  if (text.empty()) return {};
  return base::make_error(ErrorKind::conflict,
                          "these operations were cut off, how far they came is unknown, and they "
                          "are not resumable:{}\nlook what they left behind; then run them again "
                          "with 'cfy-run resume {} --reset-operations'",
                          text, id_);
}

void Run::hear_signal() {
  const CancelDegree degree = next(call_->cancel_degree());
  {
    const std::lock_guard lock(signal_mutex_);
    is_forced_by_signal_ = degree == CancelDegree::force;
  }
  take_request(degree);
  kill_heard_.notify_all();
}

// Whoever presses Ctrl-C three times wants a kill, and the second would end the process before the
// third could be pressed.
void Run::wait_for_third_signal() {
  constexpr std::chrono::seconds kPatience{1};
  std::unique_lock lock(signal_mutex_);
  if (!is_forced_by_signal_ || call_->summary().work.running == 0) return;
  kill_heard_.wait_for(lock, kPatience, [this] { return !is_forced_by_signal_; });
}

void Run::hear_message(int degree) {
  if (degree >= static_cast<int>(CancelDegree::graceful) &&
      degree <= static_cast<int>(CancelDegree::kill))
    take_request(static_cast<CancelDegree>(degree));
  store_thread_->look();
}

// From the watch (a signal, a message) and from the thread that reads the row: the run hears it
// first, then the row says so.
void Run::take_request(CancelDegree degree) {
  {
    const std::lock_guard lock(signal_mutex_);
    if (degree <= call_->cancel_degree()) return;
    call_->request_cancel(degree);
  }
  if (setup_.on_cancel) setup_.on_cancel(degree);
  store_thread_->note_cancel(stored_degree(degree));
}

void Run::announce(std::string_view event_type, std::string text) {
  event::Event event;
  event.wall_ms = setup_.clock->wall_ms();
  event.event_type = event_type;
  event.context = context();
  event.text = std::move(text);
  if (setup_.options.is_dry_run) event.text += " (dry run)";
  log_.take(event);
}

ExecutionOutcome Run::judge(const Result<json>& returned) const {
  ExecutionOutcome outcome;
  outcome.execution_id = id_;
  outcome.summary = call_->summary();
  outcome.is_abandoned = call_->is_abandoned();
  outcome.duration_ms = setup_.clock->monotonic_ms() - started_ms_;
  const event::SecretMask& mask = secrets_.mask();
  for (FailedTask& task : outcome.summary.failures) {
    task.error = mask.text(task.error);
    task.output = mask.text(task.output);
  }
  if (returned) {
    outcome.status = "terminated";
    outcome.result = *returned;
    mask.apply(outcome.result);
  } else if (returned.error().kind() == ErrorKind::cancelled) {
    outcome.status = "cancelled";
  } else {
    outcome.status = "failed";
    outcome.error = mask.text(returned.error().message());
    outcome.error_kind = returned.error().kind();
  }
  return outcome;
}

Result<void> Run::finish(const ExecutionOutcome& outcome) {
  const auto writing = log_.lock_writing();
  auto transaction = store_->begin();
  if (!transaction) return transaction.error();
  if (auto written = log_.write(*store_); !written) return written;
  if (update_ && outcome.status == "terminated")
    if (auto updated = update_->finish(); !updated) return updated;
  const store::ExecutionEnd end{outcome.status, outcome.error, outcome.result,
                                setup_.clock->wall_ms()};
  if (auto ended = store_->executions().finish(id_, end); !ended) return ended;
  if (auto released = store_->locks().release(setup_.definitions.row.id, id_); !released)
    return released;
  return transaction->commit();
}

ExecutionOutcome Run::run() {
  started_ms_ = setup_.clock->monotonic_ms();
  if (setup_.on_started) setup_.on_started(id_);
  announce("workflow_started",
           fmt::format("{} '{}' workflow execution", setup_.resume ? "Resuming" : "Starting",
                       setup_.workflow_id));
  Result<json> returned = json();
  if (auto started = start_threads(); started)
    returned = call_->run(setup_.entry);
  else
    returned = std::move(started).error();
  wait_for_third_signal();
  end_threads();
  // A forced end lets operations go; who asks for a kill right after it wants them gone.
  const bool kills_left =
      call_->cancel_degree() == CancelDegree::kill && call_->summary().work.running > 0;
  if (kills_left) (void)kill_left_operations(*store_, id_);
  ExecutionOutcome outcome = judge(returned);
  if (kills_left) outcome.summary.work.failed += std::exchange(outcome.summary.work.running, 0);
  const std::string subject = fmt::format("'{}' workflow execution", setup_.workflow_id);
  if (outcome.status == "terminated")
    announce("workflow_succeeded", subject + " succeeded");
  else if (outcome.status == "cancelled")
    announce("workflow_cancelled", subject + " cancelled");
  else
    announce("workflow_failed", fmt::format("{} failed: {}", subject, outcome.error));
  if (auto finished = finish(outcome); !finished) {
    outcome.status = "failed";
    outcome.error = finished.error().message();
    outcome.error_kind = ErrorKind::state;
  }
  return outcome;
}

}  // namespace

Result<ExecutionOutcome> run_execution(ExecutionSetup setup) {
  const fs::path state_dir = setup.state_dir;
  const std::string deployment_id = setup.definitions.row.id;
  auto run = Run::open(std::move(setup));
  if (!run) return run.error();
  remove_left_scripts(state_dir, deployment_id);
  ExecutionOutcome outcome = (*run)->run();
  remove_left_scripts(state_dir, deployment_id);
  // Threads that were left behind may still use all of it; the process is about to end.
  if (outcome.is_abandoned) (void)run->release();
  return outcome;
}

fs::path run_dir(const fs::path& state_dir) {
  return state_dir / "run";
}

fs::path deployment_folder(const std::string& deployment_id) {
  return fs::path("deployments") / base::to_path_part(deployment_id);
}

fs::path deployment_dir(const fs::path& state_dir, const std::string& deployment_id) {
  return state_dir / deployment_folder(deployment_id);
}

}  // namespace cfy::exec
