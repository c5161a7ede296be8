#include "plugin/workflow_views.hpp"

#include <utility>

#include "plugin/c_text.hpp"

namespace cfy::plugin {
namespace {

std::string dump(const json* value) {
  if (value == nullptr) return "{}";
  return value->dump(-1, ' ', false, json::error_handler_t::replace);
}

cfy_str text_once(std::optional<std::string>& cache, const json* value) {
  if (!cache) cache = dump(value);
  return borrow(*cache);
}

std::vector<cfy_str> borrow_all(const std::vector<std::string_view>& texts) {
  std::vector<cfy_str> borrowed;
  borrowed.reserve(texts.size());
  for (const std::string_view text : texts)
    borrowed.push_back(borrow(text));
  return borrowed;
}

cfy_str_list list_of(const std::vector<cfy_str>& texts) {
  return {texts.data(), texts.size()};
}

std::uint32_t count(std::size_t size) {
  return static_cast<std::uint32_t>(size);
}

}  // namespace

WorkflowViews::WorkflowViews(WorkflowHost& host)
    : host_(host), nodes_(host.nodes().size()), instances_(host.instances().size()) {}

WorkflowViews::Execution WorkflowViews::make_execution() const {
  Execution made;
  made.parameters = dump(&host_.parameters());
  made.view = {.size = sizeof(cfy_execution_view),
               .is_dry_run = host_.is_dry_run() ? 1 : 0,
               .execution_id = borrow(host_.execution_id()),
               .workflow_id = borrow(host_.workflow_id()),
               .blueprint_id = borrow(host_.blueprint_id()),
               .deployment_id = borrow(host_.deployment_id()),
               .parameters_json = {},
               .node_count = count(nodes_.size()),
               .instance_count = count(instances_.size()),
               .is_resume = host_.is_resume() ? 1 : 0,
               .wait_after_fail_s = host_.wait_after_fail_s()};
  return made;
}

cfy_str_list WorkflowViews::hierarchy(const std::vector<std::string>* types) {
  if (types == nullptr) return {nullptr, 0};
  auto& view = hierarchies_[types];
  if (view.empty())
    for (const std::string& type : *types)
      view.push_back(borrow(type));
  return {view.data(), view.size()};
}

std::unique_ptr<WorkflowViews::Node> WorkflowViews::make_node(const NodeView& source) {
  auto made = std::make_unique<Node>();
  made->operations = borrow_all(source.operations);
  for (const InstanceId instance : source.instances)
    made->instances.push_back(static_cast<cfy_instance>(instance));
  for (const RelationshipView& relationship : source.relationships) {
    const auto& at_source =
        made->relationship_operations.emplace_back(borrow_all(relationship.source_operations));
    const auto& at_target =
        made->relationship_operations.emplace_back(borrow_all(relationship.target_operations));
    made->relationships.push_back({.size = sizeof(cfy_relationship_view),
                                   .target = static_cast<cfy_node>(relationship.target),
                                   .type = borrow(relationship.type),
                                   .type_hierarchy = hierarchy(relationship.type_hierarchy),
                                   .source_operations = list_of(at_source),
                                   .target_operations = list_of(at_target)});
  }
  made->relationship_properties.resize(source.relationships.size());
  made->view = {.size = sizeof(cfy_node_view),
                .host = source.host ? static_cast<cfy_node>(*source.host) : CFY_NONE,
                .id = borrow(source.id),
                .type = borrow(source.type),
                .type_hierarchy = hierarchy(source.type_hierarchy),
                .operations = list_of(made->operations),
                .instances = made->instances.data(),
                .instance_count = count(made->instances.size()),
                .relationship_count = count(made->relationships.size()),
                .number_of_instances = source.number_of_instances,
                .planned_number_of_instances = source.planned_number_of_instances};
  return made;
}

std::unique_ptr<WorkflowViews::Instance> WorkflowViews::make_instance(const InstanceView& source) {
  auto made = std::make_unique<Instance>();
  for (const RelationshipInstanceView& relationship : source.relationships)
    made->relationships.push_back({.size = sizeof(cfy_relationship_instance_view),
                                   .relationship = relationship.relationship,
                                   .target = static_cast<cfy_instance>(relationship.target)});
  made->view = {.size = sizeof(cfy_instance_view),
                .node = static_cast<cfy_node>(source.node),
                .id = borrow(source.id),
                .state = borrow(source.state),
                .index = source.index,
                .relationship_count = count(made->relationships.size()),
                .host = source.host ? static_cast<cfy_instance>(*source.host) : CFY_NONE,
                .current_relationships = source.current_relationships.data(),
                .current_relationship_count = count(source.current_relationships.size()),
                .is_gone = source.is_gone ? 1 : 0,
                .version = source.version};
  return made;
}

WorkflowViews::Node* WorkflowViews::find_node(cfy_node id) {
  if (id >= nodes_.size()) return nullptr;
  if (!nodes_[id]) nodes_[id] = make_node(host_.nodes()[id]);
  return nodes_[id].get();
}

WorkflowViews::Instance* WorkflowViews::find_instance(cfy_instance id) {
  if (id >= instances_.size()) return nullptr;
  if (!instances_[id]) instances_[id] = make_instance(host_.instances()[id]);
  return instances_[id].get();
}

const cfy_execution_view* WorkflowViews::execution() {
  const std::lock_guard lock(mutex_);
  if (!execution_) {
    execution_ = std::make_unique<Execution>(make_execution());
    execution_->view.parameters_json = borrow(execution_->parameters);
  }
  return &execution_->view;
}

const cfy_node_view* WorkflowViews::node(cfy_node id) {
  const std::lock_guard lock(mutex_);
  const Node* found = find_node(id);
  return found == nullptr ? nullptr : &found->view;
}

const cfy_relationship_view* WorkflowViews::relationship(cfy_node id, std::uint32_t index) {
  const std::lock_guard lock(mutex_);
  const Node* found = find_node(id);
  if (found == nullptr || index >= found->relationships.size()) return nullptr;
  return &found->relationships[index];
}

const cfy_instance_view* WorkflowViews::instance(cfy_instance id) {
  const std::lock_guard lock(mutex_);
  const Instance* found = find_instance(id);
  return found == nullptr ? nullptr : &found->view;
}

const cfy_relationship_instance_view* WorkflowViews::relationship_instance(cfy_instance id,
                                                                           std::uint32_t index) {
  const std::lock_guard lock(mutex_);
  const Instance* found = find_instance(id);
  if (found == nullptr || index >= found->relationships.size()) return nullptr;
  return &found->relationships[index];
}

cfy_str WorkflowViews::node_properties(cfy_node id) {
  const std::lock_guard lock(mutex_);
  Node* found = find_node(id);
  if (found == nullptr) return {};
  return text_once(found->properties, host_.nodes()[id].properties);
}

cfy_str WorkflowViews::relationship_properties(cfy_node id, std::uint32_t index) {
  const std::lock_guard lock(mutex_);
  Node* found = find_node(id);
  if (found == nullptr || index >= found->relationships.size()) return {};
  return text_once(found->relationship_properties[index],
                   host_.nodes()[id].relationships[index].properties);
}

cfy_str WorkflowViews::runtime_properties(cfy_instance id) {
  const std::lock_guard lock(mutex_);
  Instance* found = find_instance(id);
  if (found == nullptr) return {};
  return text_once(found->runtime_properties, host_.instances()[id].runtime_properties);
}

cfy_str WorkflowViews::deployment_json() {
  const std::lock_guard lock(mutex_);
  if (!deployment_) {
    const json facts = host_.deployment_facts();
    deployment_ = dump(&facts);
  }
  return borrow(*deployment_);
}

cfy_str WorkflowViews::node_json(cfy_node id) {
  const std::lock_guard lock(mutex_);
  Node* found = find_node(id);
  if (found == nullptr) return {};
  if (!found->all) {
    const json facts = host_.node_facts(static_cast<NodeId>(id));
    found->all = dump(&facts);
  }
  return borrow(*found->all);
}

cfy_str WorkflowViews::instance_json(cfy_instance id) {
  const std::lock_guard lock(mutex_);
  Instance* found = find_instance(id);
  if (found == nullptr) return {};
  if (!found->all) {
    const InstanceView& source = host_.instances()[id];
    json facts = json::object();
    if (source.scaling_groups != nullptr) facts["scaling_groups"] = *source.scaling_groups;
    found->all = dump(&facts);
  }
  return borrow(*found->all);
}

void WorkflowViews::refresh() {
  const std::lock_guard lock(mutex_);
  if (execution_) old_executions_.push_back(std::move(execution_));
  if (deployment_) old_deployments_.push_back(*std::exchange(deployment_, std::nullopt));
  old_nodes_.push_back(std::move(nodes_));
  old_instances_.push_back(std::move(instances_));
  nodes_.clear();
  nodes_.resize(host_.nodes().size());
  instances_.clear();
  instances_.resize(host_.instances().size());
}

}  // namespace cfy::plugin
