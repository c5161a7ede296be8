// Functions in a plan are evaluated in place when a deployment is prepared.
#include "deploy/evaluate_plan.hpp"
#include "fixture.hpp"

using namespace cfy::deploy;
using cfy::plan::Operation;
using cfy::plan::OperationMap;
using cfy::plan::Plan;

namespace {

std::shared_ptr<const OperationMap> one_operation(const char* inputs,
                                                  const char* function = "main.start") {
  Operation operation;
  operation.plugin = "tools";
  operation.operation = function;
  operation.inputs = json::parse(inputs);
  const auto shared = std::make_shared<const Operation>(operation);
  return std::make_shared<const OperationMap>(
      OperationMap{{"life.start", shared}, {"start", shared}});
}

Plan make_plan() {
  Plan plan;
  plan.input_schemas = json::parse(R"({"size": {"default": 3}})");
  plan.nodes = {make_node("web"), make_node("db")};
  plan.nodes[0].properties = json::parse(R"({"port": {"get_input": "size"}})");
  plan.nodes[1].properties = json::parse(R"({"port": 5})");
  return plan;
}

}  // namespace

TEST_CASE("properties, outputs, capabilities, labels, settings and policies are evaluated") {
  Plan plan = make_plan();
  plan.outputs["o"].value = json::parse(R"({"get_property": ["web", "port"]})");
  plan.capabilities["c"].value =
      json::parse(R"([{"concat": ["p", {"get_property": ["db", "port"]}]}])");
  plan.labels = json::parse(R"({"l": {"values": [{"get_input": "size"}]}})");
  plan.deployment_settings =
      json::parse(R"({"display_name": {"concat": ["d", {"get_input": "size"}]}})");
  plan.policies =
      json::parse(R"({"p": {"properties": {"default_instances": {"get_input": "size"}}}})");
  const Plan result = prepared(plan);
  CHECK(result.nodes[0].properties["port"] == 3);
  CHECK(result.outputs.at("o").value == 3);
  CHECK(result.capabilities.at("c").value == json({"p5"}));
  CHECK(result.labels["l"]["values"] == json({3}));
  CHECK(result.deployment_settings["display_name"] == "d3");
  CHECK(result.policies["p"]["properties"]["default_instances"] == 3);
  CHECK(result.input_schemas["size"]["default"] == 3);
}

TEST_CASE("relationship properties and workflow parameters stay as written") {
  Plan plan = make_plan();
  relate(plan.nodes[0], "depends_on", "db");
  const json function = {{"get_input", "size"}};
  plan.nodes[0].relationships[0].properties["z"] = function;
  plan.workflows["w"].parameters = {{"p", {{"default", function}}}};
  const Plan result = prepared(plan);
  CHECK(result.nodes[0].relationships[0].properties["z"] == function);
  CHECK(result.workflows.at("w").parameters["p"]["default"] == function);
}

TEST_CASE("nodes that share operations get values of their own") {
  Plan plan = make_plan();
  plan.nodes[0].operations = plan.nodes[1].operations = one_operation(
      R"({"port": {"get_property": ["SELF", "port"]}, "ip": {"get_attribute": ["SELF", "ip"]}})");
  const Plan result = prepared(plan);
  CHECK(result.nodes[0].operations->at("start")->inputs["port"] == 3);
  CHECK(result.nodes[1].operations->at("start")->inputs["port"] == 5);
  CHECK(result.nodes[0].operations->at("start") == result.nodes[0].operations->at("life.start"));
  CHECK(result.nodes[0].operations->at("start")->has_intrinsic_functions);
  CHECK(plan.nodes[0].operations->at("start")->inputs["port"].is_object());
}

TEST_CASE("operations without functions stay shared") {
  Plan plan = make_plan();
  plan.nodes[0].operations = plan.nodes[1].operations = one_operation(R"({"port": 1})");
  const Plan result = prepared(plan);
  CHECK(result.nodes[0].operations == result.nodes[1].operations);
}

TEST_CASE("interfaces with functions show the evaluated inputs of operations") {
  Plan plan = make_plan();
  const auto operations = one_operation(R"({"port": {"get_property": ["SELF", "port"]}})");
  for (auto& node : plan.nodes)
    node.operations = operations;
  plan.nodes[0].interfaces.declared = std::make_shared<const json>(json::parse(
      R"({"life": {"start": {"inputs": {"port": {"get_property": ["SELF", "port"]}}}}})"));
  plan.nodes[1].interfaces.declared = std::make_shared<const json>(json::object());
  const Plan result = prepared(plan);
  CHECK(result.nodes[0].interfaces.show_operation_inputs);
  CHECK_FALSE(result.nodes[1].interfaces.show_operation_inputs);
  CHECK(result.nodes[1].operations->at("start")->inputs["port"] == 5);
}

TEST_CASE("inputs are shown with the values that their functions give, as far as these are known") {
  const json inputs = json::parse(R"({"a": 1, "b": {"get_input": "a"},
      "c": {"x": [{"concat": [{"get_input": "b"}, "-c"]}]}, "later": {"get_secret": "s"},
      "ring": {"get_input": "ring"}})");
  json known = inputs;
  known["b"] = 1;
  known["c"] = json::parse(R"({"x": ["1-c"]})");
  CHECK(evaluate_inputs(inputs) == known);
  CHECK(evaluate_inputs(nullptr) == nullptr);
}

TEST_CASE("operations of relationships know SOURCE and TARGET") {
  Plan plan = make_plan();
  relate(plan.nodes[1], "connected_to", "web");
  plan.nodes[1].relationships[0].source_operations = one_operation(
      R"({"s": {"get_property": ["SOURCE", "port"]}, "t": {"get_property": ["TARGET", "port"]}})");
  const Plan result = prepared(plan);
  CHECK(result.nodes[1].relationships[0].source_operations->at("start")->inputs ==
        json({{"s", 5}, {"t", 3}}));
}

TEST_CASE("numbers of instances may come from inputs") {
  Plan plan = make_plan();
  plan.nodes[0].scalable.default_instances = plan.nodes[0].scalable.current_instances =
      json::parse(R"({"get_input": "size"})");
  CHECK(counts(prepared(plan).node_instances) == std::map<std::string, int>{{"db", 1}, {"web", 3}});
  PrepareOptions options;
  options.inputs["size"] = {"many", false};
  CHECK(refused(plan, options).front().message ==
        "the number of instances of 'web' must be an integer, got \"many\"");
}

TEST_CASE("every fault is told, with the path of its value") {
  Plan plan = make_plan();
  plan.nodes[1].properties["a"] = json::parse(R"({"get_input": ["size", "x"]})");
  plan.outputs["o"].value = json::parse(R"({"string_upper": {"get_input": "size"}})");
  const auto found = refused(plan);
  REQUIRE(found.size() == 2);
  CHECK(found[0].path == "nodes.db.properties.a");
  CHECK(found[0].type == "FunctionEvaluationError");
  CHECK(found[1].path == "outputs.o");
}

TEST_CASE("with runtime-only evaluation everything stays as written") {
  PrepareOptions options;
  options.runtime_only_evaluation = true;
  CHECK(prepared(make_plan(), options).nodes[0].properties["port"] ==
        json({{"get_input", "size"}}));
}
