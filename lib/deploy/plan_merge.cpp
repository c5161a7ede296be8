#include "deploy/plan_merge.hpp"

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace cfy::deploy {
namespace {

using Key = std::pair<std::string_view, std::string_view>;

Key key_of(const plan::Relationship& relationship) {
  return {relationship.type, relationship.target_id};
}

void keep_relationships(const plan::Node& before, plan::Node& after) {
  std::map<Key, std::size_t> known;
  for (const plan::Relationship& one : after.relationships)
    ++known[key_of(one)];
  std::vector<plan::Relationship> gone;
  for (const plan::Relationship& one : before.relationships) {
    const auto found = known.find(key_of(one));
    if (found == known.end() || found->second == 0)
      gone.push_back(one);
    else
      --found->second;
  }
  for (plan::Relationship& one : gone)
    after.relationships.push_back(std::move(one));
}

void add_all(const std::shared_ptr<const plan::OperationMap>& operations,
             std::unordered_set<const plan::Operation*>& found) {
  if (!operations) return;
  for (const auto& [name, operation] : *operations)
    found.insert(operation.get());
}

}  // namespace

plan::Plan merge_plans(const plan::Plan& before, plan::Plan after) {
  std::unordered_map<std::string_view, plan::Node*> new_nodes;
  for (plan::Node& node : after.nodes)
    new_nodes.emplace(node.id, &node);
  std::vector<plan::Node> gone;
  for (const plan::Node& node : before.nodes)
    if (const auto found = new_nodes.find(node.id); found != new_nodes.end())
      keep_relationships(node, *found->second);
    else
      gone.push_back(node);
  for (plan::Node& node : gone)
    after.nodes.push_back(std::move(node));
  for (const auto& [name, plugin] : before.plugins)
    after.plugins.emplace(name, plugin);
  return after;
}

std::unordered_set<const plan::Operation*> operations_from_before(const plan::Plan& merged,
                                                                  const plan::Plan& after) {
  std::unordered_set<const plan::Operation*> found;
  for (std::size_t i = 0; i < merged.nodes.size(); ++i) {
    const plan::Node& node = merged.nodes[i];
    const bool is_gone = i >= after.nodes.size();
    if (is_gone) add_all(node.operations, found);
    const std::size_t first = is_gone ? 0 : after.nodes[i].relationships.size();
    for (std::size_t place = first; place < node.relationships.size(); ++place) {
      add_all(node.relationships[place].source_operations, found);
      add_all(node.relationships[place].target_operations, found);
    }
  }
  return found;
}

}  // namespace cfy::deploy
