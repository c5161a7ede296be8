// WorkflowHost over the task graph: what a plugin's workflow function may ask for, in terms of the
// snapshot, the task table and the coordinator.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "exec/coordinator.hpp"
#include "exec/deployment_changer.hpp"
#include "exec/interfaces.hpp"
#include "exec/snapshot.hpp"
#include "exec/task_events.hpp"
#include "exec/task_table.hpp"
#include "plugin/host.hpp"

namespace cfy::exec {

/// What the host answers from; all borrowed.
struct HostParts {
  const Snapshots* snapshots = nullptr;
  TaskTable* table = nullptr;
  Coordinator* coordinator = nullptr;
  const TaskEvents* events = nullptr;
  const event::Context* context = nullptr;
  const json* parameters = nullptr;
  RunOptions options;
  bool is_resume = false;
  plugin::DeploymentEditor* editor = nullptr;  ///< may be nullptr
  const plan::Plan* plan = nullptr;
  const DeploymentChanger* changer = nullptr;  ///< may be nullptr
  const base::Clock* clock = nullptr;
  const std::string* resources_root = nullptr;
  const std::function<base::Result<json>(const std::string& id)>* find_execution = nullptr;
};

class GraphHost final : public plugin::WorkflowHost {
 public:
  explicit GraphHost(HostParts parts);

  std::string_view execution_id() const override { return parts_.context->execution_id; }
  std::string_view workflow_id() const override { return parts_.context->workflow_id; }
  std::string_view blueprint_id() const override { return parts_.context->blueprint_id; }
  std::string_view deployment_id() const override { return parts_.context->deployment_id; }
  const json& parameters() const override { return *parts_.parameters; }
  bool is_dry_run() const override { return parts_.options.is_dry_run; }
  bool is_resume() const override { return parts_.is_resume; }
  double wait_after_fail_s() const override { return parts_.options.wait_after_fail_s; }
  const std::vector<plugin::NodeView>& nodes() const override;
  const std::vector<plugin::InstanceView>& instances() const override;

  void log(std::optional<plugin::InstanceId> of, std::string_view level,
           std::string_view text) override;
  plugin::CancelDegree cancel_request() const override;

  base::Result<plugin::TaskId> make_operation_task(plugin::InstanceId instance,
                                                   std::string_view operation, json kwargs,
                                                   bool allow_kwargs_override,
                                                   plugin::TaskOptions options) override;
  base::Result<plugin::TaskId> make_relationship_task(plugin::InstanceId instance,
                                                      std::uint32_t relationship,
                                                      plugin::RelationshipSide side,
                                                      std::string_view operation, json kwargs,
                                                      bool allow_kwargs_override,
                                                      plugin::TaskOptions options) override;
  base::Result<plugin::TaskId> make_function_task(std::optional<plugin::InstanceId> instance,
                                                  plugin::FunctionCall call,
                                                  plugin::TaskOptions options) override;
  plugin::TaskId make_event_task(plugin::CustomEvent event) override;
  plugin::TaskId make_local_task(std::string_view name, std::optional<plugin::InstanceId> instance,
                                 plugin::LocalFunction function,
                                 plugin::TaskOptions options) override;
  plugin::TaskId make_state_task(plugin::InstanceId instance, std::string_view state) override;
  plugin::TaskId make_nop_task() override;
  plugin::TaskId make_subgraph(std::string_view name) override;

  base::Result<void> add_task(std::optional<plugin::TaskId> subgraph, plugin::TaskId task) override;
  base::Result<void> remove_task(plugin::TaskId task) override;
  base::Result<void> add_dependency(plugin::TaskId task, plugin::TaskId after) override;
  base::Result<void> remove_dependency(plugin::TaskId task, plugin::TaskId after) override;
  base::Result<void> set_on_success(plugin::TaskId task, plugin::Handler handler) override;
  base::Result<void> set_on_failure(plugin::TaskId task, plugin::Handler handler) override;
  base::Result<void> set_for_this_run(plugin::TaskId task) override;
  base::Result<void> set_undoes(plugin::TaskId task, plugin::TaskId undone) override;
  base::Result<void> set_total_retries(plugin::TaskId task, std::int64_t total_retries) override;
  std::string task_name(plugin::TaskId task) const override;
  json task_facts(plugin::TaskId task) const override;
  base::Result<std::vector<plugin::TaskId>> list_tasks(std::optional<plugin::TaskId> subgraph,
                                                       plugin::TaskOrder order) const override;
  base::Result<void> optimize() override;
  base::Result<plugin::TaskOutcome> task_outcome(plugin::TaskId task) const override;
  base::Result<void> execute() override;
  base::Result<void> start_task(plugin::TaskId task) override;
  base::Result<void> wait_for_task(plugin::TaskId task, bool retry_on_failure) override;
  plugin::DeploymentEditor* editor() override { return parts_.editor; }
  json deployment_facts() const override;
  json node_facts(plugin::NodeId node) const override;
  void begin_cleanup() override;
  void end_cleanup() override;

  void send_event(plugin::CustomEvent event) override;
  std::string current_state(plugin::InstanceId instance) const override;
  json system_properties(plugin::InstanceId instance) const override;
  void set_system_properties(plugin::InstanceId instance, json properties) override;
  base::Result<void> set_runtime_properties(plugin::InstanceId instance, json properties) override;
  base::Result<json> find_execution(const std::string& id) override;

 private:
  plugin::TaskId make_operation(OperationTask task, const plugin::TaskOptions& options);
  base::Result<plugin::TaskId> make_mapped_task(OperationTask task,
                                                const plan::OperationMap* operations, json kwargs,
                                                bool allow_kwargs_override,
                                                const plugin::TaskOptions& options);
  plugin::CustomEvent without_unknown(plugin::CustomEvent event) const;
  bool is_known(plugin::TaskId task) const;
  void add_tries(TaskId task, json& facts) const;
  RetryPolicy run_policy(const plugin::TaskOptions& options) const;
  Lane lane(Lane usual) const { return parts_.options.is_dry_run ? kInlineLane : usual; }

  const Snapshot& snapshot() const { return parts_.snapshots->current(); }

  HostParts parts_;
  /// Runtime properties that the workflow itself stored, or met in a conflict, since the snapshot.
  struct KnownProperties {
    const Snapshot* snapshot = nullptr;
    std::int64_t version = 0;
    json properties;
  };
  std::unordered_map<std::uint32_t, KnownProperties> known_properties_;  // by instance
};

}  // namespace cfy::exec
