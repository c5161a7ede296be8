// Instances, containers first: each instance of a container gets its own instances of what it
// contains.
#include "deploy/grow.hpp"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "base/ids.hpp"
#include "deploy/links.hpp"

namespace cfy::deploy {
namespace {

constexpr std::size_t kMaxInstances = 1'000'000;

// Instances of `previous` by the instance they are in; those of root nodes all under kNone.
using ByParent = std::unordered_map<int, std::vector<int>>;

class Grower {
 public:
  Grower(const Topology& topology, const GrowOptions& options)
      : topology_(topology), options_(options) {}

  std::variant<Forest, Fault> grow() {
    for (const int number : topology_.parents_first()) {
      const Vertex& vertex = topology_.vertex(number);
      if (auto fault = grow_vertex(vertex)) return *std::move(fault);
    }
    if (auto fault = link_instances(topology_, options_.previous, forest_))
      return *std::move(fault);
    return std::move(forest_);
  }

 private:
  std::optional<Fault> grow_vertex(const Vertex& vertex) {
    const ByParent before = previous_instances(vertex);
    next_index_ = highest_index(vertex) + 1;
    if (vertex.parent == kNone) return grow_within(vertex, kNone, before);
    // A copy: the vector may move while instances are added.
    const std::vector<int> parents = forest_.instances_of(topology_.vertex(vertex.parent).name);
    for (const int parent : parents)
      if (auto fault = grow_within(vertex, parent, before)) return fault;
    return {};
  }

  // The instances of `vertex` within one instance of its container.
  std::optional<Fault> grow_within(const Vertex& vertex, int parent, const ByParent& before) {
    const std::vector<int> old = instances_before(parent, before);
    std::int64_t added = vertex.count - static_cast<std::int64_t>(old.size());
    std::vector<int> kept = old;
    if (const CountChange* change = find_change(vertex.name)) {
      added = change->instances - static_cast<std::int64_t>(old.size());
      if (added < 0) kept = remaining(old, *change);
    }
    for (const int number : kept)
      keep(number, parent);
    for (; added > 0; --added) {
      if (forest_.trees().size() >= kMaxInstances)
        return Fault{"ValueError",
                     fmt::format("'{}' brings the deployment above {} instances", vertex.name,
                                 kMaxInstances),
                     "", (vertex.is_group() ? "scaling_groups." : "nodes.") + vertex.name};
      add_new(vertex, parent);
    }
    return {};
  }

  std::vector<int> instances_before(int parent, const ByParent& before) const {
    int old_parent = kNone;
    if (parent != kNone) {
      old_parent =
          options_.previous == nullptr ? kNone : options_.previous->find(forest_.tree(parent).id);
      if (old_parent == kNone) return {};
    }
    const auto found = before.find(old_parent);
    return found == before.end() ? std::vector<int>() : found->second;
  }

  ByParent previous_instances(const Vertex& vertex) const {
    ByParent result;
    if (options_.previous == nullptr) return result;
    for (const int number : options_.previous->instances_of(vertex.name))
      result[vertex.parent == kNone ? kNone : options_.previous->tree(number).parent].push_back(
          number);
    return result;
  }

  std::uint32_t highest_index(const Vertex& vertex) const {
    std::uint32_t highest = 0;
    if (options_.previous == nullptr) return highest;
    for (const int number : options_.previous->instances_of(vertex.name))
      highest = std::max(highest, options_.previous->tree(number).index);
    return highest;
  }

  const CountChange* find_change(const std::string& name) const {
    if (options_.previous == nullptr || options_.changes == nullptr) return nullptr;
    const auto found = options_.changes->find(name);
    return found == options_.changes->end() ? nullptr : &found->second;
  }

  // Which of `old` stay: out go those that are hinted at, then those not to be spared, then others.
  std::vector<int> remaining(const std::vector<int>& old, const CountChange& change) const {
    auto excess =
        static_cast<std::int64_t>(old.size()) - std::max<std::int64_t>(change.instances, 0);
    const std::set<int> included = hinted(change.removed_ids_include_hint, old);
    const std::set<int> excluded = hinted(change.removed_ids_exclude_hint, old);
    std::set<int> removed;
    const auto remove = [&](const auto& is_wanted) {
      for (const int number : old)
        if (excess > 0 && is_wanted(number) && removed.insert(number).second) --excess;
    };
    remove([&](int number) { return included.count(number) > 0; });
    remove([&](int number) { return excluded.count(number) == 0; });
    remove([](int) { return true; });
    std::vector<int> kept;
    for (const int number : old)
      if (removed.count(number) == 0) kept.push_back(number);
    return kept;
  }

  // Hints name the instances themselves, or members of a group's instance.
  std::set<int> hinted(const std::vector<std::string>& ids, const std::vector<int>& old) const {
    std::set<int> result;
    const Forest& previous = *options_.previous;
    for (const std::string& id : ids) {
      int number = previous.find(id);
      while (number != kNone && std::find(old.begin(), old.end(), number) == old.end()) {
        number = previous.tree(number).parent;
        if (number != kNone && !previous.tree(number).is_group) number = kNone;
      }
      if (number != kNone) result.insert(number);
    }
    return result;
  }

  void keep(int number, int parent) {
    Tree tree = options_.previous->tree(number);
    tree.parent = parent;
    tree.links.clear();
    forest_.add(std::move(tree));
  }

  void add_new(const Vertex& vertex, int parent) {
    Tree tree;
    tree.id = options_.make_id(vertex.name);
    tree.name = vertex.name;
    tree.is_group = vertex.is_group();
    tree.index = next_index_++;
    tree.parent = parent;
    if (parent != kNone) tree.host_id = forest_.tree(parent).host_id;
    // A host within a host counts to the outer one.
    if (!tree.host_id && vertex.node != nullptr && vertex.node->host_id == vertex.name)
      tree.host_id = tree.id;
    forest_.add(std::move(tree));
  }

  const Topology& topology_;
  const GrowOptions& options_;
  Forest forest_;
  std::uint32_t next_index_ = 1;
};

}  // namespace

MakeId random_ids(const Forest* previous) {
  auto used = std::make_shared<std::unordered_set<std::string>>();
  if (previous != nullptr)
    for (const Tree& tree : previous->trees())
      used->insert(tree.id);
  return [used](const std::string& node) {
    for (;;) {
      std::string id = node + "_" + base::make_id_suffix();
      if (used->insert(id).second) return id;
    }
  };
}

std::variant<Forest, Fault> grow(const Topology& topology, const GrowOptions& options) {
  return Grower(topology, options).grow();
}

}  // namespace cfy::deploy
