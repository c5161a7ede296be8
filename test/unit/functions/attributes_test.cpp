// Attributes of instances, and which instance is meant.
#include <catch2/catch.hpp>

#include "fixture.hpp"
#include "functions/sections.hpp"

using namespace cfy::functions;

namespace {

Context of_instance(const std::string& id) {
  Context context;
  context.scope = Scope::node_template;
  context.self = id;
  return context;
}

World world_of_instances() {
  World world;
  world.properties["web"] =
      json::parse(R"({"port": 80, "url": {"get_attribute": ["SELF", "ip"]}})");
  world.properties["db"] = json::parse(R"({"list": [1, 2]})");
  world.add_instance("web", "web_1", json::parse(R"({"ip": "10.0.0.1", "nested": {"a": [5]}})"));
  world.add_instance("db", "db_1", json::object());
  return world;
}

}  // namespace

TEST_CASE("an attribute is a runtime property, else a property of the node, else null") {
  World world = world_of_instances();
  CHECK(evaluated(world, R"({"get_attribute": ["web", "ip"]})") == "10.0.0.1");
  CHECK(evaluated(world, R"({"get_attribute": ["web", "nested", "a", 0]})") == 5);
  CHECK(evaluated(world, R"({"get_attribute": ["web", "port"]})") == 80);
  CHECK(evaluated(world, R"({"get_attribute": ["db", "list", -1]})") == 2);
  CHECK(evaluated(world, R"({"get_attribute": ["web", "none"]})").is_null());
  CHECK(evaluated(world, R"({"get_attribute": ["web", "ip", "below"]})").is_null());
}

TEST_CASE("an instance knows its id and index, unless a runtime property has that name") {
  World world = world_of_instances();
  CHECK(evaluated(world, R"({"get_attribute": ["db", "node_instance_id"]})") == "db_1");
  CHECK(evaluated(world, R"({"get_attribute": ["db", "node_instance_index"]})") == 2);
  world.runtime["db_1"] = {{"node_instance_id", "mine"}};
  CHECK(evaluated(world, R"({"get_attribute": ["db", "node_instance_id"]})") == "mine");
}

TEST_CASE("SELF, SOURCE and TARGET are the instances of the context") {
  World world = world_of_instances();
  CHECK(evaluated(world, R"({"get_attribute": ["SELF", "ip"]})", of_instance("web_1")) ==
        "10.0.0.1");
  Context relationship;
  relationship.scope = Scope::relationship;
  relationship.source = "db_1";
  relationship.target = "web_1";
  CHECK(evaluated(world, R"({"get_attribute": ["TARGET", "ip"]})", relationship) == "10.0.0.1");
  CHECK(evaluated(world, R"({"get_property": ["TARGET", "port"]})", relationship) == 80);
  CHECK(evaluated(world, R"({"get_attribute": ["SOURCE", "x"]})") ==
        "fault: FunctionEvaluationError");
  CHECK(evaluated(world, R"({"get_attribute": ["SELF", "ip"]})", in_node("web")) == "10.0.0.1");
}

TEST_CASE("functions in properties see the instance they belong to as SELF") {
  World world = world_of_instances();
  CHECK(evaluated(world, R"({"get_attribute": ["web", "url"]})") == "10.0.0.1");
  CHECK(evaluated(world, R"({"get_attribute": ["web", "url"]})", of_instance("db_1")) ==
        "10.0.0.1");
}

TEST_CASE("among several instances the one that SELF is related to is meant") {
  World world = world_of_instances();
  world.add_instance("web", "web_2", json::parse(R"({"ip": "10.0.0.2"})"));
  const char* ip = R"({"get_attribute": ["web", "ip"]})";
  CHECK(evaluated(world, ip) == "fault: FunctionEvaluationError");
  CHECK(evaluated(world, ip, of_instance("db_1")) == "fault: FunctionEvaluationError");
  world.instances[1].relationships = {{"connected_to", "web", "web_2"}};
  CHECK(evaluated(world, ip, of_instance("db_1")) == "10.0.0.2");
  Context hinted = in_node("web");
  hinted.instance_hint = "web_2";
  CHECK(evaluated(world, ip, hinted) == "10.0.0.2");
  CHECK(evaluated(world, R"({"get_attribute": ["SELF", "ip"]})", hinted) == "10.0.0.2");
}

TEST_CASE("or the one in the same instance of the smallest shared group") {
  World world = world_of_instances();
  world.add_instance("web", "web_2", json::parse(R"({"ip": "10.0.0.2"})"));
  world.instances[0].scaling_groups = {{"pair", "pair_1"}};
  world.instances[2].scaling_groups = {{"pair", "pair_2"}};
  world.properties["app"] = json::object();
  world.containers["app"] = "db";
  world.add_instance("app", "app_1");
  world.instances[3].relationships = {{"contained_in", "db", "db_1"}};
  world.instances[1].scaling_groups = {{"pair", "pair_2"}};
  const char* ip = R"({"get_attribute": ["web", "ip"]})";
  CHECK(evaluated(world, ip, of_instance("app_1")) == "10.0.0.2");
  Context relationship;
  relationship.scope = Scope::relationship;
  relationship.source = "app_1";
  relationship.target = "web_1";
  CHECK(evaluated(world, ip, relationship) == "10.0.0.2");
}

TEST_CASE("lists and maps of attributes hold all instances") {
  World world = world_of_instances();
  world.add_instance("web", "web_2", json::parse(R"({"nested": {"a": [6]}})"));
  CHECK(evaluated(world, R"({"get_attributes_list": ["web", "nested", "a", 0]})") == json({5, 6}));
  CHECK(evaluated(world, R"({"get_attributes_list": ["web", "ip"]})") ==
        json({"10.0.0.1", nullptr}));
  CHECK(evaluated(world, R"({"get_attributes_list": ["SELF", "port"]})", of_instance("web_2")) ==
        json({80, 80}));
  CHECK(evaluated(world, R"({"get_attributes_dict": ["web", "port", ["nested", "a"]]})") ==
        json::parse(
            R"({"web_1": {"port": 80, "nested.a": [5]}, "web_2": {"port": 80, "nested.a": [6]}})"));
  CHECK(evaluated(world, R"({"get_attributes_list": ["none", "x"]})") == "fault: KeyError");
  CHECK(evaluated(world, R"({"concat": {"get_attributes_list": ["web", "port"]}})") == "8080");
}

TEST_CASE("outputs show why an instance is unclear instead of failing") {
  World world = world_of_instances();
  world.add_instance("web", "web_2");
  Outputs outputs;
  outputs["ip"].value = json::parse(R"({"get_attribute": ["web", "ip"]})");
  outputs["fixed"].value = 5;
  outputs["hidden"].value = json::parse(R"({"get_secret": "none"})");
  const Answer answer = evaluate_outputs(outputs, world);
  REQUIRE(answer.ok());
  CHECK(answer.value["fixed"] == 5);
  CHECK_FALSE(answer.value.contains("hidden"));
  CHECK(answer.value["ip"].get<std::string>().rfind("<ERROR: ", 0) == 0);
  CHECK_FALSE(evaluate_capabilities(outputs, world).ok());
}
