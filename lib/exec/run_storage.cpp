#include "exec/run_storage.hpp"

#include <utility>

namespace cfy::exec {

RunStorage::RunStorage(const plan::Plan& plan, const InstanceBook& book)
    : plan_(plan), book_(book) {
  for (const plan::Node& node : plan_.nodes)
    nodes_.emplace(node.id, &node);
}

const json* RunStorage::find_input(std::string_view name) {
  const auto found = plan_.inputs.find(name);
  return found == plan_.inputs.end() ? nullptr : &*found;
}

std::optional<functions::NodeFacts> RunStorage::find_node(std::string_view name) {
  const auto found = nodes_.find(name);
  if (found == nodes_.end()) return std::nullopt;
  const plan::Relationship* container = found->second->find_containment();
  return functions::NodeFacts{&found->second->properties,
                              container == nullptr ? std::string() : container->target_id};
}

functions::InstanceFacts RunStorage::facts_of(const store::NodeInstance& instance) const {
  functions::InstanceFacts facts;
  facts.id = instance.id;
  facts.node_id = instance.node_id;
  facts.index = instance.index;
  facts.runtime_properties = &instance.runtime_properties;
  for (const json& row : instance.relationships)
    facts.relationships.push_back({row.at("type"), row.at("target_name"), row.at("target_id")});
  for (const json& row : instance.scaling_groups)
    facts.scaling_groups.push_back({row.at("name"), row.at("id")});
  return facts;
}

std::optional<functions::InstanceFacts> RunStorage::find_instance(std::string_view id) {
  const store::NodeInstance* instance = book_.find(id);
  if (instance == nullptr) return std::nullopt;
  return facts_of(*instance);
}

std::vector<functions::InstanceFacts> RunStorage::instances_of(std::string_view node) {
  std::vector<functions::InstanceFacts> instances;
  for (const std::size_t at : book_.of_node(node))
    instances.push_back(facts_of(book_.all()[at]));
  return instances;
}

base::Result<json> RunStorage::evaluate(const json& value, const functions::Context& context) {
  functions::Evaluator evaluator(*this, functions::Stage::runtime);
  functions::Answer answer = evaluator.evaluate(value, context);
  if (!answer.ok()) return base::Error(base::ErrorKind::failed, answer.fault->message);
  return std::move(answer.value);
}

}  // namespace cfy::exec
