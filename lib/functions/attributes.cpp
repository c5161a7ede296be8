// get_attribute and its relatives: runtime properties of instances, then properties of their node.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "functions/call.hpp"
#include "functions/texts.hpp"

namespace cfy::functions {
namespace {

using MaybeInstance = std::optional<InstanceFacts>;

// Finds the instance of a node that is meant when the node has several.
class Resolver {
 public:
  Resolver(Storage& storage, const Context& context) : storage_(storage), context_(context) {}

  MaybeInstance resolve(const std::string& node, std::vector<InstanceFacts> candidates) const {
    if (candidates.size() == 1) return candidates.front();
    if (MaybeInstance related = by_relationship(node, candidates)) return related;
    if (!context_.self.empty()) return by_group(context_.self, candidates);
    if (context_.source.empty()) return {};
    if (MaybeInstance found = by_group(context_.source, candidates)) return found;
    return context_.target.empty() ? MaybeInstance() : by_group(context_.target, candidates);
  }

 private:
  // SELF has relationships to exactly one instance of the node.
  MaybeInstance by_relationship(const std::string& node,
                                const std::vector<InstanceFacts>& candidates) const {
    const MaybeInstance self =
        context_.self.empty() ? MaybeInstance() : storage_.find_instance(context_.self);
    if (!self) return {};
    std::set<std::string> targets;
    for (const auto& relationship : self->relationships)
      if (relationship.target_name == node) targets.insert(relationship.target_id);
    if (targets.size() != 1) return {};
    for (const InstanceFacts& candidate : candidates)
      if (candidate.id == *targets.begin()) return candidate;
    return {};
  }

  MaybeInstance container_of(const InstanceFacts& instance) const {
    const auto node = storage_.find_node(instance.node_id);
    if (!node || node->container.empty()) return {};
    for (const auto& relationship : instance.relationships)
      if (relationship.target_name == node->container)
        return storage_.find_instance(relationship.target_id);
    return {};
  }

  // The groups that the instance is in, also by what contains it: innermost first.
  std::vector<plan::GroupInstance> groups_of(MaybeInstance instance) const {
    std::vector<plan::GroupInstance> groups;
    while (instance) {
      groups.insert(groups.end(), instance->scaling_groups.begin(), instance->scaling_groups.end());
      instance = container_of(*instance);
    }
    return groups;
  }

  // The only candidate within the same instance of the smallest group that both are in.
  MaybeInstance by_group(const std::string& id,
                         const std::vector<InstanceFacts>& candidates) const {
    const MaybeInstance instance = storage_.find_instance(id);
    if (!instance || candidates.empty()) return {};
    const auto own = groups_of(instance);
    const auto others = groups_of(candidates.front());
    const auto shared = std::find_if(own.begin(), own.end(), [&](const auto& group) {
      return std::any_of(others.begin(), others.end(),
                         [&](const auto& other) { return other.name == group.name; });
    });
    if (shared == own.end()) return {};
    MaybeInstance found;
    for (const InstanceFacts& candidate : candidates) {
      const auto groups = groups_of(candidate);
      const bool is_inside = std::any_of(groups.begin(), groups.end(), [&](const auto& group) {
        return group.name == shared->name && group.id == shared->id;
      });
      if (!is_inside) continue;
      if (found) return {};
      found = candidate;
    }
    return found;
  }

  Storage& storage_;
  const Context& context_;
};

// By its name; `shown` is what the blueprint says.
std::variant<InstanceFacts, Fault> find_by_node(Call& call, const std::string& node,
                                                const std::string& shown) {
  auto candidates = call.storage().instances_of(node);
  if (candidates.empty()) return call.failure(fmt::format("Node {} has no instances.", shown));
  if (auto found = Resolver(call.storage(), call.context()).resolve(node, std::move(candidates)))
    return *std::move(found);
  return call.failure(fmt::format(
      "More than one node instance found for node \"{}\". Cannot resolve a node instance "
      "unambiguously.",
      shown));
}

std::variant<InstanceFacts, Fault> find_instance(Call& call, const std::string& name) {
  const Context& context = call.context();
  if (!context.instance_hint.empty()) {
    const auto hinted = call.storage().find_instance(context.instance_hint);
    if (hinted && (hinted->node_id == name || (name == "SELF" && hinted->node_id == context.node)))
      return *hinted;
  }
  if (!is_relative(name)) return find_by_node(call, name, name);
  const std::string& id = name == "SELF"     ? context.self
                          : name == "SOURCE" ? context.source
                                             : context.target;
  if (!id.empty()) {
    if (auto found = call.storage().find_instance(id)) return *std::move(found);
    return call.failure(fmt::format("there is no node instance '{}'", id));
  }
  if (name == "SELF") return find_by_node(call, context.node, name);
  return call.failure(fmt::format("{} is missing in request context in {}", name, context.path));
}

// Runtime property, then the names that stand for the instance itself, then the node's property.
Outcome attribute_of(Call& call, const InstanceFacts& instance, const json& path,
                     const Context& owner) {
  static const json kNone = json::object();
  bool is_found = false;
  const json& runtime =
      instance.runtime_properties != nullptr ? *instance.runtime_properties : kNone;
  Outcome value = follow_properties(call, runtime, path, owner, &is_found);
  const auto is_null = [&] {
    const json* plain = std::get_if<json>(&value);
    return plain != nullptr && plain->is_null();
  };
  if (!is_null()) return value;
  if (path.size() == 2 && path[1] == "node_instance_id") return json(instance.id);
  if (path.size() == 2 && path[1] == "node_instance_index") return json(instance.index);
  const auto node = call.storage().find_node(instance.node_id);
  if (!node) return Fault{"KeyError", fmt::format("there is no node '{}'", instance.node_id)};
  return follow_properties(call, node->properties != nullptr ? *node->properties : kNone, path,
                           owner, &is_found);
}

// The node whose instances are listed. SELF may be given as an instance or as a node.
std::variant<std::string, Fault> listed_node(Call& call) {
  const std::string name = text_of(call.arguments()[0]);
  if (!is_relative(name)) return name;
  const Context& context = call.context();
  const std::string& id = name == "SELF"     ? context.self
                          : name == "SOURCE" ? context.source
                                             : context.target;
  const std::string& node = name == "TARGET" ? context.target_node : context.node;
  if (!id.empty()) {
    const auto instance = call.storage().find_instance(id);
    return instance ? instance->node_id : id;
  }
  if (!node.empty()) return node;
  return call.failure(fmt::format("{} is missing in request context in {}", name, context.path));
}

// The attribute of one instance among several, fully evaluated: each has an owner of its own.
Outcome evaluated_attribute(Call& call, const InstanceFacts& instance, const json& path) {
  const Context owner = owner_context(call.context(), instance.node_id, instance.id);
  Outcome value = attribute_of(call, instance, path, owner);
  if (!std::holds_alternative<json>(value)) return value;
  Answer answer = call.evaluate(std::get<json>(std::move(value)), owner);
  if (!answer.ok()) return *std::move(answer.fault);
  return std::move(answer.value);
}

std::variant<std::vector<InstanceFacts>, Fault> listed_instances(Call& call) {
  auto node = listed_node(call);
  if (auto* fault = std::get_if<Fault>(&node)) return std::move(*fault);
  const std::string& name = std::get<std::string>(node);
  if (!call.storage().find_node(name))
    return Fault{"KeyError", fmt::format("{}: there is no node '{}'", call.name(), name)};
  return call.storage().instances_of(name);
}

}  // namespace

Outcome get_attribute(Call& call) {
  const json& path = call.arguments();
  if (contains_function(path)) return call.failure("an argument is not known at this stage");
  auto found = find_instance(call, text_of(path[0]));
  if (auto* fault = std::get_if<Fault>(&found)) {
    if (!call.context().in_outputs) return std::move(*fault);
    return json(fmt::format("<ERROR: {}>", fault->message));
  }
  const auto& instance = std::get<InstanceFacts>(found);
  Context owner = owner_context(call.context(), instance.node_id, instance.id);
  Outcome value = attribute_of(call, instance, path, owner);
  call.context() = std::move(owner);
  return value;
}

Outcome get_attributes_list(Call& call) {
  auto instances = listed_instances(call);
  if (auto* fault = std::get_if<Fault>(&instances)) return std::move(*fault);
  json list = json::array();
  for (const InstanceFacts& instance : std::get<std::vector<InstanceFacts>>(instances)) {
    Outcome value = evaluated_attribute(call, instance, call.arguments());
    if (!std::holds_alternative<json>(value)) return value;
    list.push_back(std::get<json>(std::move(value)));
  }
  return list;
}

Outcome get_attributes_dict(Call& call) {
  auto instances = listed_instances(call);
  if (auto* fault = std::get_if<Fault>(&instances)) return std::move(*fault);
  const json& arguments = call.arguments();
  json result = json::object();
  for (const InstanceFacts& instance : std::get<std::vector<InstanceFacts>>(instances)) {
    json& attributes = result[instance.id] = json::object();
    for (std::size_t i = 1; i < arguments.size(); ++i) {
      json steps = arguments[i].is_array() ? arguments[i] : json::array({arguments[i]});
      json path = json::array({arguments[0]});
      path.insert(path.end(), steps.begin(), steps.end());
      Outcome value = evaluated_attribute(call, instance, path);
      if (!std::holds_alternative<json>(value)) return value;
      attributes[dotted(steps)] = std::get<json>(std::move(value));
    }
  }
  return result;
}

}  // namespace cfy::functions
