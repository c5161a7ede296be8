// Compares the forest before with the forest after.
#include "deploy/modify.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

namespace cfy::deploy {
namespace {

base::Error to_error(const Fault& fault) {
  return base::make_error(base::ErrorKind::invalid, "{}", fault.message);
}

// The forest of instances that exist. Instances of groups are known from their members only.
class Replanting {
 public:
  Replanting(const std::vector<plan::Node>& nodes, const std::vector<plan::NodeInstance>& instances)
      : instances_(instances) {
    for (const plan::Node& node : nodes)
      nodes_.emplace(node.id, &node);
  }

  Forest replant() {
    for (const plan::NodeInstance& instance : instances_)
      forest_.add(
          {instance.id, instance.node_id, false, instance.index, kNone, instance.host_id, {}});
    for (const plan::NodeInstance& instance : instances_)
      place(instance);
    for (const plan::NodeInstance& instance : instances_)
      link(instance);
    return std::move(forest_);
  }

 private:
  void place(const plan::NodeInstance& instance) {
    int inner = forest_.find(instance.id);
    for (const plan::GroupInstance& group : instance.scaling_groups) {
      int number = forest_.find(group.id);
      if (number == kNone) number = forest_.add({group.id, group.name, true, 0, kNone, {}, {}});
      forest_.tree(inner).parent = number;
      inner = number;
    }
    if (const int container = container_of(instance); container != kNone)
      forest_.tree(inner).parent = container;
  }

  int container_of(const plan::NodeInstance& instance) const {
    const auto node = nodes_.find(instance.node_id);
    const plan::Relationship* containment =
        node == nodes_.end() ? nullptr : node->second->find_containment();
    if (containment == nullptr) return kNone;
    for (const auto& relationship : instance.relationships)
      if (relationship.type == containment->type &&
          relationship.target_name == containment->target_id)
        return forest_.find(relationship.target_id);
    return kNone;
  }

  void link(const plan::NodeInstance& instance) {
    std::vector<Link>& links = forest_.tree(forest_.find(instance.id)).links;
    for (const auto& relationship : instance.relationships)
      if (const int target = forest_.find(relationship.target_id); target != kNone)
        links.push_back({links.size(), relationship.type, relationship.target_name, target});
  }

  const std::vector<plan::NodeInstance>& instances_;
  std::unordered_map<std::string_view, const plan::Node*> nodes_;
  Forest forest_;
};

// A part of a forest: some instances, and of each some links.
class Excerpt {
 public:
  explicit Excerpt(const Forest& forest) : forest_(forest) {}

  void add(int instance) { links_[instance]; }
  void mark(int instance, Fate fate) {
    add(instance);
    fates_[instance] = fate;
  }
  void add_link(int source, std::size_t position) {
    links_[source].insert(position);
    add(link(source, position).target);
  }

  // Instances of groups are not listed.
  std::vector<ModifiedInstance> list() const {
    std::vector<ModifiedInstance> result;
    for (const auto& [number, positions] : links_) {
      if (forest_.tree(number).is_group) continue;
      std::vector<Link> links;
      for (const std::size_t position : positions)
        links.push_back(link(number, position));
      const auto fate = fates_.find(number);
      result.push_back({forest_.to_instance(number, links),
                        fate == fates_.end() ? Fate::related : fate->second});
    }
    return result;
  }

 private:
  const Link& link(int source, std::size_t position) const {
    return forest_.tree(source).links[position];
  }

  const Forest& forest_;
  std::map<int, std::set<std::size_t>> links_;  // ordered: so are the lists
  std::map<int, Fate> fates_;
};

// The instances of `from` that `other` lacks, with all their relationships, what they are in, and
// those that are related to them.
std::vector<ModifiedInstance> missing_instances(const Forest& from, const Forest& other,
                                                Fate fate) {
  Excerpt excerpt(from);
  const auto is_missing = [&](int number) { return other.find(from.tree(number).id) == kNone; };
  for (int number = 0; number < static_cast<int>(from.trees().size()); ++number) {
    const Tree& tree = from.tree(number);
    const bool is_new = is_missing(number);
    if (is_new) {
      excerpt.mark(number, fate);
      if (tree.is_group && tree.parent != kNone) excerpt.add(tree.parent);
    }
    for (std::size_t i = 0; i < tree.links.size(); ++i)
      if (is_new || is_missing(tree.links[i].target)) excerpt.add_link(number, i);
  }
  return excerpt.list();
}

// The links of an instance, comparable between two forests.
std::set<std::pair<std::string, std::string>> link_keys(const Forest& forest, int number) {
  std::set<std::pair<std::string, std::string>> keys;
  for (const Link& link : forest.tree(number).links)
    keys.emplace(link.type, forest.tree(link.target).id);
  return keys;
}

// Instances of both forests that have relationships in `from` only; not the ends of those that
// `already` lists as added or removed.
std::vector<ModifiedInstance> missing_links(const Forest& from, const Forest& other, Fate fate,
                                            const std::vector<ModifiedInstance>& already) {
  Excerpt excerpt(from);
  for (int number = 0; number < static_cast<int>(from.trees().size()); ++number) {
    const int counterpart = other.find(from.tree(number).id);
    if (counterpart == kNone) continue;
    const auto known = link_keys(other, counterpart);
    const std::vector<Link>& links = from.tree(number).links;
    for (std::size_t i = 0; i < links.size(); ++i) {
      if (known.count({links[i].type, from.tree(links[i].target).id}) > 0) continue;
      excerpt.mark(number, fate);
      excerpt.add_link(number, i);
    }
  }
  std::unordered_set<std::string_view> listed;
  for (const ModifiedInstance& one : already)
    if (one.fate != Fate::related) listed.insert(one.instance.id);
  std::vector<ModifiedInstance> result;
  for (ModifiedInstance& one : excerpt.list())
    if (listed.count(one.instance.id) == 0) result.push_back(std::move(one));
  return result;
}

}  // namespace

std::string_view to_string(Fate fate) {
  switch (fate) {
    case Fate::related:
      break;
    case Fate::added:
      return "added";
    case Fate::removed:
      return "removed";
    case Fate::extended:
      return "extended";
    case Fate::reduced:
      return "reduced";
  }
  return "";
}

base::Result<Modification> modify_deployment(const ModifyRequest& request) {
  const auto topology = Topology::make(request.nodes, request.scaling_groups);
  if (const auto* fault = std::get_if<Fault>(&topology)) return to_error(*fault);
  const Forest before = Replanting(request.previous_nodes, request.previous_instances).replant();
  const GrowOptions options{&before, &request.changes, random_ids(&before)};
  const auto grown = grow(std::get<Topology>(topology), options);
  if (const auto* fault = std::get_if<Fault>(&grown)) return to_error(*fault);
  const Forest& after = std::get<Forest>(grown);

  std::optional<Forest> partly;
  if (request.established != nullptr)
    partly = Replanting(request.previous_nodes, *request.established).replant();
  const Forest& established = partly ? *partly : before;

  Modification result;
  result.added_and_related = missing_instances(after, established, Fate::added);
  result.removed_and_related = missing_instances(before, after, Fate::removed);
  result.extended_and_related =
      missing_links(after, established, Fate::extended, result.added_and_related);
  result.reduced_and_related =
      missing_links(before, after, Fate::reduced, result.removed_and_related);
  for (int number = 0; number < static_cast<int>(after.trees().size()); ++number)
    if (!after.tree(number).is_group) result.all.push_back(after.to_instance(number));
  return result;
}

}  // namespace cfy::deploy
