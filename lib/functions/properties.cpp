// get_property: properties of node templates, followed through functions in them.
#include <fmt/format.h>

#include "functions/call.hpp"
#include "functions/lookup.hpp"

namespace cfy::functions {
namespace {

// The node that the first argument names, SELF, SOURCE and TARGET included; "" with a fault.
std::string named_node(Call& call, const std::string& name, std::optional<Fault>& fault) {
  const Context& context = call.context();
  if (!is_relative(name)) return name;
  const std::string& instance = name == "SELF"     ? context.self
                                : name == "SOURCE" ? context.source
                                                   : context.target;
  if (!instance.empty())
    if (const auto facts = call.storage().find_instance(instance)) return facts->node_id;
  const bool is_allowed =
      (context.scope == Scope::relationship) != (name == "SELF") || context.scope == Scope::none;
  const std::string& node = name == "TARGET" ? context.target_node : context.node;
  if (is_allowed && !node.empty()) return node;
  fault = Fault{"ValueError", fmt::format("get_property cannot use {} in {} ({})", name,
                                          describe(context.scope), context.path)};
  return {};
}

}  // namespace

Context owner_context(const Context& from, const std::string& node, const std::string& instance) {
  Context owner;
  owner.scope = Scope::node_template;
  owner.node = node;
  owner.self = instance;
  if (instance.empty() && from.node == node) {
    owner.self = from.scope == Scope::relationship ? from.source : from.self;
    owner.instance_hint = from.instance_hint;
  } else if (instance.empty() && from.target_node == node) {
    owner.self = from.target;
  }
  owner.in_outputs = from.in_outputs;
  owner.path = from.path;
  return owner;
}

Outcome follow_properties(Call& call, const json& properties, const json& path,
                          const Context& owner, bool* is_found) {
  *is_found = true;
  json evaluated;  // holds what a function on the way gave
  const json* value = &properties;
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (is_function(*value)) {
      Answer answer = call.evaluate(*value, owner);
      if (!answer.ok()) return *std::move(answer.fault);
      evaluated = std::move(answer.value);
      value = &evaluated;
      if (is_function(*value)) return StaysRaw{};
    }
    const Step step = step_into(value, path[i]);
    if (step == Step::not_an_index)
      return call.failure(fmt::format("'{}' in '{}' must be the index of a list",
                                      path[i].is_string() ? path[i].get<std::string>() : "",
                                      path_text(path, 1)));
    if (step != Step::found) {
      *is_found = false;
      return json();
    }
  }
  return *value;
}

Outcome get_property(Call& call) {
  const json& path = call.arguments();
  if (contains_function(path)) return call.failure("an argument is not known at this stage");
  std::optional<Fault> fault;
  const std::string given = path[0].is_string() ? path[0].get<std::string>() : path[0].dump();
  const std::string node = named_node(call, given, fault);
  if (fault) return *std::move(fault);
  const auto facts = call.storage().find_node(node);
  if (!facts) return Fault{"KeyError", fmt::format("get_property: there is no node '{}'", node)};
  static const json kNone = json::object();
  Context owner = owner_context(call.context(), node, "");
  bool is_found = false;
  Outcome value = follow_properties(call, facts->properties != nullptr ? *facts->properties : kNone,
                                    path, owner, &is_found);
  if (!is_found)
    return call.failure(fmt::format("node '{}' has no property '{}' (referred to in {})", node,
                                    path_text(path, 1), call.context().path));
  call.context() = std::move(owner);
  return value;
}

}  // namespace cfy::functions
