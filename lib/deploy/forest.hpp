// Forest: instances of nodes and groups, each within an instance of what contains it, and their
// relationships. Made from nothing, or from instances that exist already.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "deploy/topology.hpp"

namespace cfy::deploy {

/// A relationship of an instance. `order` is its place in the node template.
struct Link {
  std::size_t order = 0;
  std::string type;
  std::string target_name;
  int target = kNone;  ///< number of an instance
};

/// An instance of a node or a group.
struct Tree {
  std::string id;
  std::string name;  ///< of the node or group
  bool is_group = false;
  std::uint32_t index = 0;  ///< 1-based among the instances of its node
  int parent = kNone;
  std::optional<std::string> host_id;
  std::vector<Link> links;
};

class Forest {
 public:
  /// @return the number of the instance
  int add(Tree tree);

  const std::vector<Tree>& trees() const { return trees_; }
  const Tree& tree(int number) const { return trees_[static_cast<std::size_t>(number)]; }
  Tree& tree(int number) { return trees_[static_cast<std::size_t>(number)]; }
  int find(std::string_view id) const;
  /// Numbers of the instances of a node or group, in order.
  const std::vector<int>& instances_of(const std::string& name) const;

  /// The instance of `group` that an instance is in; kNone if none.
  int group_of(int instance, std::string_view group) const;
  /// The next instance of a node upwards, past groups; kNone if none.
  int container_of(int instance) const;
  /// An instance as the plan has it: with all links, or with those given.
  plan::NodeInstance to_instance(int number) const;
  plan::NodeInstance to_instance(int number, const std::vector<Link>& links) const;

 private:
  std::vector<Tree> trees_;
  std::unordered_map<std::string, int> numbers_;
  std::unordered_map<std::string, std::vector<int>> by_name_;
};

}  // namespace cfy::deploy
