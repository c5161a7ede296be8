// Links instances: contained_in by the tree, others by their connection type.
#include "deploy/links.hpp"

#include <unordered_map>

#include <fmt/format.h>

namespace cfy::deploy {
namespace {

constexpr std::size_t kMaxRelationships = 1'000'000;
constexpr std::string_view kAllToAll = "all_to_all";
constexpr std::string_view kAllToOne = "all_to_one";

using Numbers = std::vector<int>;

// What all instances of a relationship's source have in common.
struct Declared {
  const Vertex& source;
  const plan::Relationship& relationship;
  std::size_t order;
};

class Linker {
 public:
  Linker(const Topology& topology, const Forest* previous, Forest& forest)
      : topology_(topology), previous_(previous), forest_(forest) {}

  std::optional<Fault> link() {
    for (const Vertex& vertex : topology_.vertices()) {
      if (vertex.is_group()) continue;
      std::size_t order = 0;
      for (const plan::Relationship& relationship : vertex.node->relationships)
        if (auto fault = link_one({vertex, relationship, order++})) return fault;
    }
    return {};
  }

 private:
  std::optional<Fault> link_one(const Declared& declared) {
    if (declared.relationship.is_derived_from(plan::kContainedIn)) return link_containers(declared);
    const auto found = declared.relationship.properties.find("connection_type");
    const bool is_all = found != declared.relationship.properties.end() && *found == kAllToAll;
    const bool is_one = found != declared.relationship.properties.end() && *found == kAllToOne;
    if (!is_all && !is_one)
      return Fault{
          "IllegalConnectedToConnectionType",
          fmt::format("the relationship of node '{}' to '{}' needs the property "
                      "connection_type {} or {}",
                      declared.source.name, declared.relationship.target_id, kAllToAll, kAllToOne),
          "", "nodes." + declared.source.name};
    return is_all ? link_all(declared) : link_to_one(declared);
  }

  // "All to all" is written in a line and grows with the product of two numbers.
  std::optional<Fault> add(const Declared& declared, int source, int target) {
    if (++made_ > kMaxRelationships)
      return Fault{
          "ValueError",
          fmt::format("the relationships of '{}' to '{}' bring the deployment above {} "
                      "relationships between instances",
                      declared.source.name, declared.relationship.target_id, kMaxRelationships),
          "", "nodes." + declared.source.name};
    forest_.tree(source).links.push_back(
        {declared.order, declared.relationship.type, declared.relationship.target_id, target});
    return {};
  }

  std::optional<Fault> link_containers(const Declared& declared) {
    for (const int source : forest_.instances_of(declared.source.name))
      if (const int container = forest_.container_of(source); container != kNone)
        if (auto fault = add(declared, source, container)) return fault;
    return {};
  }

  int shared_group(const Declared& declared) const {
    const int source = topology_.find(declared.source.name);
    const int target = topology_.find(declared.relationship.target_id);
    return target == kNone ? kNone : topology_.shared_group(source, target);
  }

  // Within a group that both are in, only instances of the same group instance meet.
  std::optional<Fault> link_all(const Declared& declared) {
    const Numbers& targets = forest_.instances_of(declared.relationship.target_id);
    const int group = shared_group(declared);
    if (group == kNone) {
      for (const int source : forest_.instances_of(declared.source.name))
        for (const int target : targets)
          if (auto fault = add(declared, source, target)) return fault;
      return {};
    }
    const std::string& name = topology_.vertex(group).name;
    std::unordered_map<int, Numbers> by_group;
    for (const int target : targets)
      by_group[forest_.group_of(target, name)].push_back(target);
    for (const int source : forest_.instances_of(declared.source.name))
      for (const int target : by_group[forest_.group_of(source, name)])
        if (auto fault = add(declared, source, target)) return fault;
    return {};
  }

  std::optional<Fault> link_to_one(const Declared& declared) {
    const Numbers& sources = forest_.instances_of(declared.source.name);
    const Numbers& targets = forest_.instances_of(declared.relationship.target_id);
    if (sources.empty() || targets.empty()) return {};
    if (const int group = shared_group(declared); group != kNone)
      return Fault{"UnsupportedAllToOneInGroup",
                   fmt::format("'{}' cannot be related {} to '{}': both are in group '{}'",
                               declared.source.name, kAllToOne, declared.relationship.target_id,
                               topology_.vertex(group).name),
                   "", "nodes." + declared.source.name};
    int target = targets.front();
    if (auto fault = previous_target(declared, target)) return fault;
    for (const int source : sources)
      if (auto fault = add(declared, source, target)) return fault;
    return {};
  }

  // The target that instances have already, if it still exists.
  std::optional<Fault> previous_target(const Declared& declared, int& target) const {
    if (previous_ == nullptr) return {};
    std::string id;
    for (const int source : previous_->instances_of(declared.source.name))
      for (const Link& link : previous_->tree(source).links) {
        if (link.type != declared.relationship.type ||
            link.target_name != declared.relationship.target_id)
          continue;
        const std::string& found = previous_->tree(link.target).id;
        if (!id.empty() && id != found)
          return Fault{"IllegalAllToOneState",
                       fmt::format("instances of '{}' have more than one target '{}' of an {} "
                                   "relationship",
                                   declared.source.name, link.target_name, kAllToOne),
                       "", "nodes." + declared.source.name};
        id = found;
      }
    if (const int number = id.empty() ? kNone : forest_.find(id); number != kNone) target = number;
    return {};
  }

  const Topology& topology_;
  const Forest* previous_;
  Forest& forest_;
  std::size_t made_ = 0;
};

}  // namespace

std::optional<Fault> link_instances(const Topology& topology, const Forest* previous,
                                    Forest& forest) {
  return Linker(topology, previous, forest).link();
}

}  // namespace cfy::deploy
