#include <catch2/catch.hpp>

#include "blueprint_fixture.hpp"

using namespace cfy::dsl;

TEST_CASE("a derived type has the properties of its parents", "[dsl]") {
  Loaded bp(R"(node_types:
  c: {derived_from: b}
  a: {properties: {p: {default: 1, type: integer}, q: {default: 2}}}
  b: {derived_from: a, properties: {p: {default: x}, r: {required: false}}}
node_templates: {n: {type: c}}
)");
  REQUIRE(bp.errors() == "");
  CHECK(bp.node(0)["properties"] == json{{"p", "x"}, {"q", 2}});
  CHECK(bp.node(0)["type_hierarchy"] == json({"a", "b", "c"}));
}

TEST_CASE("a property named again is declared anew, without its old default", "[dsl]") {
  Loaded bp(
      "node_types: {a: {properties: {p: {default: 1}}}, b: {derived_from: a, properties: {p: "
      "{description: d}}}}\nnode_templates: {n: {type: b}}\n");
  CHECK(bp.errors() ==
        "blueprint.yaml:3:18 code 107: node template 'n' lacks the property 'p', "
        "which has no default\n");
}

TEST_CASE("a parent that is not there, or a ring of parents, is an error", "[dsl]") {
  CHECK(Loaded("node_types: {a: {derived_from: b}}\n").errors() ==
        "blueprint.yaml:2:32 code 103: there is no type 'b', from which 'a' is derived\n");
  CHECK(Loaded("relationships: {a: {derived_from: b}}\n").codes() == Codes{103});
  CHECK(Loaded("node_types: {a: {derived_from: b}, b: {derived_from: c}, c: {derived_from: a}}\n")
            .errors() == "blueprint.yaml:2:76 code 100: a ring: a -> b -> c -> a\n");
}

TEST_CASE("a mistake in a type is not told again for each use of it", "[dsl]") {
  Loaded bp(
      "node_types: {a: {nonsense: 1}, b: {derived_from: a}}\n"
      "node_templates: {n: {type: a}, m: {type: b}}\n");
  CHECK(bp.codes() == Codes{1});
}

TEST_CASE("defaults are checked where they are declared", "[dsl]") {
  Loaded bp("node_types: {a: {properties: {p: {type: integer, default: x}}}}\n");
  CHECK(bp.errors() ==
        "blueprint.yaml:2:59 code 105: the default of 'p' must be integer, got string \"x\"\n");
}

TEST_CASE("types of properties must exist, and exist in the DSL version", "[dsl]") {
  CHECK(Loaded("node_types: {a: {properties: {p: {type: intger}}}}\n").errors() ==
        "blueprint.yaml:2:41 code 103: there is no type 'intger'\n");
  CHECK(Loaded("tosca_definitions_version: cloudify_dsl_1_3\n"
               "node_types: {a: {properties: {p: {type: node_id}}}}\n")
            .codes() == Codes{102});
}

TEST_CASE("relationship types are in the plan, flattened", "[dsl]") {
  Loaded bp("relationships: {a: {properties: {p: {default: 1}}}, b: {derived_from: a}}\n");
  CHECK(bp.as_json["relationships"]["b"]["properties"] == json{{"p", {{"default", 1}}}});
  CHECK(bp.as_json["relationships"]["b"]["type_hierarchy"] == json({"a", "b"}));
}

TEST_CASE("mappings of relationship types are checked, used or not", "[dsl]") {
  CHECK(Loaded("relationships: {a: {source_interfaces: {i: {op: no.such}}}}\n").codes() ==
        Codes{19});
}

TEST_CASE("a type is a dict, if an empty one", "[dsl]") {
  CHECK(Loaded("node_types: {t: {}}\nrelationships: {r: {}}\ndata_types: {d: {}}\n").codes() ==
        Codes{});
  CHECK(Loaded("node_types: {t: }\n").codes() == Codes{1});
  CHECK(Loaded("relationships: {r: }\n").codes() == Codes{1});
  CHECK(Loaded("data_types: {d: }\n").codes() == Codes{1});
  CHECK(Loaded("data_types: {d: {version: 1.0}}\n").codes() == Codes{1});
}

TEST_CASE("runtime properties are described in any DSL version", "[dsl]") {
  const auto codes = [](const char* properties) {
    return Loaded(fmt::format("tosca_definitions_version: cloudify_dsl_1_3\n"
                              "node_types: {{t: {{runtime_properties: {}}}}}\n",
                              properties))
        .codes();
  };
  CHECK(codes("{ip: {type: string, description: its address}}") == Codes{});
  CHECK(codes("{port: {type: integer, default: text}}") == Codes{105});
}

TEST_CASE("a host is what has the host type's name in a type's", "[dsl]") {
  Loaded bp(
      "node_types: {my.cloudify.nodes.Compute.Small: {}}\n"
      "node_templates: {n: {type: my.cloudify.nodes.Compute.Small}}\n");
  CHECK(bp.node(0)["host_id"] == "n");
}
