// Modifications: what is added, removed and related when numbers or nodes change.
#include "deploy/modify.hpp"

#include <set>

#include "fixture.hpp"

using namespace cfy::deploy;
using cfy::plan::Plan;

namespace {

// host <- app (contained), lb -> app (connected)
Plan make_plan(int hosts, int apps) {
  Plan plan;
  plan.nodes = {make_node("host", hosts), make_node("app", apps), make_node("lb")};
  plan.nodes[0].host_id = plan.nodes[1].host_id = "host";
  relate(plan.nodes[1], "contained_in", "host");
  relate(plan.nodes[2], "connected_to", "app");
  return prepared(plan);
}

Modification modify(const Plan& before, const std::vector<cfy::plan::Node>& nodes,
                    CountChanges changes) {
  auto result = modify_deployment(
      {nodes, before.nodes, before.node_instances, before.scaling_groups, std::move(changes)});
  REQUIRE(result.ok());
  return *std::move(result);
}

Modification modify(const Plan& before, CountChanges changes) {
  return modify(before, before.nodes, std::move(changes));
}

// "added app", "related host", ...: how often each is in a list
std::map<std::string, int> summary(const std::vector<ModifiedInstance>& list) {
  std::map<std::string, int> result;
  for (const auto& one : list)
    ++result[(one.fate == Fate::related ? "related" : std::string(to_string(one.fate))) + " " +
             one.instance.node_id];
  return result;
}

using Summary = std::map<std::string, int>;

std::set<std::string> removed_ids(const Modification& result, const std::string& node) {
  std::set<std::string> ids;
  for (const auto& one : result.removed_and_related)
    if (one.fate == Fate::removed && one.instance.node_id == node) ids.insert(one.instance.id);
  return ids;
}

}  // namespace

TEST_CASE("nothing changes when the numbers do not") {
  const Plan plan = make_plan(2, 1);
  const Modification result = modify(plan, {{"host", {2, {}, {}}}});
  CHECK(result.added_and_related.empty());
  CHECK(result.removed_and_related.empty());
  CHECK(result.all.size() == plan.node_instances.size());
}

TEST_CASE("a new container brings what it contains, and who is connected is extended") {
  const Plan plan = make_plan(1, 2);
  const Modification result = modify(plan, {{"host", {2, {}, {}}}});
  CHECK(summary(result.added_and_related) ==
        Summary{{"added host", 1}, {"added app", 2}, {"related lb", 1}});
  CHECK(summary(result.extended_and_related) == Summary{{"extended lb", 1}});
  CHECK(result.extended_and_related[0].instance.relationships.size() == 2);
  CHECK(result.removed_and_related.empty());
  CHECK(result.all.size() == 7);
}

TEST_CASE("numbers count within each container, which is related then") {
  const Plan plan = make_plan(2, 1);
  const Modification result = modify(plan, {{"app", {2, {}, {}}}});
  CHECK(summary(result.added_and_related) ==
        Summary{{"added app", 2}, {"related host", 2}, {"related lb", 1}});
  for (const auto& one : result.added_and_related) {
    if (one.instance.node_id == "host") CHECK(one.instance.relationships.empty());
    if (one.instance.node_id == "app")
      CHECK(one.instance.host_id == one.instance.relationships[0].target_id);
  }
}

TEST_CASE("indices of added instances go on from the highest") {
  const Plan plan = make_plan(2, 1);
  for (const auto& one : modify(plan, {{"host", {3, {}, {}}}}).added_and_related)
    if (one.fate == Fate::added) CHECK(one.instance.index == 3);
}

TEST_CASE("a container that goes takes along what it contains") {
  const Plan plan = make_plan(2, 2);
  const Modification result = modify(plan, {{"host", {1, {}, {}}}});
  CHECK(summary(result.removed_and_related) ==
        Summary{{"removed host", 1}, {"removed app", 2}, {"related lb", 1}});
  CHECK(summary(result.reduced_and_related) == Summary{{"reduced lb", 1}});
  CHECK(result.all.size() == 4);
}

TEST_CASE("hints choose which instances go") {
  const Plan plan = make_plan(3, 1);
  const auto hosts = instances_of(plan, "host");
  CHECK(removed_ids(modify(plan, {{"host", {2, {hosts[1]->id}, {}}}}), "host") ==
        std::set<std::string>{hosts[1]->id});
  CHECK(removed_ids(modify(plan, {{"host", {1, {}, {hosts[0]->id}}}}), "host") ==
        std::set<std::string>{hosts[1]->id, hosts[2]->id});
  CHECK(removed_ids(modify(plan, {{"host", {2, {}, {hosts[0]->id, hosts[1]->id, hosts[2]->id}}}}),
                    "host")
            .size() == 1);
}

TEST_CASE("a hint at a member means its group's instance") {
  Plan plan;
  plan.nodes = {make_node("a"), make_node("b")};
  add_group(plan, "pair", {"a", "b"}, 3);
  plan = prepared(plan);
  const auto* second = instances_of(plan, "a")[1];
  const Modification result = modify(plan, {{"pair", {2, {second->id}, {}}}});
  CHECK(removed_ids(result, "a") == std::set<std::string>{second->id});
  CHECK(removed_ids(result, "b").size() == 1);
}

TEST_CASE("a group that grows brings its members") {
  Plan plan;
  plan.nodes = {make_node("a"), make_node("b")};
  relate(plan.nodes[0], "connected_to", "b");
  add_group(plan, "pair", {"a", "b"}, 1);
  plan = prepared(plan);
  const Modification result = modify(plan, {{"pair", {2, {}, {}}}});
  CHECK(summary(result.added_and_related) == Summary{{"added a", 1}, {"added b", 1}});
  CHECK(result.added_and_related[0].instance.scaling_groups[0].id !=
        plan.node_instances[0].scaling_groups[0].id);
}

TEST_CASE("all_to_one keeps its target") {
  Plan plan;
  plan.nodes = {make_node("a", 2), make_node("b", 2)};
  relate(plan.nodes[0], "connected_to", "b", "all_to_one");
  plan = prepared(plan);
  const std::string target = plan.node_instances[0].relationships[0].target_id;
  for (const auto& one : modify(plan, {{"a", {4, {}, {}}}, {"b", {3, {}, {}}}}).all)
    if (one.node_id == "a") CHECK(one.relationships[0].target_id == target);
}

TEST_CASE("new nodes are added, nodes that are gone are removed") {
  const Plan plan = make_plan(1, 1);
  auto nodes = plan.nodes;
  nodes.erase(nodes.begin() + 2);
  nodes.push_back(make_node("new"));
  relate(nodes.back(), "depends_on", "app");
  const Modification result = modify(plan, nodes, {});
  CHECK(summary(result.added_and_related) == Summary{{"added new", 1}, {"related app", 1}});
  CHECK(summary(result.removed_and_related) == Summary{{"removed lb", 1}, {"related app", 1}});
}

TEST_CASE("new relationships extend, dropped ones reduce") {
  const Plan plan = make_plan(1, 1);
  auto nodes = plan.nodes;
  nodes[2].relationships.clear();
  relate(nodes[2], "depends_on", "host");
  const Modification result = modify(plan, nodes, {});
  CHECK(summary(result.extended_and_related) == Summary{{"extended lb", 1}, {"related host", 1}});
  CHECK(summary(result.reduced_and_related) == Summary{{"reduced lb", 1}, {"related app", 1}});
  CHECK(result.added_and_related.empty());
}

TEST_CASE("what instances cannot be made of is an error") {
  const Plan plan = make_plan(1, 1);
  auto nodes = plan.nodes;
  nodes[2].relationships[0].properties["connection_type"] = "none";
  CHECK_FALSE(
      modify_deployment({nodes, plan.nodes, plan.node_instances, plan.scaling_groups, {}}).ok());
}
