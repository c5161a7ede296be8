// Look-ups in the storage of a case.
#include "json_storage.hpp"

#include <fmt/format.h>

namespace cfy::conformance {
namespace {

using functions::Answer;
using functions::Fault;

Fault unknown(std::string_view what, const std::string& name) {
  return {"KeyError", fmt::format("unknown {} '{}'", what, name)};
}

std::string text_of(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

const json* member(const json& map, const std::string& key) {
  const auto found = map.find(key);
  return found == map.end() || found->is_null() ? nullptr : &*found;
}

functions::InstanceFacts facts_of(const json& instance) {
  functions::InstanceFacts facts;
  facts.id = instance.at("id").get<std::string>();
  facts.node_id = instance.at("node_id").get<std::string>();
  facts.index = instance.value("index", 0U);
  facts.runtime_properties = member(instance, "runtime_properties");
  if (const json* relationships = member(instance, "relationships"))
    for (const json& one : *relationships)
      facts.relationships.push_back(
          {one.value("type", ""), one.at("target_name"), one.at("target_id")});
  if (const json* groups = member(instance, "scaling_groups"))
    for (const json& group : *groups)
      facts.scaling_groups.push_back({group.at("name"), group.at("id")});
  return facts;
}

std::string container_of(const json& node) {
  const json* relationships = member(node, "relationships");
  if (relationships == nullptr) return {};
  for (const json& one : *relationships)
    for (const json& type : one.value("type_hierarchy", json::array()))
      if (type == plan::kContainedIn) return one.at("target_id").get<std::string>();
  return {};
}

}  // namespace

const json* JsonStorage::find(const char* section, const std::string& key) const {
  const json* map = member(storage_, section);
  return map == nullptr ? nullptr : member(*map, key);
}

const json* JsonStorage::find_input(std::string_view name) {
  return find("inputs", std::string(name));
}

std::optional<functions::NodeFacts> JsonStorage::find_node(std::string_view name) {
  for (const json& node : storage_.at("nodes"))
    if (node.at("id") == name)
      return functions::NodeFacts{member(node, "properties"), container_of(node)};
  return std::nullopt;
}

std::optional<functions::InstanceFacts> JsonStorage::find_instance(std::string_view id) {
  for (const json& instance : storage_.at("node_instances"))
    if (instance.at("id") == id) return facts_of(instance);
  return std::nullopt;
}

std::vector<functions::InstanceFacts> JsonStorage::instances_of(std::string_view node) {
  std::vector<functions::InstanceFacts> found;
  for (const json& instance : storage_.at("node_instances"))
    if (instance.at("node_id") == node) found.push_back(facts_of(instance));
  return found;
}

Answer JsonStorage::secret(const std::string& name) {
  if (const json* value = find("secrets", name)) return *value;
  return Fault{"UnknownSecretError", fmt::format("unknown secret '{}'", name)};
}

// A null in the storage is a value like others here.
Answer JsonStorage::two_steps(const char* section, const json& one, const json& other) const {
  const json* inner = find(section, text_of(one));
  if (inner == nullptr) return unknown(section, text_of(one));
  const auto found = inner->find(text_of(other));
  if (found == inner->end()) return unknown(section, text_of(other));
  return *found;
}

Answer JsonStorage::capability(const json& path) {
  return two_steps("capabilities", path[0], path[1]);
}

Answer JsonStorage::group_capability(const json& path) {
  return two_steps("group_capabilities", path[0], path[1]);
}

Answer JsonStorage::environment_capability(const json& path) {
  const json* parents = find("labels", "csys-obj-parent");
  if (parents == nullptr || parents->empty()) return unknown("label", "csys-obj-parent");
  return two_steps("capabilities", parents->front(), path[0]);
}

Answer JsonStorage::label(const std::string& key) {
  if (const json* values = find("labels", key)) return *values;
  return unknown("label", key);
}

Answer JsonStorage::sys(const std::string& entity, const std::string& property) {
  const json* value = entity == "deployment" ? member(storage_, "deployment_" + property) : nullptr;
  if (value != nullptr) return *value;
  return unknown("property of " + entity, property);
}

Answer JsonStorage::consumers(const std::string& property) {
  const json consumers = storage_.value("consumers", json::object());
  if (property == "count") return json(consumers.size());
  json list = json::array();
  for (auto one = consumers.begin(); one != consumers.end(); ++one)
    list.push_back(property == "ids" ? json(one.key()) : *one);
  return list;
}

}  // namespace cfy::conformance
