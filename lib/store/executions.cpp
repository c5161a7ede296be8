#include "store/executions.hpp"

#include "store/row_shapes.hpp"
#include "store/transaction.hpp"

namespace cfy::store {

using base::Error;
using base::ErrorKind;
using base::make_error;
using base::Result;

namespace {

#define CFY_EXECUTION_COLUMNS                                                       \
  "id, deployment_id, workflow_id, status, parameters, error, result, is_dry_run, " \
  "created_ms, started_ms, ended_ms, runner_pid, runner_started_ticks, setup, "     \
  "runner_boot_id, runner_pid_namespace, run_lock_file, number FROM executions "

Execution read_execution(Query& row) {
  row.identify("executions", 0);
  Execution execution;
  execution.id = row.text(0);
  execution.deployment_id = row.text(1);
  execution.workflow_id = row.text(2);
  execution.status = row.text(3);
  execution.parameters = row.object(4);
  execution.error = row.text(5);
  execution.result = row.json(6);
  execution.is_dry_run = row.integer(7) != 0;
  execution.created_ms = row.integer(8);
  execution.started_ms = row.optional_integer(9);
  execution.ended_ms = row.optional_integer(10);
  execution.setup = row.shaped(13, is_execution_setup);
  execution.runner = {row.integer(11), row.integer(12), row.text(14), row.text(15)};
  execution.lock_file = row.integer(16);
  execution.number = row.integer(17);
  return execution;
}

Error unknown(const std::string& id) {
  return make_error(ErrorKind::not_found,
                    "there is no execution '{}'; 'cfy-run executions list' shows all", id);
}

Error ambiguous(const std::string& prefix, const std::vector<Execution>& candidates) {
  constexpr std::size_t kShown = 5;
  std::string text = fmt::format("'{}' could be any of {} executions:", prefix, candidates.size());
  for (std::size_t i = 0; i < candidates.size() && i < kShown; ++i)
    text += fmt::format("\n  {}  {} of {}, {}", candidates[i].id, candidates[i].workflow_id,
                        candidates[i].deployment_id, candidates[i].status);
  if (candidates.size() > kShown)
    text += fmt::format("\n  and {} more", candidates.size() - kShown);
  return {ErrorKind::usage, std::move(text)};
}

}  // namespace

Error ended_already(const Execution& execution) {
  return make_error(ErrorKind::conflict, "execution {} ({} of {}) has ended already: {}",
                    execution.id, execution.workflow_id, execution.deployment_id, execution.status);
}

Error unknown_runner(const Execution& execution) {
  return make_error(
      ErrorKind::conflict,
      "whether execution {0} ({1} of {2}) runs still cannot be told from here: process {3} of "
      "another container ({4}) began it, and the lock file that it holds is not there any more; if "
      "you know that it has ended, say so with 'cfy-run cancel {0} --force'",
      execution.id, execution.workflow_id, execution.deployment_id, execution.runner.pid,
      execution.runner.pid_namespace);
}

RunnerState Executions::runner_state(const Execution& execution) const {
  if (is_finished(execution.status) || execution.runner.pid == 0) return RunnerState::gone;
  const auto is_held = locks_.is_held(execution.number);
  if (is_held && *is_held) return RunnerState::alive;
  switch (process::life_of(execution.runner)) {
    case process::Life::running:
      return RunnerState::alive;
    case process::Life::ended:
      return RunnerState::gone;
    case process::Life::unknown:
      break;
  }
  // Nobody holds the lock that it took, so it has ended, wherever it ran.
  const bool is_same_file = is_held && locks_.file_number() == execution.lock_file;
  return is_same_file ? RunnerState::gone : RunnerState::unknown;
}

Result<std::int64_t> Executions::create(const Execution& execution) {
  Query query = database_.query(
      "INSERT INTO executions (id, deployment_id, workflow_id, status, parameters, error, result,"
      " is_dry_run, created_ms, started_ms, ended_ms, runner_pid, runner_started_ticks, setup)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0, 0, ?12)");
  query.bind(execution.id, execution.deployment_id, execution.workflow_id, execution.status,
             as_json(execution.parameters), execution.error, as_json(execution.result),
             execution.is_dry_run, execution.created_ms, execution.started_ms, execution.ended_ms,
             as_json(execution.setup));
  if (auto done = query.run(); !done) return done.error();
  return database_.last_row_id();
}

Result<Execution> Executions::get(const std::string& id) {
  Query query = database_.query("SELECT " CFY_EXECUTION_COLUMNS "WHERE id = ?1");
  query.bind(id);
  auto found = read_first(query, read_execution);
  if (!found) return found.error();
  if (!found->has_value()) return unknown(id);
  return **std::move(found);
}

Result<Execution> Executions::find(const std::string& wanted) {
  if (wanted.empty())
    return Error(ErrorKind::usage, "an execution id, or its beginning, is missing");
  std::string prefix = wanted;  // ids are in small letters; people copy them from anywhere
  for (char& letter : prefix)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  // The last code point there is comes after everything that begins with the prefix.
  Query query = database_.query("SELECT " CFY_EXECUTION_COLUMNS
                                "WHERE id >= ?1 AND id < ?1 || char(1114111) ORDER BY number");
  query.bind(prefix);
  auto found = read_all(query, read_execution);
  if (!found) return found.error();
  if (found->empty()) return unknown(prefix);
  for (const Execution& execution : *found)
    if (execution.id == prefix) return execution;
  if (found->size() > 1) return ambiguous(prefix, *found);
  return std::move(found->front());
}

Result<std::vector<Execution>> Executions::list(const std::optional<std::string>& deployment_id) {
  if (deployment_id) {
    Query query =
        database_.query("SELECT " CFY_EXECUTION_COLUMNS "WHERE deployment_id = ?1 ORDER BY number");
    query.bind(*deployment_id);
    return read_all(query, read_execution);
  }
  Query query = database_.query("SELECT " CFY_EXECUTION_COLUMNS "ORDER BY number");
  return read_all(query, read_execution);
}

Result<std::string> Executions::status(const std::string& id) {
  Query query = database_.query("SELECT status FROM executions WHERE id = ?1");
  query.bind(id);
  auto found = read_first(query, [](Query& row) { return row.text(0); });
  if (!found) return found.error();
  if (!found->has_value()) return unknown(id);
  return **std::move(found);
}

Result<std::string> Executions::start(const std::string& id, const Runner& runner,
                                      std::int64_t wall_ms) {
  auto step = Step::begin(database_);
  if (!step) return step.error();
  auto now = get(id);
  if (!now) return now.error();
  const bool is_cancelled_before = is_cancelling(now->status) && now->runner.pid == 0;
  if (now->status != "pending" && !is_cancelled_before)
    return make_error(ErrorKind::conflict, "execution {} has been started before: it is {}", id,
                      now->status);
  if (auto done = set_runner(id, runner, wall_ms); !done) return done.error();
  if (!is_cancelled_before) {
    Query query = database_.query("UPDATE executions SET status = 'started' WHERE id = ?1");
    if (auto done = query.bind(id).run(); !done) return done.error();
    now->status = "started";
  }
  if (auto done = step->commit(); !done) return done.error();
  return now->status;
}

Result<void> Executions::set_runner(const std::string& id, const Runner& runner,
                                    std::int64_t wall_ms) {
  Query query = database_.query(
      "UPDATE executions SET runner_pid = ?2, runner_started_ticks = ?3, runner_boot_id = ?4,"
      " runner_pid_namespace = ?5, run_lock_file = ?6, started_ms = coalesce(started_ms, ?7),"
      " ended_ms = NULL WHERE id = ?1");
  const process::Identity& process = runner.process;
  query.bind(id, process.pid, process.started_ticks, process.boot_id, process.pid_namespace,
             runner.lock_file, wall_ms);
  return query.run();
}

Result<void> Executions::set_setup(const std::string& id, const json& setup) {
  Query query = database_.query("UPDATE executions SET setup = ?2 WHERE id = ?1");
  return query.bind(id, as_json(setup)).run();
}

Result<void> Executions::finish(const std::string& id, const ExecutionEnd& end) {
  CFY_ASSERT(is_finished(end.status));
  auto step = Step::begin(database_);
  if (!step) return step.error();
  const auto now = get(id);
  if (!now) return now.error();
  if (!may_follow(now->status, end.status)) return ended_already(*now);
  {
    Query query = database_.query(
        "UPDATE executions SET status = ?2, error = ?3, result = ?4, ended_ms = ?5 WHERE id = ?1");
    query.bind(id, end.status, end.error, as_json(end.result), end.wall_ms);
    if (auto done = query.run(); !done) return done;
  }
  return step->commit();
}

Result<Execution> Executions::request_cancel(const std::string& id, CancelDegree degree) {
  auto step = Step::begin(database_);
  if (!step) return step.error();
  auto now = get(id);
  if (!now) return now;
  if (is_finished(now->status)) return ended_already(*now);
  const std::string_view wanted = status_of(degree);
  if (!may_follow(now->status, wanted)) return now;  // somebody asked for as much or more
  {
    Query query = database_.query("UPDATE executions SET status = ?2 WHERE id = ?1");
    if (auto done = query.bind(id, wanted).run(); !done) return done.error();
  }
  now->status = wanted;
  if (auto done = step->commit(); !done) return done.error();
  return now;
}

Result<void> Executions::resume(const std::string& id, const Runner& runner, std::int64_t wall_ms) {
  auto step = Step::begin(database_);
  if (!step) return step.error();
  const auto now = get(id);
  if (!now) return now.error();
  if (now->status == "terminated") return ended_already(*now);
  {
    Query query = database_.query(
        "UPDATE executions SET status = 'started', error = '', result = 'null' WHERE id = ?1");
    if (auto done = query.bind(id).run(); !done) return done;
  }
  if (auto done = set_runner(id, runner, wall_ms); !done) return done;
  return step->commit();
}

}  // namespace cfy::store
