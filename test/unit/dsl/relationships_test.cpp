#include <catch2/catch.hpp>

#include "blueprint_fixture.hpp"

using namespace cfy::dsl;

namespace {

constexpr const char* kRelationshipTypes =
    R"(plugins: {p: {executor: central_deployment_agent, install: false}}
node_types:
  t: {interfaces: {cloudify.interfaces.lifecycle: {start: p.start}}}
relationships:
  cloudify.relationships.depends_on: {properties: {connection_type: {default: all_to_all}}}
  cloudify.relationships.contained_in: {derived_from: cloudify.relationships.depends_on}
  cloudify.relationships.depends_on_lifecycle_operation:
    derived_from: cloudify.relationships.depends_on
    properties: {operation: {required: false}}
  linked:
    derived_from: cloudify.relationships.depends_on
    properties: {weight: {type: integer}}
    source_interfaces: {i: {op: {implementation: p.source, inputs: {x: {default: 1}}}}}
    target_interfaces: {i: {op: p.target}}
)";

Loaded load(const std::string& templates) {
  return Loaded(std::string(kRelationshipTypes) + "node_templates:\n" + templates);
}

}  // namespace

TEST_CASE("a relationship has properties and operations on both sides", "[dsl]") {
  Loaded bp = load(
      "  a: {type: t}\n  b: {type: t, relationships: [{type: linked, target: a, "
      "properties: {weight: 3}, source_interfaces: {i: {op: {inputs: {x: 2}}}}}]}\n");
  REQUIRE(bp.errors() == "");
  const json& link = bp.node(1)["relationships"][0];
  CHECK(link["target_id"] == "a");
  CHECK(link["properties"] == json{{"connection_type", "all_to_all"}, {"weight", 3}});
  CHECK(link["source_operations"]["i.op"]["inputs"] == json{{"x", 2}});
  CHECK(link["target_operations"]["op"]["operation"] == "target");
  CHECK(link["type_hierarchy"] == json({"cloudify.relationships.depends_on", "linked"}));
}

TEST_CASE("two relationships to one target stay two", "[dsl]") {
  Loaded bp = load(
      "  a: {type: t}\n  b: {type: t, relationships: [{type: linked, target: a, "
      "properties: {weight: 1}}, {type: linked, target: a, properties: {weight: "
      "2}}]}\n");
  CHECK(bp.node(1)["relationships"].size() == 2);
}

TEST_CASE("wrong relationships are told with what is wrong", "[dsl]") {
  const auto codes = [](const std::string& relationship) {
    return load("  a: {type: t}\n  b: {type: t, relationships: [" + relationship + "]}\n").codes();
  };
  CHECK(codes("{type: linked, target: ghost}") == Codes{25});
  CHECK(codes("{type: linked, target: b}") == Codes{23});
  CHECK(codes("{type: nonsense, target: a}") == Codes{26});
  CHECK(codes("{type: linked}") == Codes{1});
  CHECK(codes("{type: linked, target: a, nonsense: 1}") == Codes{1});
  CHECK(codes("{type: linked, target: a}") == Codes{107});
  CHECK(codes("{type: linked, target: a, properties: {weight: x}}") == Codes{105});
  CHECK(codes("{type: cloudify.relationships.depends_on, target: a, properties: {z: 1}}") ==
        Codes{106});
  CHECK(codes("{type: cloudify.relationships.depends_on, target: a, source_interfaces: {i: {o: "
              "no.x}}}") == Codes{19});
}

TEST_CASE("a ring of relationships is spelled out", "[dsl]") {
  const auto node = [](const char* name, const char* target) {
    return fmt::format(
        "  {}: {{type: t, relationships: [{{type: "
        "cloudify.relationships.depends_on, target: {}}}]}}\n",
        name, target);
  };
  CHECK(load(node("a", "b") + node("b", "c") + node("c", "a")).errors() ==
        "blueprint.yaml:19:82 code 100: a ring of relationships: a -> b -> c -> a\n");
}

TEST_CASE("a node is contained in one node only", "[dsl]") {
  CHECK(load("  a: {type: t}\n  b: {type: t}\n  c: {type: t, relationships: [{type: "
             "cloudify.relationships.contained_in, target: a}, {type: "
             "cloudify.relationships.contained_in, target: b}]}\n")
            .codes() == Codes{112});
}

TEST_CASE("waiting for a lifecycle operation needs that operation", "[dsl]") {
  const auto codes = [](const char* properties, const char* operations) {
    return load(fmt::format("  a: {{type: t, interfaces: {{cloudify.interfaces.lifecycle: {}}}}}\n"
                            "  b: {{type: t, relationships: [{{type: "
                            "cloudify.relationships.depends_on_lifecycle_operation, target: a, "
                            "properties: {}}}]}}\n",
                            operations, properties))
        .codes();
  };
  CHECK(codes("{operation: create}", "{create: {}}") == Codes{});
  CHECK(codes("{operation: create}", "{}") == Codes{216});
  CHECK(codes("{operation: start}", "{}") == Codes{216});  // its type has it, but not itself
  CHECK(codes("{}", "{create: {}}") == Codes{215});
}
