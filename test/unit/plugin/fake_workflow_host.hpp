// FakeWorkflowHost: a deployment and a task graph in memory. It writes down what a workflow asks
// for and "runs" the graph on the calling thread, in the order of the dependencies.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "plugin/host.hpp"

namespace cfy::test {

using nlohmann::json;

class FakeWorkflowHost : public plugin::WorkflowHost {
 public:
  struct Task {
    std::string label;  ///< "web_1.configure", "event web_1 text", "web_1->db_1 establish@source"
    json kwargs;
    plugin::TaskOptions options;
    plugin::LocalFunction function;
    plugin::Handler on_success, on_failure;
    bool is_in_graph = false;
    bool is_for_this_run = false;
    std::optional<plugin::TaskId> undone = {};
    std::optional<plugin::TaskId> subgraph;
    std::set<std::uint32_t> after;
    std::optional<plugin::TaskOutcome> outcome;
    std::optional<std::pair<std::uint32_t, std::string>> sets_state;  ///< of an instance
  };

  /// A node and its instances "NAME_1" .. "NAME_n". Relationships go to all instances of the
  /// targets, which must be there already, and are of type `relationship`.
  void add_node(const std::string& name, std::vector<std::string> types, std::uint32_t instances,
                const std::vector<std::string>& targets = {},
                const std::string& relationship = "cloudify.relationships.connected_to");

  // What the test sets.
  json given = json::object();                       ///< parameters
  json properties = {{"port", 80}};                  ///< of every node, relationship and instance
  std::map<std::string, std::string> failing;        ///< label to error
  std::map<std::string, std::vector<json>> results;  ///< label to results, one for each try
  std::vector<std::string> operations = {"cloudify.interfaces.lifecycle.configure", "configure"};
  std::vector<std::string> source_operations, target_operations;  ///< of every relationship
  bool is_cancelled = false;
  plugin::CancelDegree cancel_degree = plugin::CancelDegree::graceful;
  bool is_resumed = false;
  bool is_cleaning_up = false;
  bool has_conflicts = false;           ///< of runtime properties
  json task_facts_given = {{"id", 0}};  ///< of every task, besides id, name and containing_subgraph
  json deployment = json::object();     ///< facts

  // What the test looks at.
  std::vector<Task> tasks;
  std::vector<std::string> ran;                 ///< labels, in order
  std::vector<std::string> logs;                ///< "level instance text"
  std::vector<std::string> told;                ///< events without a task: "type instance text"
  std::map<std::uint32_t, std::string> states;  ///< set by tasks that ran, by instance
  std::map<std::uint32_t, json> system;         ///< system properties
  std::map<std::uint32_t, json> runtime;        ///< runtime properties that the workflow set
  int optimized = 0;
  /// "app_1.configure after db_1.configure", of tasks in the graph.
  std::set<std::string> dependencies() const;
  const Task& task(const std::string& label) const;

  std::string_view execution_id() const override { return "execution-1"; }
  std::string_view workflow_id() const override { return "my_workflow"; }
  std::string_view blueprint_id() const override { return "the-blueprint"; }
  std::string_view deployment_id() const override { return "the-deployment"; }
  const json& parameters() const override { return given; }
  bool is_dry_run() const override { return false; }
  bool is_resume() const override { return is_resumed; }
  double wait_after_fail_s() const override { return 600; }
  const std::vector<plugin::NodeView>& nodes() const override { return nodes_; }
  const std::vector<plugin::InstanceView>& instances() const override { return instances_; }
  void log(std::optional<plugin::InstanceId> of, std::string_view level,
           std::string_view text) override;
  plugin::CancelDegree cancel_request() const override {
    return is_cancelled ? cancel_degree : plugin::CancelDegree::none;
  }

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
  base::Result<void> set_undoes(plugin::TaskId task, plugin::TaskId undone) override {
    find(task).undone = undone;
    return {};
  }
  base::Result<void> set_for_this_run(plugin::TaskId task) override {
    find(task).is_for_this_run = true;
    return {};
  }
  base::Result<void> set_total_retries(plugin::TaskId task, std::int64_t total_retries) override;
  std::string task_name(plugin::TaskId task) const override { return find(task).label; }
  json task_facts(plugin::TaskId task) const override;
  base::Result<std::vector<plugin::TaskId>> list_tasks(std::optional<plugin::TaskId> subgraph,
                                                       plugin::TaskOrder order) const override;
  base::Result<void> optimize() override {
    ++optimized;
    return {};
  }
  base::Result<plugin::TaskOutcome> task_outcome(plugin::TaskId task) const override;
  base::Result<void> execute() override;
  base::Result<void> start_task(plugin::TaskId task) override;
  base::Result<void> wait_for_task(plugin::TaskId task, bool retry_on_failure) override;
  void begin_cleanup() override { is_cleaning_up = true; }
  void end_cleanup() override { is_cleaning_up = false; }

  void send_event(plugin::CustomEvent event) override;
  std::string current_state(plugin::InstanceId instance) const override;
  json system_properties(plugin::InstanceId instance) const override;
  void set_system_properties(plugin::InstanceId instance, json properties) override;
  base::Result<void> set_runtime_properties(plugin::InstanceId instance, json properties) override;
  base::Result<json> find_execution(const std::string& id) override;
  json deployment_facts() const override { return deployment; }

 private:
  plugin::TaskId make(std::string label);
  Task& find(plugin::TaskId task) { return tasks.at(static_cast<std::size_t>(task)); }
  const Task& find(plugin::TaskId task) const { return tasks.at(static_cast<std::size_t>(task)); }
  std::string instance_name(std::optional<plugin::InstanceId> instance) const;
  std::string pair_name(plugin::InstanceId source, std::uint32_t relationship) const;
  bool is_ready(const Task& task) const;
  base::Result<void> run(std::uint32_t id);
  plugin::TaskOutcome run_once(const Task& task) const;

  std::deque<std::string> names_;  // what the views point to
  std::deque<std::vector<std::string>> hierarchies_;
  std::vector<plugin::NodeView> nodes_;
  std::vector<plugin::InstanceView> instances_;
};

}  // namespace cfy::test
