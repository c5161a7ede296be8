// A small world for functions: inputs, two nodes and their instances, in plain maps.
#pragma once

#include <map>

#include <nlohmann/json.hpp>

#include "functions/evaluate.hpp"

namespace cfy::functions {

class World final : public Storage {
 public:
  json inputs = json::object();
  std::map<std::string, json, std::less<>> properties;
  std::map<std::string, std::string, std::less<>> containers;
  std::vector<InstanceFacts> instances;
  std::map<std::string, json> runtime;  ///< by instance
  std::map<std::string, std::string> secrets;

  void add_instance(const std::string& node, const std::string& id, json runtime_properties = {}) {
    runtime[id] = std::move(runtime_properties);
    InstanceFacts facts;
    facts.id = id;
    facts.node_id = node;
    facts.index = static_cast<std::uint32_t>(instances.size() + 1);
    facts.runtime_properties = runtime[id].is_null() ? nullptr : &runtime[id];
    instances.push_back(facts);
  }

  const json* find_input(std::string_view name) override {
    const auto found = inputs.find(name);
    return found == inputs.end() ? nullptr : &*found;
  }
  std::optional<NodeFacts> find_node(std::string_view name) override {
    const auto found = properties.find(name);
    if (found == properties.end()) return std::nullopt;
    const auto container = containers.find(name);
    return NodeFacts{&found->second, container == containers.end() ? "" : container->second};
  }
  std::optional<InstanceFacts> find_instance(std::string_view id) override {
    for (const auto& one : instances)
      if (one.id == id) return one;
    return std::nullopt;
  }
  std::vector<InstanceFacts> instances_of(std::string_view node) override {
    std::vector<InstanceFacts> found;
    for (const auto& one : instances)
      if (one.node_id == node) found.push_back(one);
    return found;
  }
  Answer secret(const std::string& name) override {
    const auto found = secrets.find(name);
    if (found != secrets.end()) return json(found->second);
    return Fault{"UnknownSecretError", "no secret " + name};
  }
};

inline Answer evaluate(World& world, const char* text, const Context& context = {},
                       Stage stage = Stage::runtime) {
  return Evaluator(world, stage).evaluate(json::parse(text), context);
}

/// The value that a function has when a deployment is made.
inline json prepared(World& world, const char* text, const Context& context = {}) {
  const Answer answer = evaluate(world, text, context, Stage::deployment);
  return answer.ok() ? answer.value : json("fault: " + answer.fault->type);
}

inline json evaluated(World& world, const char* text, const Context& context = {}) {
  const Answer answer = evaluate(world, text, context);
  return answer.ok() ? answer.value : json("fault: " + answer.fault->type);
}

inline Context in_node(const std::string& node) {
  Context context;
  context.scope = Scope::node_template;
  context.node = node;
  return context;
}

}  // namespace cfy::functions
