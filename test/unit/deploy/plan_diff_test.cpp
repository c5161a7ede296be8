// What differs between two plans, and the plan for the time between them.
#include "deploy/plan_diff.hpp"

#include "deploy/modify.hpp"
#include "deploy/plan_merge.hpp"
#include "fixture.hpp"

using namespace cfy::deploy;
using cfy::plan::json;
using cfy::plan::Plan;

namespace {

std::shared_ptr<const cfy::plan::OperationMap> operations(
    std::initializer_list<std::pair<const char*, json>> inputs) {
  auto map = std::make_shared<cfy::plan::OperationMap>();
  for (const auto& [name, values] : inputs) {
    auto operation = std::make_shared<cfy::plan::Operation>();
    if (!values.is_null()) operation->plugin = "script";
    operation->inputs = values.is_null() ? json::object() : values;
    map->emplace(name, operation);
  }
  return map;
}

// c -> a, c -> b
Plan make_two_links() {
  Plan plan;
  plan.nodes = {make_node("a"), make_node("b"), make_node("c")};
  relate(plan.nodes[2], "connected_to", "a");
  relate(plan.nodes[2], "connected_to", "b");
  return plan;
}

// "added x", ...
std::vector<std::string> words(const std::vector<Difference>& differences) {
  std::vector<std::string> found;
  for (const Difference& one : differences)
    found.push_back(std::string(one.action) + " " + one.path);
  return found;
}
using Words = std::vector<std::string>;

const std::string kToA = "cloudify.relationships.connected_to -> a";
const std::string kToB = "cloudify.relationships.connected_to -> b";

}  // namespace

TEST_CASE("the same plan has no differences") {
  CHECK(compare_plans(make_two_links(), make_two_links()).is_empty());
}

TEST_CASE("nodes that come and go are named in the order of their plans") {
  Plan before = make_two_links(), after = make_two_links();
  after.nodes.erase(after.nodes.begin() + 1, after.nodes.end());
  after.nodes.insert(after.nodes.begin(), make_node("z"));
  after.nodes.push_back(make_node("d"));
  const PlanDiff diff = compare_plans(before, after);
  CHECK(diff.added_nodes == Words{"z", "d"});
  CHECK(diff.removed_nodes == Words{"b", "c"});
  CHECK(diff.nodes.empty());
}

TEST_CASE("properties differ at their innermost key, and a function is a value") {
  Plan before = make_two_links(), after = make_two_links();
  before.nodes[0].properties = {{"same", 1},
                                {"deep", {{"x", 1}, {"gone", 2}}},
                                {"kind", {{"a", 1}}},
                                {"url", {{"get_attribute", {"b", "ip"}}}}};
  after.nodes[0].properties = {{"same", 1},
                               {"deep", {{"x", 2}, {"new", 2}}},
                               {"kind", "text"},
                               {"url", {{"get_attribute", {"c", "ip"}}}}};
  const PlanDiff diff = compare_plans(before, after);
  REQUIRE(diff.nodes.size() == 1);
  CHECK(words(diff.nodes[0].properties) == Words{"added deep.new", "changed deep.x",
                                                 "removed deep.gone", "changed kind",
                                                 "changed url"});
  CHECK(diff.nodes[0].has_other_definitions());
}

TEST_CASE("an operation that is not mapped is as good as none") {
  Plan before = make_two_links(), after = make_two_links();
  before.nodes[0].operations =
      operations({{"i.create", json{{"x", 1}}}, {"i.stop", nullptr}, {"i.same", json::object()}});
  after.nodes[0].operations = operations({{"i.create", json{{"x", 2}}},
                                          {"i.start", nullptr},
                                          {"i.same", json::object()},
                                          {"i.new", json::object()},
                                          {"new", json::object()}});
  const PlanDiff diff = compare_plans(before, after);
  REQUIRE(diff.nodes.size() == 1);
  CHECK(words(diff.nodes[0].operations) == Words{"changed i.create", "added i.new"});
}

TEST_CASE("relationships are known by type and target, and several alike by their order") {
  Plan before = make_two_links(), after = make_two_links();
  std::swap(after.nodes[2].relationships[0], after.nodes[2].relationships[1]);
  PlanDiff diff = compare_plans(before, after);
  REQUIRE(diff.nodes.size() == 1);
  CHECK(words(diff.nodes[0].relationships) == Words{"moved " + kToA, "moved " + kToB});
  CHECK_FALSE(diff.nodes[0].has_other_definitions());

  after = make_two_links();
  after.nodes[2].relationships[1] = after.nodes[2].relationships[0];
  diff = compare_plans(before, after);
  CHECK(words(diff.nodes[0].relationships) == Words{"added " + kToA, "removed " + kToB});
}

TEST_CASE("operations of a relationship that stays make its node another one") {
  Plan before = make_two_links(), after = make_two_links();
  after.nodes[2].relationships[0].source_operations = operations({{"r.establish", json::object()}});
  const PlanDiff diff = compare_plans(before, after);
  REQUIRE(diff.nodes.size() == 1);
  CHECK(words(diff.nodes[0].relationship_operations) ==
        Words{"added " + kToA + ": source r.establish"});
  CHECK(diff.nodes[0].has_other_definitions());
}

TEST_CASE("types, containers, groups and properties of relationships cannot change") {
  Plan before = make_two_links(), after = make_two_links();
  before.groups["g"] = {{"members", {"a", "b"}}};
  after.groups["g"] = {{"members", {"b", "a"}}};
  CHECK(compare_plans(before, after).is_empty());
  after.groups["g"]["members"] = {"a"};
  after.groups["h"] = {{"members", {"c"}}};
  after.nodes[0].type = "other";
  relate(after.nodes[1], "contained_in", "a");
  after.nodes[2].relationships[0].properties["weight"] = 1;
  CHECK(compare_plans(before, after).unsupported ==
        Words{"node 'a' changes its type from t to other",
              "node 'b' changes what it is contained in from nothing to 'a'",
              "the property 'weight' of the relationship of node 'c' to 'a' is added",
              "group 'g' is changed", "group 'h' is new"});
}

TEST_CASE("sections are compared entry by entry") {
  Plan before, after;
  before.inputs = {{"size", 1}, {"name", "x"}};
  after.inputs = {{"size", 2}, {"name", "x"}};
  after.outputs["url"].value = "http://x";
  before.workflows["check"].operation = "check";
  after.description = "more";
  CHECK(words(compare_plans(before, after).sections) ==
        Words{"added description", "changed inputs.size", "added outputs.url",
              "removed workflows.check"});
}

TEST_CASE("numbers of instances are compared as they are written") {
  Plan before = make_two_links(), after = make_two_links();
  before.nodes[0].scalable.current_instances = 5;
  CHECK(compare_plans(before, after).is_empty());
  after.nodes[0].scalable.default_instances = 3;
  const PlanDiff diff = compare_plans(before, after);
  REQUIRE(diff.nodes.size() == 1);
  CHECK(words(diff.nodes[0].capabilities) == Words{"changed scalable.default_instances"});
  CHECK_FALSE(diff.nodes[0].has_other_definitions());
}

TEST_CASE("between two plans there is what both have, the old behind the new") {
  Plan before = make_two_links(), after = make_two_links();
  before.nodes[1].operations = operations({{"i.delete", json::object()}});
  before.nodes[2].relationships[0].source_operations = operations({{"r.unlink", json::object()}});
  before.plugins["old"].name = "old";
  after.nodes.erase(after.nodes.begin() + 1);  // b
  after.nodes[1].relationships.clear();        // of c
  relate(after.nodes[1], "connected_to", "d");
  after.nodes.push_back(make_node("d"));
  const Plan merged = merge_plans(before, after);
  Words ids, targets;
  for (const auto& node : merged.nodes)
    ids.push_back(node.id);
  for (const auto& one : merged.nodes[1].relationships)
    targets.push_back(one.target_id);
  CHECK(ids == Words{"a", "c", "d", "b"});
  CHECK(targets == Words{"d", "a", "b"});
  CHECK(merged.plugins.contains("old"));
  const auto old = operations_from_before(merged, after);
  CHECK(old.size() == 2);
  CHECK(old.contains(merged.nodes[3].operations->at("i.delete").get()));
}

TEST_CASE("what an earlier change began and did not end counts as added") {
  Plan plan = make_two_links();
  plan = prepared(plan);
  // b is new and not installed; c -> a is not established.
  std::vector<cfy::plan::NodeInstance> established;
  for (auto instance : plan.node_instances) {
    if (instance.node_id == "b") continue;
    std::erase_if(instance.relationships, [](const auto& one) { return one.target_name == "a"; });
    established.push_back(instance);
  }
  const auto lists = modify_deployment(
      {plan.nodes, plan.nodes, plan.node_instances, plan.scaling_groups, {}, &established});
  REQUIRE(lists.ok());
  REQUIRE(lists->added_and_related.size() == 2);
  CHECK(lists->added_and_related[0].instance.id == instances_of(plan, "b")[0]->id);
  CHECK(lists->added_and_related[1].instance.relationships[0].target_name == "b");
  REQUIRE(lists->extended_and_related.size() == 2);
  CHECK(lists->extended_and_related[1].instance.relationships[0].target_name == "a");
  CHECK(lists->removed_and_related.empty());
  CHECK(lists->all.size() == 3);
}
