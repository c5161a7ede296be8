// The request of an operation: a snapshot of what it may know, made just before each try. Reads
// the plan and the book of instances, changes nothing, knows no transport. What comes from YAML is
// plain (base::plain_value): operations know nothing of how a plan holds timestamps and the like.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "base/error.hpp"
#include "dispatch/protocol.hpp"
#include "event/event.hpp"
#include "exec/instance_book.hpp"
#include "exec/interfaces.hpp"
#include "exec/outside.hpp"
#include "exec/run_storage.hpp"
#include "plan/plan.hpp"
#include "store/records.hpp"

namespace cfy::exec {

/// Gives the .so of a plugin of the blueprint. Errors: kind plugin.
using FindPlugin = std::function<base::Result<std::string>(const std::string& plugin)>;

/// What all requests of an execution share. Pointers are borrowed.
struct RequestFacts {
  const plan::Plan* plan = nullptr;
  const store::Deployment* deployment = nullptr;
  std::string execution_id, workflow_id;
  json parameters = json::object();
  std::filesystem::path resources_root;  ///< folder of the blueprint
  std::filesystem::path work_root;       ///< folder of the deployment's own files
  FindPlugin find_plugin;
  Outside* outside = nullptr;  ///< nullptr: there are no secrets and no other deployments
  /// Of an update: operations that the blueprint before has, whose files lie beside that one.
  std::unordered_set<const plan::Operation*> old_operations = {};
  std::filesystem::path old_resources_root = {};
};

/// Whose operation a task runs, resolved to rows of the plan and of the book.
struct TaskSubjects {
  const store::NodeInstance* instance = nullptr;  ///< the node's own, or the source; or none
  const store::NodeInstance* target = nullptr;    ///< of relationship operations
  const plan::Node* node = nullptr;
  const plan::Node* target_node = nullptr;
};

class RequestMaker {
 public:
  RequestMaker(RequestFacts facts, const InstanceBook& book);

  TaskSubjects subjects(const OperationTask& task) const;

  /// Evaluates the inputs. Errors: plugin (not found), failed (an input cannot be evaluated).
  base::Result<dispatch::OperationRequest> make(const OperationStart& start) const;

  /// What events of the task speak of.
  event::Context event_context(const OperationTask& task, std::string_view task_id) const;

 private:
  const plan::Node* node_of(const store::NodeInstance& instance) const;
  base::Result<dispatch::Subject> make_subject(const store::NodeInstance& instance) const;
  base::Result<json> evaluate_properties(const plan::Node& node,
                                         const store::NodeInstance& instance) const;
  json node_facts(const plan::Node& node, json properties) const;
  json other_node(const plan::Node& node, const store::NodeInstance& instance) const;
  json host_ip(const store::NodeInstance& instance) const;
  json make_relationships(const store::NodeInstance& instance, const plan::Node& node) const;
  void find_imported_script(json& inputs) const;
  base::Result<void> add_subjects(const TaskSubjects& subjects,
                                  dispatch::OperationRequest& request) const;
  base::Result<json> evaluate_inputs(const OperationTask& task, const TaskSubjects& subjects) const;
  json make_context(const OperationStart& start) const;

  RequestFacts facts_;
  const InstanceBook& book_;
  std::unique_ptr<RunStorage> storage_;
  std::unordered_map<std::string_view, const plan::Node*> nodes_;
  std::unordered_set<const plan::Node*> with_functions_;  // nodes with properties to be evaluated
};

}  // namespace cfy::exec
