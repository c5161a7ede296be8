#include "exec/run_storage.hpp"

#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "exec/outside.hpp"

namespace cfy::exec {
namespace {

using functions::Answer;
using functions::Fault;

Fault cannot_answer(std::string message) {
  return {"FunctionEvaluationError", std::move(message)};
}

}  // namespace

RunStorage::RunStorage(const plan::Plan& plan, const InstanceBook& book,
                       const store::Deployment& deployment, Outside* outside)
    : plan_(plan),
      book_(book),
      deployment_id_(deployment.id),
      blueprint_id_(deployment.blueprint_id),
      outside_(outside) {
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

Answer RunStorage::secret(const std::string& name) {
  return outside_ == nullptr ? Storage::secret(name) : outside_->secret(name);
}

Answer RunStorage::capability(const json& path) {
  return outside_ == nullptr ? Storage::capability(path) : outside_->capability(path);
}

Answer RunStorage::group_capability(const json& /*path*/) {
  return cannot_answer(
      "get_group_capability: deployments are not in groups on one machine; ask a deployment for "
      "its capability with get_capability");
}

Answer RunStorage::environment_capability(const json& path) {
  return outside_ == nullptr ? Storage::environment_capability(path)
                             : outside_->environment_capability(plan_, path);
}

Answer RunStorage::label(const std::string& key) {
  if (const auto label = plan_.labels.find(key); label != plan_.labels.end())
    return label->value("values", json::array());
  std::vector<std::string> names;
  for (const auto& [name, label] : plan_.labels.items())
    names.push_back(name);
  const std::string hint = base::did_you_mean(key, names);
  return cannot_answer(
      fmt::format("the deployment has no label '{}'{}{}", key, hint.empty() ? "" : "; ", hint));
}

Answer RunStorage::sys(const std::string& entity, const std::string& property) {
  if (entity == "tenant" && property == "name") return json(kTenant);
  if (entity == "deployment") {
    if (property == "id" || property == "name") return json(deployment_id_);
    if (property == "owner") return json(local_user());
    if (property == "blueprint") return json(blueprint_id_);
  }
  return cannot_answer(fmt::format("get_sys: there is no '{}' of '{}'", property, entity));
}

Answer RunStorage::consumers(const std::string& property) {
  return outside_ == nullptr ? Storage::consumers(property)
                             : outside_->consumers(deployment_id_, property);
}

base::Result<json> RunStorage::evaluate(const json& value, const functions::Context& context) {
  functions::Evaluator evaluator(*this, functions::Stage::runtime);
  functions::Answer answer = evaluator.evaluate(value, context);
  if (!answer.ok()) return base::Error(base::ErrorKind::failed, answer.fault->message);
  return std::move(answer.value);
}

}  // namespace cfy::exec
