#include <catch2/catch.hpp>

#include "blueprint_fixture.hpp"

using namespace cfy::dsl;

TEST_CASE("functions are checked wherever they are evaluated, at their place", "[dsl]") {
  Loaded bp(R"(inputs: {port: {}}
plugins: {p: {executor: central_deployment_agent, install: false}}
node_types: {t: {properties: {x: {default: 1}}, interfaces: {i: {op: {implementation: p.f}}}}}
relationships: {r: {}}
node_templates:
  a:
    type: t
    properties: {x: {get_input: prot}}
    interfaces: {i: {op: {inputs: {v: {get_property: [SELF, y]}}}}}
  b:
    type: t
    relationships:
      - type: r
        target: a
        source_interfaces: {i: {op: {implementation: p.f, inputs: {v: {get_input: no}}}}}
outputs: {o: {value: {get_attribute: [ghost, x]}}}
capabilities: {c: {value: {get_input: [1, 2]}}}
)");
  const auto& all = bp.diagnostics.all();
  REQUIRE(all.size() == 5);
  CHECK(to_string(bp.sources, all[0].range) == "blueprint.yaml:9:33");
  CHECK(all[0].type == "UnknownInputError");
  CHECK(all[0].hint == "did you mean 'port'?");
  CHECK(all[0].range.line == 9);
  CHECK(all[1].range.line == 10);
  CHECK(all[2].range.line == 16);
  CHECK(all[3].range.line == 17);
  CHECK(all[4].range.line == 18);
}

TEST_CASE("what a blueprint needs from outside is noted", "[dsl]") {
  Loaded bp(
      "outputs: {o: {value: {get_secret: s}}, q: {value: {get_environment_capability: c}}}\n");
  CHECK(bp.as_json["requirements"]["secrets"] == json{"s"});
}

TEST_CASE("properties of relationships and parameters of workflows are not evaluated", "[dsl]") {
  Loaded bp(
      "plugins: {p: {executor: central_deployment_agent, install: false}}\n"
      "node_types: {t: {}}\nrelationships: {r: {properties: {x: {}}}}\n"
      "workflows: {w: {mapping: p.f, parameters: {x: {default: {get_input: no}}}}}\n"
      "node_templates: {a: {type: t}, b: {type: t, relationships: [{type: r, target: a, "
      "properties: {x: {get_input: no}}}]}}\n");
  CHECK(bp.errors() == "");
}

TEST_CASE("the plan knows where each function stands, for those that fail later", "[dsl]") {
  Loaded bp(
      "inputs: {port: {}}\n"
      "plugins: {p: {executor: central_deployment_agent, install: false}}\n"
      "node_types: {t: {properties: {url: {}}}}\n"
      "node_templates:\n"
      "  a:\n"
      "    type: t\n"
      "    properties: {url: {concat: [x, {get_input: port}]}}\n"
      "    interfaces: {i: {op: {implementation: p.f, inputs: {v: {get_secret: s}}}}}\n"
      "outputs: {o: {value: {get_input: port}}}\n");
  REQUIRE(bp.errors() == "");
  const auto place = [&](std::string_view path) {
    return to_string(bp.sources, bp.plan->find_place(path));
  };
  CHECK(place("nodes.a.properties.url.concat[1]") == "blueprint.yaml:8:36");
  CHECK(place("nodes.a.operations.i.op.inputs.v") == "blueprint.yaml:9:60");
  CHECK(place("nodes.a.operations.op.inputs.v") == "blueprint.yaml:9:60");
  CHECK(place("outputs.o") == "blueprint.yaml:10:22");
  CHECK(place("nodes.a.anything.else") == "blueprint.yaml:6:3");
}
