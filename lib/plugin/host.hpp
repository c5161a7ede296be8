// What the program offers to a plugin, as C++ interfaces: the C function tables (host tables) of
// this room call these, the exec room (workflows) and the dispatch room (operations) implement
// them. Strings in and out; no plugin type is known above, no executor type below.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace cfy::plugin {

using nlohmann::json;

/// Ids that cross the C boundary: positions in the snapshot and in the graph.
enum class NodeId : std::uint32_t {};
enum class InstanceId : std::uint32_t {};
enum class TaskId : std::uint32_t {};

/// Snapshot of the deployment for one workflow call; valid until the call returns.
struct RelationshipView {
  std::string_view type;
  const std::vector<std::string>* type_hierarchy;
  NodeId target;
  const json* properties;
  std::vector<std::string_view> source_operations, target_operations;  ///< as in NodeView
};
struct NodeView {
  std::string_view id, type;
  const std::vector<std::string>* type_hierarchy;
  std::optional<NodeId> host;
  const json* properties;
  std::vector<InstanceId> instances;
  std::vector<RelationshipView> relationships;
  std::vector<std::string_view> operations;  ///< names of the mapped ones, full and short
  std::uint32_t number_of_instances, planned_number_of_instances;
};
struct RelationshipInstanceView {
  std::uint32_t relationship;  ///< index into the node's relationships
  InstanceId target;
};
struct InstanceView {
  std::string_view id;
  NodeId node;
  std::uint32_t index;
  std::string_view state;
  const json* runtime_properties;
  /// All that it has or had during the call: a place in it never changes its meaning.
  std::vector<RelationshipInstanceView> relationships;
  /// Those that it has now, as places in `relationships`, in the order of the template.
  std::vector<std::uint32_t> current_relationships;
  std::int64_t version = 1;
  const json* scaling_groups = nullptr;  ///< [{name, id}], innermost first
  bool is_gone = false;                  ///< a modification removed it
  std::optional<InstanceId> host;        ///< the instance it runs on, itself if it is a host
};

/// An event of a workflow's own.
struct CustomEvent {
  std::optional<InstanceId> instance = {};         ///< what it is about; nothing: the workflow
  std::optional<std::uint32_t> relationship = {};  ///< of the instance: it is about the pair
  std::string event_type, text;
  json additional_context = {};  ///< null, or an object: added to the record's context
};

/// A function of a plugin, called without an operation that is mapped to it.
struct FunctionCall {
  std::string mapping;  ///< "plugin.module.function"
  json kwargs = json::object();
  std::optional<double> timeout_s = {};
  bool timeout_recoverable = false;
};

/// How a task is to be tried; unset: the operation's own values, else those of the run.
struct TaskOptions {
  std::optional<std::int64_t> total_retries;  ///< -1: endless
  std::optional<double> retry_interval_s;
  bool send_task_events = true;
  bool only_own_retries = false;  ///< without a number of the operation's own: none
  std::string info = {};          ///< of local tasks: a word for people
};

enum class TaskOrder { added, linear };

/// How strong the wish to cancel is; each contains the ones before it.
enum class CancelDegree { none, graceful, force, kill };

enum class HandlerAction { cont, fail, retry, ignore };
struct HandlerResult {
  HandlerAction action = HandlerAction::cont;
  bool ignore_total_retries = false;
  std::optional<double> retry_after_s;
  /// With `retry` of a subgraph: the new subgraph that takes its place. It inherits what waits for
  /// the old one, and is added to the graph if it is not there yet.
  std::optional<TaskId> retried_task;
};
/// What a handler and a reader of results may know of a finished task.
struct TaskOutcome {
  bool succeeded = false;
  json result;        ///< null when there is none
  std::string error;  ///< empty when it succeeded
};

/// How a local function ended: a value, or an error with what it says about trying again.
struct LocalResult : base::Result<json> {
  LocalResult(base::Result<json> result) : base::Result<json>(std::move(result)) {}  // NOLINT
  LocalResult(json value) : base::Result<json>(std::move(value)) {}                  // NOLINT
  LocalResult(base::Error error) : base::Result<json>(std::move(error)) {}           // NOLINT

  bool is_recoverable = true;           ///< false: trying again would not help
  bool wants_retry = false;             ///< not a failure: it asks to be run again
  std::optional<double> retry_after_s;  ///< wanted delay
};

/// A function of the plugin that the program calls; released when the last copy dies. It may still
/// run when the workflow function has returned: the host must outlive it.
using LocalFunction = std::function<LocalResult()>;
using Handler = std::function<base::Result<HandlerResult>(TaskId, const TaskOutcome&)>;

enum class RelationshipSide { source, target };

/// An instance that a modification concerns, with the relationships that it concerns.
struct ModifiedInstance {
  InstanceId instance{};
  std::string_view fate;  ///< added, removed, extended, reduced; "": related to one of those
  std::vector<std::uint32_t> relationships;  ///< places in InstanceView::relationships
};
/// A modification that has started. Extended and reduced: those that stay and get, or lose,
/// relationships; in an update only.
struct ModificationView {
  std::string id;
  std::vector<ModifiedInstance> added, removed, extended, reduced;
};

/// An update of the deployment: its instances, those whose definitions changed, and those that an
/// earlier update took down and did not bring up again.
struct UpdateView {
  ModificationView lists;
  std::vector<InstanceId> changed, interrupted;
};

/// Changes the deployment that a workflow runs on. On the workflow's thread only. What it changes
/// is stored when a call returns, and then nodes() and instances() of the host show it: instances
/// keep their ids, new ones come at the end.
class DeploymentEditor {
 public:
  virtual ~DeploymentEditor() = default;
  /// @param changes  {node or group: {instances, removed_ids_include_hint, ..._exclude_hint}}
  /// Errors: invalid, conflict (another one is started; names it), state.
  virtual base::Result<ModificationView> start_modification(const json& changes) = 0;
  /// Errors: conflict (it has ended before), not_found, state.
  virtual base::Result<void> finish_modification(const std::string& id) = 0;
  virtual base::Result<void> rollback_modification(const std::string& id) = 0;
  /// [{id, status, changes, created_at, execution_id}]
  virtual base::Result<json> started_modifications() = 0;
  /// Look at the store again, for what others changed. Errors: state.
  virtual base::Result<void> refresh() = 0;
  /// The update that this execution is. Errors: invalid (it is none).
  virtual base::Result<UpdateView> update() = 0;
  /// Instances and relationships that the update removes are down: they are no more. Errors: state.
  virtual base::Result<void> forget_removed() = 0;
};

/// What a workflow function may do. All but log() only on the workflow's thread (handlers run
/// there too). Functions that fail leave the graph unchanged.
class WorkflowHost {
 public:
  virtual ~WorkflowHost() = default;

  // Facts of the execution.
  virtual std::string_view execution_id() const = 0;
  virtual std::string_view workflow_id() const = 0;
  virtual std::string_view blueprint_id() const = 0;
  virtual std::string_view deployment_id() const = 0;
  virtual const json& parameters() const = 0;
  virtual bool is_dry_run() const = 0;
  virtual bool is_resume() const = 0;  ///< it was cut off before
  virtual double wait_after_fail_s() const = 0;
  virtual const std::vector<NodeView>& nodes() const = 0;          ///< blueprint order
  virtual const std::vector<InstanceView>& instances() const = 0;  ///< blueprint order

  // Any thread.
  virtual void log(std::optional<InstanceId> of, std::string_view level, std::string_view text) = 0;
  virtual CancelDegree cancel_request() const = 0;

  // Making tasks. A task is not in the graph before add_task.
  virtual base::Result<TaskId> make_operation_task(InstanceId instance, std::string_view operation,
                                                   json kwargs, bool allow_kwargs_override,
                                                   TaskOptions options) = 0;
  virtual base::Result<TaskId> make_relationship_task(
      InstanceId instance, std::uint32_t relationship, RelationshipSide side,
      std::string_view operation, json kwargs, bool allow_kwargs_override, TaskOptions options) = 0;
  /// @param instance  nothing: in the context of the deployment
  /// Errors: invalid (the blueprint declares no such plugin).
  virtual base::Result<TaskId> make_function_task(std::optional<InstanceId> instance,
                                                  FunctionCall call, TaskOptions options) = 0;
  virtual TaskId make_event_task(CustomEvent event) = 0;
  virtual TaskId make_local_task(std::string_view name, std::optional<InstanceId> instance,
                                 LocalFunction function, TaskOptions options) = 0;
  /// @param state  empty: the task asks, and its result is the state
  virtual TaskId make_state_task(InstanceId instance, std::string_view state) = 0;
  virtual TaskId make_nop_task() = 0;
  virtual TaskId make_subgraph(std::string_view name) = 0;

  // The graph.
  virtual base::Result<void> add_task(std::optional<TaskId> subgraph, TaskId task) = 0;
  virtual base::Result<void> remove_task(TaskId task) = 0;
  virtual base::Result<void> add_dependency(TaskId task, TaskId after) = 0;
  virtual base::Result<void> remove_dependency(TaskId task, TaskId after) = 0;
  virtual base::Result<void> set_on_success(TaskId task, Handler handler) = 0;
  virtual base::Result<void> set_on_failure(TaskId task, Handler handler) = 0;
  /// It and its members belong to this run alone: a later resume does not look for them.
  virtual base::Result<void> set_for_this_run(TaskId task) = 0;
  /// The same, but until the operation `undone` starts again a later resume finds it again.
  virtual base::Result<void> set_undoes(TaskId task, TaskId undone) = 0;
  /// Error kinds: invalid (unknown, has started, is never tried again, below -1).
  virtual base::Result<void> set_total_retries(TaskId task, std::int64_t total_retries) = 0;
  virtual std::string task_name(TaskId task) const = 0;
  /// All that is known of a task, under the names of cfy/plugin.h; null for an unknown id.
  virtual json task_facts(TaskId task) const = 0;
  /// Members of a subgraph, or all tasks of the graph. Error kinds: invalid (no such subgraph; in
  /// linear order a ring, spelled out).
  virtual base::Result<std::vector<TaskId>> list_tasks(std::optional<TaskId> subgraph,
                                                       TaskOrder order) const = 0;
  /// Take out what does nothing. Error kinds: invalid (a ring, spelled out).
  virtual base::Result<void> optimize() = 0;
  virtual base::Result<TaskOutcome> task_outcome(TaskId task) const = 0;
  /// Run what is in the graph; blocks. Error kinds: cancelled, failed (names every failed task),
  /// invalid (a ring, spelled out).
  virtual base::Result<void> execute() = 0;

  // Standard mode: tasks start one by one, without a graph. A call does one or the other.
  /// Start a task that is not in the graph. Returns at once; an event is told then, and a state
  /// stored. Also after a graceful cancel. Error kinds: cancelled (by force), invalid, state.
  virtual base::Result<void> start_task(TaskId task) = 0;
  /// Wait for the end of a started task, its retries included. A cancel is answered at once, also
  /// one that came before the call. Error kinds: cancelled, failed (its error), invalid, state.
  /// @param retry_on_failure  false: the attempt that runs is the last one
  virtual base::Result<void> wait_for_task(TaskId task, bool retry_on_failure) = 0;

  /// From here to end_cleanup(), tasks run although the execution was cancelled (but not by
  /// force). What the cancel kept from starting is taken out of the graph; what still runs is
  /// waited for, but neither retried nor judged.
  virtual void begin_cleanup() = 0;
  virtual void end_cleanup() = 0;

  /// An event at once, without a task.
  virtual void send_event(CustomEvent event) = 0;
  // What an instance is now, with all that this workflow changed; the snapshot stays as it was.
  virtual std::string current_state(InstanceId instance) const = 0;
  virtual json system_properties(InstanceId instance) const = 0;
  virtual void set_system_properties(InstanceId instance, json properties) = 0;
  /// Stored when it returns. Error kinds: conflict (an operation changed the same ones), failed.
  virtual base::Result<void> set_runtime_properties(InstanceId instance, json properties) = 0;
  /// As it is stored, under the names of cfy/plugin.h. Error kinds: not_found, state.
  virtual base::Result<json> find_execution(const std::string& id) = 0;

  /// nullptr when this host has no deployment that can be changed.
  virtual DeploymentEditor* editor() { return nullptr; }
  /// What is known of the deployment besides its id: resource_tags, scaling_groups, inputs, ...
  virtual json deployment_facts() const { return json::object(); }
  /// The node as the plan has it, under Cloudify's names: plugins, operations, ...
  virtual json node_facts(NodeId /*node*/) const { return json::object(); }
};

/// Who an operation speaks of.
enum class SubjectRole { self, source, target };

/// The runtime properties of an instance as they are stored now.
struct StoredProperties {
  bool has_conflict = false;  ///< of an update: somebody else changed the same ones, nothing stored
  std::string message = {};   ///< of a conflict: what it is about
  json runtime_properties = json::object();
};

/// What an operation function may do. Any thread of the operation; calls are serialised by the
/// implementation.
class OperationHost {
 public:
  virtual ~OperationHost() = default;
  /// The whole request as JSON, as documented in dispatch/README.md. Never changes during the call.
  virtual const std::string& context_json() const = 0;
  virtual void log(std::string_view level, std::string_view logger, std::string_view text) = 0;
  /// The same for lines that came together.
  virtual void log_lines(std::string_view level, std::string_view logger,
                         const std::vector<std::string_view>& lines) {
    for (const std::string_view line : lines)
      log(level, logger, line);
  }
  /// A piece of a line that is too long to be held. @param lead  shown before each piece; pieces
  /// with the same one are of the same line  @param goes_on  more of the line follows
  virtual void log_piece(std::string_view level, std::string_view logger, std::string_view lead,
                         std::string_view text, bool goes_on) = 0;
  virtual void send_event(std::string_view text) = 0;
  /// The runtime properties of a subject as they are to be when the operation ends. The last call
  /// counts; they are saved whatever the operation returns.
  virtual base::Result<void> set_runtime_properties(SubjectRole role, json properties) = 0;
  /// Store them now. After a conflict the answer is the ground for the next try. Errors: invalid
  /// (no such subject, not a dict), failed.
  virtual base::Result<StoredProperties> update(SubjectRole role, json properties) = 0;
  /// Errors: invalid, failed.
  virtual base::Result<StoredProperties> refresh(SubjectRole role) = 0;
  /// The instances of a subject's node as they are stored now: [{id, index, state}], by index.
  /// Errors: invalid (no such subject), failed (nobody is left to ask).
  virtual base::Result<json> node_instances(SubjectRole role) = 0;
  /// A template with these variables and `ctx`. Errors: invalid, with the line.
  virtual base::Result<std::string> render(std::string_view name, std::string_view text,
                                           json variables) = 0;
  virtual void set_result(json value) = 0;
  virtual bool has_cancel_request() const = 0;
};

}  // namespace cfy::plugin
