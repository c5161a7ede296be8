// Secrets and capabilities of other deployments.
#include "fixture.hpp"

using namespace cfy::deploy;
using cfy::plan::Plan;

namespace {

Plan plan_with_outside_uses() {
  Plan plan;
  plan.nodes = {make_node("web", 2)};
  plan.nodes[0].properties = json::parse(R"({"a": {"get_secret": "one"},
      "b": {"concat": ["x", {"get_secret": ["two", "key"]}]}})");
  return plan;
}

}  // namespace

TEST_CASE("every secret that is used must exist") {
  PrepareOptions options;
  options.has_secret = [](const std::string& name) { return name == "one"; };
  const auto found = refused(plan_with_outside_uses(), options);
  REQUIRE(found.size() == 1);
  CHECK(found[0].type == "UnknownSecretError");
  CHECK(found[0].message == "secret 'two' does not exist");
  CHECK(found[0].path == "nodes.web.properties.b.concat[1]");
  options.has_secret = [](const std::string&) { return true; };
  CHECK(prepared(plan_with_outside_uses(), options).nodes[0].properties["a"] ==
        json({{"get_secret", "one"}}));
}

TEST_CASE("without secrets any use is an error") {
  CHECK(refused(plan_with_outside_uses()).size() == 2);
  CHECK(refused(plan_with_outside_uses()).front().type == "UnsupportedGetSecretError");
}

TEST_CASE("uses of capabilities are listed for each instance that they concern") {
  Plan plan;
  plan.nodes = {make_node("web", 2), make_node("db")};
  plan.nodes[0].properties =
      json::parse(R"({"url": {"concat": ["x", {"get_capability": ["dep", "c"]}]}})");
  plan.outputs["o"].value = json::parse(R"({"get_capability": [{"get_label": "l"}, "c"]})");
  relate(plan.nodes[1], "connected_to", "web");
  cfy::plan::Operation operation;
  operation.inputs = json::parse(R"({"i": {"get_capability": ["dep", "c"]}})");
  plan.nodes[1].relationships[0].target_operations =
      std::make_shared<const cfy::plan::OperationMap>(
          cfy::plan::OperationMap{{"go", std::make_shared<const cfy::plan::Operation>(operation)}});
  const Plan result = prepared(plan);
  const json& uses = result.inter_deployment_functions;
  REQUIRE(uses.size() == 4);
  CHECK(uses[0]["function_identifier"] == "nodes.web.properties.url.concat[1].get_capability");
  CHECK(uses[0]["target_deployment"] == json({"dep", "dep"}));
  CHECK(uses[1]["context"]["self"] == result.node_instances[1].id);
  CHECK(uses[2]["function_identifier"] ==
        "nodes.db.cloudify.relationships.connected_to.go.inputs.i.get_capability");
  CHECK(uses[2]["context"]["target"] == result.node_instances[0].id);
  CHECK(uses[3]["context"] == json::object());
  CHECK(uses[3]["target_deployment"][0].is_null());
}

TEST_CASE("a plan without such uses has an empty list") {
  CHECK(prepared(Plan()).inter_deployment_functions == json::array());
}
