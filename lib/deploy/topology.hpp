// Topology: what is contained in what, among node templates and scaling groups. The plan's side of
// making instances; knows no instance.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "functions/arguments.hpp"
#include "plan/plan.hpp"

namespace cfy::deploy {

using functions::Fault;
using ScalingGroups = std::map<std::string, plan::ScalingGroup, std::less<>>;

inline constexpr int kNone = -1;

/// A node template or a scaling group, which contains its members like a node.
struct Vertex {
  std::string name;
  const plan::Node* node = nullptr;  ///< nullptr: a group
  std::int64_t count = 1;            ///< instances within each instance of the parent
  int parent = kNone;                ///< a group, or the node it is contained in
  int nearest_group = kNone;         ///< the next group upwards

  bool is_group() const { return node == nullptr; }
};

class Topology {
 public:
  Topology(Topology&&) = default;  // not copied: look-ups view the names inside
  Topology& operator=(Topology&&) = default;

  /// `nodes` must outlive the topology. Faults: UnsupportedRelationship, a number of instances that
  /// is none, a circle. Cost: linear.
  static std::variant<Topology, Fault> make(const std::vector<plan::Node>& nodes,
                                            const ScalingGroups& groups);

  const std::vector<Vertex>& vertices() const { return vertices_; }
  const Vertex& vertex(int number) const { return vertices_[static_cast<std::size_t>(number)]; }
  /// All vertices, each after its parent; else as written.
  const std::vector<int>& parents_first() const { return order_; }
  /// kNone when there is none.
  int find(std::string_view name) const;

  /// The smallest group that both are in, directly or with what contains them; kNone if none.
  int shared_group(int one, int other) const;

 private:
  Topology() = default;
  std::optional<Fault> add_nodes(const std::vector<plan::Node>& nodes);
  std::optional<Fault> add_groups(const ScalingGroups& groups);
  void link_containment();
  std::optional<Fault> sort();

  std::vector<Vertex> vertices_;
  std::vector<int> order_;
  std::unordered_map<std::string_view, int> numbers_;
};

/// Whether a relationship's type is one that instances can have.
bool is_supported(const plan::Relationship& relationship);

}  // namespace cfy::deploy
