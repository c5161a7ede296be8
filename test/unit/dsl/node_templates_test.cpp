#include <catch2/catch.hpp>

#include "blueprint_fixture.hpp"

using namespace cfy::dsl;

TEST_CASE("nodes stand in the order written", "[dsl]") {
  Loaded bp("node_types: {t: {}}\nnode_templates: {z: {type: t}, a: {type: t}, m: {type: t}}\n");
  CHECK(bp.node(0)["id"] == "z");
  CHECK(bp.node(1)["id"] == "a");
  CHECK(bp.node(2)["name"] == "m");
}

TEST_CASE("a node template has a type and no unknown keys", "[dsl]") {
  CHECK(Loaded("node_templates: {n: {}}\n").errors() ==
        "blueprint.yaml:2:21 code 1: a node template needs the key 'type'\n");
  CHECK(Loaded("node_types: {t: {}}\nnode_templates: {n: {type: t, name: x}}\n").codes() ==
        Codes{1});
  CHECK(Loaded("node_types: {t: {}}\nnode_templates: {1: {type: t}}\n").codes() == Codes{1});
}

TEST_CASE("nodes of one type share what they do not change", "[dsl]") {
  Loaded bp(
      "plugins: {p: {executor: central_deployment_agent, install: false}}\n"
      "node_types: {t: {interfaces: {i: {op: p.x}}}}\n"
      "node_templates: {a: {type: t}, b: {type: t}}\n");
  REQUIRE(bp.plan);
  CHECK(bp.plan->nodes[0].operations == bp.plan->nodes[1].operations);
  CHECK(bp.plan->nodes[0].interfaces.declared == bp.plan->nodes[1].interfaces.declared);
}

TEST_CASE("null is no value of an output", "[dsl]") {
  CHECK(Loaded("outputs: {o: {value: }}\n").codes() == Codes{1});
  CHECK(Loaded("capabilities: {c: {value: }}\n").codes() == Codes{1});
}

TEST_CASE("outputs and capabilities have a value", "[dsl]") {
  Loaded bp("outputs: {o: {value: 1, description: d}}\ncapabilities: {c: {value: {}}}\n");
  CHECK(bp.as_json["outputs"]["o"] == json{{"value", 1}, {"description", "d"}});
  CHECK(bp.as_json["capabilities"].contains("c"));
  CHECK(Loaded("outputs: {o: {}}\n").errors() ==
        "blueprint.yaml:2:14 code 1: an output needs the key 'value'\n");
}
