// The container of instances and the questions about what they are in.
#include "deploy/forest.hpp"

#include <algorithm>

namespace cfy::deploy {

int Forest::add(Tree tree) {
  const int number = static_cast<int>(trees_.size());
  numbers_.emplace(tree.id, number);
  by_name_[tree.name].push_back(number);
  trees_.push_back(std::move(tree));
  return number;
}

int Forest::find(std::string_view id) const {
  const auto found = numbers_.find(std::string(id));
  return found == numbers_.end() ? kNone : found->second;
}

const std::vector<int>& Forest::instances_of(const std::string& name) const {
  static const std::vector<int> kEmpty;
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? kEmpty : found->second;
}

int Forest::group_of(int instance, std::string_view group) const {
  for (int above = tree(instance).parent; above != kNone; above = tree(above).parent)
    if (tree(above).is_group && tree(above).name == group) return above;
  return kNone;
}

int Forest::container_of(int instance) const {
  int above = tree(instance).parent;
  while (above != kNone && tree(above).is_group)
    above = tree(above).parent;
  return above;
}

plan::NodeInstance Forest::to_instance(int number) const {
  return to_instance(number, tree(number).links);
}

plan::NodeInstance Forest::to_instance(int number, const std::vector<Link>& links) const {
  const Tree& from = tree(number);
  plan::NodeInstance instance;
  instance.id = from.id;
  instance.node_id = from.name;
  instance.index = from.index;
  instance.host_id = from.host_id;
  for (const Link& link : links)
    instance.relationships.push_back({link.type, link.target_name, tree(link.target).id});
  for (int above = from.parent; above != kNone && tree(above).is_group; above = tree(above).parent)
    instance.scaling_groups.push_back({tree(above).name, tree(above).id});
  return instance;
}

}  // namespace cfy::deploy
