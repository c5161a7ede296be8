// Node instances of a new deployment.
#include <set>

#include "fixture.hpp"

using namespace cfy::deploy;
using cfy::plan::Plan;

namespace {

std::set<std::string> targets(const cfy::plan::NodeInstance& instance, const std::string& node) {
  std::set<std::string> ids;
  for (const auto& one : instance.relationships)
    if (one.target_name == node) ids.insert(one.target_id);
  return ids;
}

}  // namespace

TEST_CASE("instances have ids of their node's name and six characters, and count from one") {
  Plan plan;
  plan.nodes = {make_node("web", 3)};
  const Plan result = prepared(plan);
  REQUIRE(result.node_instances.size() == 3);
  std::set<std::string> ids;
  for (const auto& one : result.node_instances) {
    ids.insert(one.id);
    CHECK(one.id.rfind("web_", 0) == 0);
    CHECK(one.id.size() == 10);
    CHECK_FALSE(one.host_id.has_value());
  }
  CHECK(ids.size() == 3);
  CHECK(result.node_instances[2].index == 3);
}

TEST_CASE("instances are in the order of the nodes") {
  Plan plan;
  plan.nodes = {make_node("b"), make_node("a")};
  relate(plan.nodes[0], "contained_in", "a");
  CHECK(prepared(plan).node_instances[0].node_id == "b");
}

TEST_CASE("each instance of a container has its own instances of what it contains") {
  Plan plan;
  plan.nodes = {make_node("app", 2), make_node("host", 3)};
  plan.nodes[0].host_id = plan.nodes[1].host_id = "host";
  relate(plan.nodes[0], "contained_in", "host");
  const Plan result = prepared(plan);
  CHECK(counts(result.node_instances) == std::map<std::string, int>{{"app", 6}, {"host", 3}});
  for (const auto* app : instances_of(result, "app")) {
    REQUIRE(app->relationships.size() == 1);
    CHECK(app->host_id == app->relationships[0].target_id);
  }
  for (const auto* host : instances_of(result, "host"))
    CHECK(host->host_id == host->id);
}

TEST_CASE("all_to_all relates all to all, all_to_one all to the same one") {
  Plan plan;
  plan.nodes = {make_node("a", 2), make_node("b", 3), make_node("c", 2)};
  relate(plan.nodes[0], "connected_to", "b");
  relate(plan.nodes[0], "depends_on", "c", "all_to_one");
  const Plan result = prepared(plan);
  std::set<std::string> single;
  for (const auto* a : instances_of(result, "a")) {
    CHECK(targets(*a, "b").size() == 3);
    single.merge(targets(*a, "c"));
    CHECK(a->relationships.back().target_name == "c");
  }
  CHECK(single.size() == 1);
}

TEST_CASE("two relationships to the same target stay two") {
  Plan plan;
  plan.nodes = {make_node("a"), make_node("b")};
  relate(plan.nodes[0], "depends_on", "b");
  relate(plan.nodes[0], "connected_to", "b");
  const Plan result = prepared(plan);
  const auto& relationships = instances_of(result, "a")[0]->relationships;
  REQUIRE(relationships.size() == 2);
  CHECK(relationships[0].type == "cloudify.relationships.depends_on");
  CHECK(relationships[1].type == "cloudify.relationships.connected_to");
}

TEST_CASE("a target without instances gives no relationships") {
  Plan plan;
  plan.nodes = {make_node("a"), make_node("b", 0)};
  relate(plan.nodes[0], "connected_to", "b", "all_to_one");
  CHECK(prepared(plan).node_instances[0].relationships.empty());
}

TEST_CASE("a group multiplies its members, and they meet within its instances") {
  Plan plan;
  plan.nodes = {make_node("a", 2), make_node("b", 1), make_node("c")};
  relate(plan.nodes[0], "connected_to", "b");
  relate(plan.nodes[0], "connected_to", "c");
  add_group(plan, "pair", {"a", "b"}, 3);
  const Plan result = prepared(plan);
  CHECK(counts(result.node_instances) == std::map<std::string, int>{{"a", 6}, {"b", 3}, {"c", 1}});
  for (const auto* a : instances_of(result, "a")) {
    REQUIRE(targets(*a, "b").size() == 1);
    CHECK(targets(*a, "c").size() == 1);
    for (const auto* b : instances_of(result, "b"))
      if (b->id == *targets(*a, "b").begin())
        CHECK(a->scaling_groups[0].id == b->scaling_groups[0].id);
  }
}

TEST_CASE("groups nest, the innermost is named first, and lie within the container of a member") {
  Plan plan;
  plan.nodes = {make_node("app"), make_node("host")};
  plan.nodes[0].host_id = plan.nodes[1].host_id = "host";
  relate(plan.nodes[0], "contained_in", "host");
  add_group(plan, "inner", {"app"}, 2);
  add_group(plan, "outer", {"inner"}, 3);
  const Plan result = prepared(plan);
  CHECK(counts(result.node_instances) == std::map<std::string, int>{{"app", 6}, {"host", 1}});
  const auto* app = instances_of(result, "app")[0];
  REQUIRE(app->scaling_groups.size() == 2);
  CHECK(app->scaling_groups[0].name == "inner");
  CHECK(app->scaling_groups[1].name == "outer");
  CHECK(app->host_id == instances_of(result, "host")[0]->id);
  CHECK(app->relationships[0].target_id == *app->host_id);
}

TEST_CASE("what instances cannot be made of is refused") {
  Plan plan;
  plan.nodes = {make_node("a"), make_node("b")};
  relate(plan.nodes[0], "connected_to", "b", "some_to_some");
  CHECK(refused(plan).front().type == "IllegalConnectedToConnectionType");

  plan.nodes[0].relationships[0].properties["connection_type"] = "all_to_one";
  add_group(plan, "both", {"a", "b"}, 1);
  CHECK(refused(plan).front().type == "UnsupportedAllToOneInGroup");

  plan.scaling_groups.clear();
  plan.nodes[0].relationships[0].type_hierarchy =
      std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"my.relationship"});
  CHECK(refused(plan).front().type == "UnsupportedRelationship");
}

TEST_CASE("numbers of instances without end are refused") {
  Plan plan;
  plan.nodes = {make_node("a", 100'000), make_node("b", 100'000)};
  relate(plan.nodes[1], "contained_in", "a");
  CHECK(refused(plan).front().message.find("above 1000000 instances") != std::string::npos);
}

TEST_CASE("relationships without end are refused") {
  Plan plan;
  plan.nodes = {make_node("a", 30'000), make_node("b", 30'000)};
  relate(plan.nodes[1], "connected_to", "a");
  CHECK(refused(plan).front().message.find(
            "'b' to 'a' bring the deployment above 1000000 relationships") != std::string::npos);
  plan.nodes[1].relationships[0].properties["connection_type"] = "all_to_one";
  CHECK(prepared(plan).node_instances.size() == 60'000);
}

TEST_CASE("a chain of containers may be long") {
  Plan plan;
  for (int i = 0; i < 5000; ++i) {
    plan.nodes.push_back(make_node("n" + std::to_string(i)));
    if (i > 0) relate(plan.nodes.back(), "contained_in", "n" + std::to_string(i - 1));
  }
  CHECK(prepared(plan).node_instances.size() == 5000);
}
