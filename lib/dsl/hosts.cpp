#include "dsl/hosts.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "dsl/derivation.hpp"
#include "dsl/fields.hpp"

namespace cfy::dsl {
namespace {

base::SourceRange relationship_range(const Blueprint& blueprint, std::size_t node,
                                     std::string_view target) {
  const Element& element = *blueprint.node_elements[node];
  for (const Value* item : items_of(element.value->find("relationships")))
    if (const Value* name = item->find("target"); name != nullptr && name->is_string())
      if (name->text() == target) return name->range();
  return element.key->range();
}

// As in the reference a type counts by the name of the host type in its own or an ancestor's.
bool is_host(const plan::Node& node) {
  const auto& hierarchy = *node.type_hierarchy;
  return std::any_of(hierarchy.begin(), hierarchy.end(), [](const std::string& type) {
    return type.find(kCompute) != std::string::npos;
  });
}

// Depth first with its own stack: a chain of relationships may hold every node.
class RingFinder {
 public:
  explicit RingFinder(Blueprint& blueprint)
      : blueprint_(blueprint), states_(blueprint.plan.nodes.size(), State::unseen) {}

  // Whether there is no ring.
  bool run() {
    for (std::size_t i = 0; i < states_.size(); ++i)
      if (states_[i] == State::unseen) visit(i);
    return is_free_;
  }

 private:
  enum class State : std::uint8_t { unseen, open, done };
  struct Frame {
    std::size_t node;
    std::size_t next;
  };

  void visit(std::size_t first) {
    std::vector<Frame> stack = {{first, 0}};
    states_[first] = State::open;
    while (!stack.empty()) {
      Frame& frame = stack.back();
      const auto& relationships = blueprint_.plan.nodes[frame.node].relationships;
      if (frame.next == relationships.size()) {
        states_[frame.node] = State::done;
        stack.pop_back();
        continue;
      }
      const std::size_t target = *blueprint_.find_node(relationships[frame.next++].target_id);
      if (states_[target] == State::open) report(stack, target);
      if (states_[target] != State::unseen) continue;
      states_[target] = State::open;
      stack.push_back({target, 0});
    }
  }

  void report(const std::vector<Frame>& stack, std::size_t start) {
    is_free_ = false;
    if (++reported_ > kMaxRings) return;
    std::vector<std::string> names;
    const auto first = std::find_if(stack.begin(), stack.end(),
                                    [&](const Frame& frame) { return frame.node == start; });
    for (auto at = first; at != stack.end(); ++at)
      names.push_back(blueprint_.plan.nodes[at->node].id);
    names.push_back(blueprint_.plan.nodes[start].id);
    const Path section("node_templates");
    blueprint_.context.error(100, relationship_range(blueprint_, stack.back().node, names.back()),
                             Path(section, blueprint_.plan.nodes[stack.back().node].id),
                             fmt::format("a ring of relationships: {}", base::join(names, " -> ")));
  }

  Blueprint& blueprint_;
  std::vector<State> states_;
  bool is_free_ = true;
  int reported_ = 0;
};

// For each node the index of its host, or one of the three.
constexpr std::size_t kUnknown = static_cast<std::size_t>(-1);
constexpr std::size_t kNone = static_cast<std::size_t>(-2);
constexpr std::size_t kUncertain = static_cast<std::size_t>(-3);  // a broken node may be the host

class HostFinder {
 public:
  explicit HostFinder(Blueprint& blueprint)
      : blueprint_(blueprint), hosts_(blueprint.plan.nodes.size(), kUnknown) {}

  // For each node, in order.
  std::vector<std::size_t> run() {
    for (std::size_t i = 0; i < hosts_.size(); ++i)
      find(i);
    return std::move(hosts_);
  }

 private:
  // Up the chain of containers to one whose host is known, then back down with it.
  void find(std::size_t start) {
    std::vector<std::size_t> chain;
    std::size_t at = start;
    std::size_t host = kNone;
    for (;;) {
      if (hosts_[at] != kUnknown) {
        host = hosts_[at];
        break;
      }
      chain.push_back(at);
      const plan::Node& node = blueprint_.plan.nodes[at];
      if (blueprint_.broken_nodes[at]) {
        host = kUncertain;
        break;
      }
      if (is_host(node)) {
        host = at;
        break;
      }
      const plan::Relationship* containment = node.find_containment();
      if (containment == nullptr || chain.size() > hosts_.size()) break;
      at = *blueprint_.find_node(containment->target_id);
    }
    for (const std::size_t node : chain)
      hosts_[node] = host;
  }

  Blueprint& blueprint_;
  std::vector<std::size_t> hosts_;
};

}  // namespace

bool check_relationship_rings(Blueprint& blueprint) {
  return RingFinder(blueprint).run();
}

void find_hosts(Blueprint& blueprint) {
  const std::vector<std::size_t> hosts = HostFinder(blueprint).run();
  const Path section("node_templates");
  for (std::size_t i = 0; i < blueprint.plan.nodes.size(); ++i) {
    plan::Node& node = blueprint.plan.nodes[i];
    if (hosts[i] == kUncertain) continue;
    if (hosts[i] != kNone) node.host_id = blueprint.plan.nodes[hosts[i]].id;
    if (node.host_id || blueprint.host_plugins[i].empty()) continue;
    const Element& element = *blueprint.node_elements[i];
    blueprint.context
        .error(24, element.key->range(), Path(section, node.id),
               fmt::format("'{}' uses the plugin '{}' on a host, but it is contained in none",
                           node.id, blueprint.host_plugins[i].front()))
        .hint =
        "contain it in a node of a type derived from cloudify.nodes.Compute, or use the "
        "executor central_deployment_agent";
  }
}

}  // namespace cfy::dsl
