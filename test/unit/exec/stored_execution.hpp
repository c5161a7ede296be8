// StoredExecution: an execution that goes through several runs over a real store. A run can be cut
// off after some commits, as by the death of its process.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "exec/event_log.hpp"
#include "exec/recorder_store.hpp"
#include "exec/restart.hpp"
#include "executor_fixture.hpp"
#include "store/store.hpp"
#include "support/temp_dir.hpp"

namespace cfy::test {

/// A store with a deployment.
struct ResumeStore {
  ResumeStore();

  TempDir folder;
  std::unique_ptr<store::Store> store;
};

/// Writes to the store and, what was written, to the trace of the run; until it breaks.
class CutRecorder final : public exec::Recorder {
 public:
  CutRecorder(exec::Recorder& store, FakeRecorder& trace, unsigned commits)
      : store_(store), trace_(trace), left_(commits) {}
  void settle(const std::string& task_id, dispatch::OperationResult& result) override {
    store_.settle(task_id, result);
  }
  base::Result<void> commit(const exec::TurnRecord& turn, const exec::TaskCatalog& tasks) override;
  dispatch::PropertyAnswer store_now(const std::string& task_id,
                                     const dispatch::PropertyRequest& request) override {
    return store_.store_now(task_id, request);
  }
  dispatch::InstancesAnswer node_instances(const std::string& node_id) override {
    return store_.node_instances(node_id);
  }

 private:
  exec::Recorder& store_;
  FakeRecorder& trace_;
  unsigned left_;
};

class StoredExecution {
 public:
  StoredExecution(ResumeStore& in, std::string id);

  static constexpr unsigned kNever = 0xFFFFFFFF;
  /// Let the next run, which goes on where the last one ended, write here. Once for each fixture,
  /// which must not outlive this.
  void prepare(ExecutorFixture& f, unsigned commits = kNever, bool resets_operations = false);
  std::vector<store::Operation> rows();
  /// Its state in the store; the first task of that name.
  std::string state_of(const std::string& name);
  /// Its worker finished it alone, when the run had been cut off.
  void finish_alone(const store::Operation& row, bool succeeded);

 private:
  std::optional<store::GraphId> graph();

  store::Store& store_;
  std::string id_;
  std::unique_ptr<exec::InstanceBook> book_;
  exec::SecretSource secrets_{{}, {}};
  std::unique_ptr<exec::EventLog> log_;
  std::unique_ptr<exec::StoreRecorder> recorder_;
  std::unique_ptr<CutRecorder> cut_;
  std::unique_ptr<exec::Replay> replay_;
};

}  // namespace cfy::test
