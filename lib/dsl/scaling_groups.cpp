#include "dsl/scaling_groups.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "base/text.hpp"

namespace cfy::dsl {
namespace {

class ScalingGroups {
 public:
  explicit ScalingGroups(Blueprint& blueprint)
      : blueprint_(blueprint), groups_(blueprint.plan.scaling_groups) {}

  void run() {
    if (!find_parents() || !check_rings()) return;
    order_groups();
    drop_contained();
    check_containment();
  }

 private:
  // What is known of all nodes in a group and the groups in it.
  struct Summary {
    std::string contained;  // a node that is contained in another one, or empty
    std::string root;       // the outermost container of that node
    std::string top;        // a node that is in no container, or empty
    bool is_wrong = false;
  };

  void error(int code, const std::string& group, std::string message) {
    const Element* element = blueprint_.merged.section("groups").find(group);
    const Path section("groups");
    blueprint_.context.error(code, element->key->range(), Path(section, group), std::move(message));
  }

  bool find_parents() {
    bool is_good = true;
    for (const auto& [name, group] : groups_)
      for (const std::string& member : group.members) {
        const auto [parent, is_new] = parents_.emplace(member, name);
        if (is_new) continue;
        is_good = false;
        error(201, name,
              fmt::format("'{}' is a member of two scaling groups, '{}' and '{}'", member,
                          parent->second, name));
      }
    return is_good;
  }

  // Each group has one parent at most, so a ring is met by going up.
  bool check_rings() {
    std::set<std::string> done;
    for (const auto& [name, group] : groups_) {
      std::vector<std::string> chain;
      std::set<std::string> on_chain;
      std::string at = name;
      while (!done.contains(at)) {
        if (!on_chain.insert(at).second) {
          report_ring(chain, at);
          return false;
        }
        chain.push_back(at);
        const auto parent = parents_.find(at);
        if (parent == parents_.end()) break;
        at = parent->second;
      }
      done.insert(chain.begin(), chain.end());
    }
    return true;
  }

  void report_ring(const std::vector<std::string>& chain, const std::string& start) {
    std::vector<std::string> ring(std::find(chain.begin(), chain.end(), start), chain.end());
    ring.push_back(start);
    error(200, start, fmt::format("a ring of groups: {}", base::join(ring, " -> ")));
  }

  // Groups before the groups that hold them.
  void order_groups() {
    std::map<std::string, std::size_t> waiting;
    for (const auto& [name, group] : groups_)
      waiting[name] = static_cast<std::size_t>(
          std::count_if(group.members.begin(), group.members.end(),
                        [&](const std::string& member) { return groups_.contains(member); }));
    for (const auto& [name, count] : waiting)
      if (count == 0) ordered_.push_back(name);
    for (std::size_t i = 0; i < ordered_.size(); ++i) {
      const auto parent = parents_.find(ordered_[i]);
      if (parent != parents_.end() && --waiting[parent->second] == 0)
        ordered_.push_back(parent->second);
    }
  }

  const std::string* container_of(const std::string& node) const {
    const auto index = blueprint_.find_node(node);
    if (!index) return nullptr;
    const plan::Relationship* containment = blueprint_.plan.nodes[*index].find_containment();
    return containment == nullptr ? nullptr : &containment->target_id;
  }

  // The outermost container of a node, or itself. Known for the whole way after one climb.
  const std::string& root_of(const std::string& node) {
    std::vector<const std::string*> way;
    const std::string* at = &node;
    while (!roots_.contains(*at)) {
      way.push_back(at);
      const std::string* next = container_of(*at);
      if (next == nullptr) {
        roots_[*at] = *at;
        break;
      }
      at = next;
    }
    const std::string root = roots_[*at];
    for (const std::string* each : way)
      roots_[*each] = root;
    return roots_[node];
  }

  // The nearest container that is in a scaling group; nullptr when there is none.
  const std::string* grouped_container_of(const std::string& node) {
    std::vector<std::string> way;
    const std::string* found = nullptr;
    for (const std::string* at = &node;;) {
      const auto known = grouped_.find(*at);
      if (known != grouped_.end()) {
        found = known->second;
        break;
      }
      way.push_back(*at);
      const std::string* next = container_of(*at);
      if (next == nullptr || parents_.contains(*next)) {
        found = next;
        break;
      }
      at = next;
    }
    for (const std::string& each : way)
      grouped_[each] = found;
    return found;
  }

  // What is left in a group is all in one tree of containers, or all in no container.
  void check_containment() {
    std::map<std::string, Summary> summaries;
    for (const std::string& name : ordered_) {
      Summary& all = summaries[name];
      for (const std::string& member : groups_[name].members) {
        const auto inner = summaries.find(member);
        const Summary one = inner != summaries.end() ? inner->second : summary_of(member);
        join(all, one, name);
      }
    }
  }

  Summary summary_of(const std::string& node) {
    if (container_of(node) == nullptr) return {.contained = {}, .root = {}, .top = node};
    return {.contained = node, .root = root_of(node), .top = {}};
  }

  void join(Summary& all, const Summary& one, const std::string& group) {
    if (all.is_wrong || one.is_wrong) {
      all.is_wrong = true;  // reported already
      return;
    }
    const auto clash = [&](const std::string& left, const std::string& right) {
      all.is_wrong = true;
      error(202, group,
            fmt::format("'{}' and '{}' are in one scaling group, but not in a common container",
                        left, right));
    };
    if (!all.contained.empty() && !one.contained.empty() && all.root != one.root)
      return clash(all.contained, one.contained);
    if (!all.contained.empty() && !one.top.empty() && one.top != all.root)
      return clash(all.contained, one.top);
    if (!all.top.empty() && !one.contained.empty() && all.top != one.root)
      return clash(all.top, one.contained);
    if (all.contained.empty()) {
      all.contained = one.contained;
      all.root = one.root;
    }
    if (all.top.empty() || (!one.top.empty() && one.top != all.root)) all.top = one.top;
  }

  // The groups around a node or group, the innermost first, each with its member on that way.
  std::vector<std::pair<std::string, std::string>> way_up(const std::string& member) const {
    std::vector<std::pair<std::string, std::string>> way;
    std::string at = member;
    for (auto parent = parents_.find(at); parent != parents_.end(); parent = parents_.find(at)) {
      way.emplace_back(parent->second, at);
      at = parent->second;
    }
    return way;
  }

  void drop_contained() {
    std::set<std::pair<std::string, std::string>> dropped;  // group, member
    for (const auto& [member, group] : parents_) {
      if (groups_.contains(member)) continue;
      // Containers further out are met again from the nearest one's own place.
      if (const std::string* outer = grouped_container_of(member))
        note_dropped(way_up(member), way_up(*outer), dropped);
    }
    for (const auto& [group, member] : dropped)
      std::erase(groups_[group].members, member);
  }

  // In the innermost group that holds both, the contained one goes, or the group it is in.
  static void note_dropped(const std::vector<std::pair<std::string, std::string>>& way,
                           const std::vector<std::pair<std::string, std::string>>& outer_way,
                           std::set<std::pair<std::string, std::string>>& dropped) {
    for (const auto& [group, member] : way)
      for (const auto& [outer_group, outer_member] : outer_way) {
        if (group != outer_group) continue;
        if (member != outer_member) dropped.emplace(group, member);
        return;
      }
  }

  Blueprint& blueprint_;
  std::map<std::string, plan::ScalingGroup, std::less<>>& groups_;
  std::map<std::string, std::string> parents_;  // member to its scaling group
  std::vector<std::string> ordered_;
  std::unordered_map<std::string, std::string> roots_;
  std::unordered_map<std::string, const std::string*> grouped_;
};

}  // namespace

void check_scaling_groups(Blueprint& blueprint) {
  ScalingGroups(blueprint).run();
}

}  // namespace cfy::dsl
