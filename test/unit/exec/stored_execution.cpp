#include "stored_execution.hpp"

#include <utility>

#include <catch2/catch.hpp>

namespace cfy::test {

namespace {

/// The one instance of the fixture's plan, in the deployment of the store.
store::NodeInstance stored_instance() {
  store::NodeInstance instance = make_instance("n", "n_1");
  instance.deployment_id = "d";
  return instance;
}

}  // namespace

ResumeStore::ResumeStore() {
  auto opened = store::Store::open(folder.path() / "state");
  REQUIRE(opened.ok());
  store = *std::move(opened);
  store::Deployment deployment;
  deployment.id = "d";
  deployment.plan = json::object();
  REQUIRE(store->deployments().create(deployment).ok());
  const std::vector<store::NodeInstance> instances = {stored_instance()};
  REQUIRE(store->node_instances().create(instances).ok());
}

base::Result<void> CutRecorder::commit(const exec::TurnRecord& turn,
                                       const exec::TaskCatalog& tasks) {
  if (left_ == 0) return base::Error(base::ErrorKind::state, "cut off");
  if (left_ != StoredExecution::kNever) --left_;
  if (auto done = store_.commit(turn, tasks); !done) return done;
  return trace_.commit(turn, tasks);
}

StoredExecution::StoredExecution(ResumeStore& in, std::string id)
    : store_(*in.store), id_(std::move(id)) {
  store::Execution row;
  row.id = id_;
  row.deployment_id = "d";
  row.workflow_id = "wf";
  REQUIRE(store_.executions().create(row).ok());
}

std::optional<store::GraphId> StoredExecution::graph() {
  const auto graphs = store_.operations().list_graphs(id_);
  REQUIRE(graphs.ok());
  return graphs->empty() ? std::nullopt : std::optional(graphs->front().id);
}

std::vector<store::Operation> StoredExecution::rows() {
  const auto stored = graph();
  if (!stored) return {};
  auto rows = store_.operations().list(*stored);
  REQUIRE(rows.ok());
  return *std::move(rows);
}

void StoredExecution::prepare(ExecutorFixture& f, unsigned commits, bool resets_operations) {
  book_ = std::make_unique<exec::InstanceBook>(std::vector<store::NodeInstance>{stored_instance()});
  log_ = std::make_unique<exec::EventLog>(nullptr);
  recorder_ = std::make_unique<exec::StoreRecorder>(store_, *book_, *log_, id_, f.clock, secrets_,
                                                    [](const std::string&) {});
  cut_ = std::make_unique<CutRecorder>(*recorder_, f.recorder, commits);
  replay_.reset();
  if (const auto stored = graph()) {
    recorder_->continue_graph(*stored);
    exec::Restart restart = exec::plan_restart(rows(), resets_operations);
    for (const std::uint32_t number : restart.reset)
      REQUIRE(store_.operations().reset({*stored, number}).ok());
    replay_ = std::make_unique<exec::Replay>(std::move(restart.tasks), restart.next_number);
  }
  f.execution_id = id_;
  f.recorder_in_use = cut_.get();
  f.replay = replay_.get();
}

std::string StoredExecution::state_of(const std::string& name) {
  for (const store::Operation& row : rows())
    if (row.name == name) return row.state;
  return "not stored";
}

void StoredExecution::finish_alone(const store::Operation& row, bool succeeded) {
  store::OperationEnd end;
  end.attempt = row.attempt;
  end.state = "failed";
  if (!succeeded) end.error = "failed alone";
  const store::OperationKey key{*graph(), row.number};
  REQUIRE((succeeded ? store_.operations().respond(key, end) : store_.operations().finish(key, end))
              .ok());
}

}  // namespace cfy::test
