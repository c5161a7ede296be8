// Storage: what functions can ask for while they are evaluated. The deployment stage knows inputs
// and nodes only; whoever runs operations or reads outputs implements the rest.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "functions/arguments.hpp"
#include "plan/plan.hpp"

namespace cfy::functions {

/// A value, or why there is none.
struct Answer {
  json value;
  std::optional<Fault> fault;

  Answer(json given) : value(std::move(given)) {}   // NOLINT: an answer is a value
  Answer(Fault given) : fault(std::move(given)) {}  // NOLINT
  bool ok() const { return !fault.has_value(); }
};

/// Views: what they point to must stay until the evaluation has ended.
struct NodeFacts {
  const json* properties = nullptr;
  std::string container;  ///< the node it is contained in, "" for none
};

struct InstanceFacts {
  std::string id;
  std::string node_id;
  std::uint32_t index = 0;
  const json* runtime_properties = nullptr;  ///< may be nullptr
  std::vector<plan::InstanceRelationship> relationships;
  std::vector<plan::GroupInstance> scaling_groups;  ///< innermost first
};

/// Used by one thread at a time. "name" arguments were checked to be texts; answers may be faults.
class Storage {
 public:
  virtual ~Storage() = default;

  /// nullptr: no such input.
  virtual const json* find_input(std::string_view name) = 0;
  virtual std::optional<NodeFacts> find_node(std::string_view name) = 0;

  virtual std::optional<InstanceFacts> find_instance(std::string_view id);
  virtual std::vector<InstanceFacts> instances_of(std::string_view node);
  /// The secret's text. An unknown one is a fault of the type UnknownSecretError.
  virtual Answer secret(const std::string& name);
  /// `path`: [deployment, capability, key or index, ...].
  virtual Answer capability(const json& path);
  /// `path`: [group, capability or list of capabilities, key or index, ...].
  virtual Answer group_capability(const json& path);
  /// `path`: [capability, key or index, ...] of the parent deployment.
  virtual Answer environment_capability(const json& path);
  /// All values of a label, a list.
  virtual Answer label(const std::string& key);
  virtual Answer sys(const std::string& entity, const std::string& property);
  /// `property`: ids, names or count.
  virtual Answer consumers(const std::string& property);
};

/// `path` followed from item `first` on inside a capability's value; the fault names the way.
Answer follow_capability(const json& value, const json& path, std::size_t first);

}  // namespace cfy::functions
