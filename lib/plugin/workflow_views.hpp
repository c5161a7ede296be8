// The structs of cfy/plugin.h that show a workflow its deployment, made from the host's snapshot
// when they are first asked for. Knows nothing of tasks.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <cfy/plugin.h>

#include "plugin/host.hpp"

namespace cfy::plugin {

/// Any thread. What it gives lives as long as it does, and it borrows from the host. Ids that do
/// not exist give nullptr or an empty text.
class WorkflowViews {
 public:
  explicit WorkflowViews(WorkflowHost& host);

  const cfy_execution_view* execution();
  const cfy_node_view* node(cfy_node id);
  const cfy_relationship_view* relationship(cfy_node id, std::uint32_t index);
  const cfy_instance_view* instance(cfy_instance id);
  const cfy_relationship_instance_view* relationship_instance(cfy_instance id, std::uint32_t index);
  cfy_str node_properties(cfy_node id);
  cfy_str relationship_properties(cfy_node id, std::uint32_t index);
  cfy_str runtime_properties(cfy_instance id);
  cfy_str deployment_json();
  cfy_str node_json(cfy_node id);
  cfy_str instance_json(cfy_instance id);

  /// The host shows another state of the deployment: make views anew, and keep those handed out.
  void refresh();

 private:
  struct Execution {
    std::string parameters;
    cfy_execution_view view;
  };
  struct Node {
    cfy_node_view view;
    std::vector<cfy_str> operations;
    std::vector<cfy_instance> instances;
    std::vector<cfy_relationship_view> relationships;
    std::deque<std::vector<cfy_str>> relationship_operations;  // what the ones above point to
    std::optional<std::string> properties, all;
    std::vector<std::optional<std::string>> relationship_properties;
  };
  struct Instance {
    cfy_instance_view view;
    std::vector<cfy_relationship_instance_view> relationships;
    std::optional<std::string> runtime_properties, all;
  };

  Execution make_execution() const;
  std::unique_ptr<Node> make_node(const NodeView& source);
  static std::unique_ptr<Instance> make_instance(const InstanceView& source);
  Node* find_node(cfy_node id);              // with mutex_ held
  Instance* find_instance(cfy_instance id);  // with mutex_ held
  cfy_str_list hierarchy(const std::vector<std::string>* types);

  WorkflowHost& host_;
  std::mutex mutex_;  // of everything below
  std::unique_ptr<Execution> execution_;
  std::optional<std::string> deployment_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<std::unique_ptr<Instance>> instances_;
  // What refresh() put aside.
  std::vector<std::unique_ptr<Execution>> old_executions_;
  std::deque<std::string> old_deployments_;
  std::vector<std::vector<std::unique_ptr<Node>>> old_nodes_;
  std::vector<std::vector<std::unique_ptr<Instance>>> old_instances_;
  // Nodes of one type share their hierarchy, and so its view.
  std::unordered_map<const void*, std::vector<cfy_str>> hierarchies_;
};

}  // namespace cfy::plugin
