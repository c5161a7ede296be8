#include <catch2/catch.hpp>

#include "blueprint_fixture.hpp"

using namespace cfy::dsl;

TEST_CASE("values of data types get the defaults of all levels", "[dsl]") {
  Loaded bp(R"(data_types:
  inner: {properties: {x: {default: 1, type: integer}, y: {type: string}}}
  outer: {properties: {i: {type: inner, default: {y: d}}, z: {required: false}}}
node_types:
  t: {properties: {p: {type: outer}, q: {type: outer, default: {i: {x: 7}}}}}
node_templates:
  n: {type: t}
  m: {type: t, properties: {p: {i: {x: 9}}}}
)");
  REQUIRE(bp.errors() == "");
  CHECK(bp.node(0)["properties"] ==
        json::parse(R"({"p": {"i": {"x": 1, "y": "d"}}, "q": {"i": {"x": 7, "y": "d"}}})"));
  CHECK(bp.node(1)["properties"]["p"] == json::parse(R"({"i": {"x": 9, "y": "d"}})"));
  CHECK_FALSE(bp.as_json["data_types"]["outer"]["properties"]["i"].contains("initial_default"));
}

TEST_CASE("a derived type lays its default over that of the same data type", "[dsl]") {
  Loaded bp(R"(data_types: {d: {properties: {x: {default: 1}, y: {default: 2}, z: {default: 3}}}}
node_types:
  a: {properties: {p: {type: d, default: {x: 10}}}}
  b: {derived_from: a, properties: {p: {type: d, default: {y: 20}}}}
node_templates: {n: {type: b}}
)");
  CHECK(bp.node(0)["properties"]["p"] == json{{"x", 10}, {"y", 20}, {"z", 3}});
}

TEST_CASE("members of data types are checked, with the way to them", "[dsl]") {
  Loaded bp(R"(data_types:
  in: {properties: {n: {type: integer}}}
  out: {properties: {i: {type: in}}}
node_types: {t: {properties: {p: {type: out}}}}
node_templates:
  a: {type: t, properties: {p: {i: {n: x}}}}
  b: {type: t, properties: {p: {i: {n: 1, m: 2}}}}
  c: {type: t}
)");
  CHECK(bp.errors() ==
        "blueprint.yaml:7:40 code 105: node template 'a': 'p.i.n' must be integer, got string "
        "\"x\"\n"
        "blueprint.yaml:8:43 code 106: node template 'b': 'p.i.m' is not a property that is "
        "declared\n"
        "blueprint.yaml:9:3 code 107: node template 'c': 'p.i' lacks the property 'n', which has "
        "no default\n");
}

TEST_CASE("data types: unknown parents, rings and names of built-in types", "[dsl]") {
  CHECK(Loaded("data_types: {a: {derived_from: b}}\n").codes() == Codes{103});
  CHECK(Loaded("data_types: {a: {properties: {p: {type: b}}}, b: {properties: {p: {type: a}}}}\n")
            .codes() == Codes{100});
  CHECK(Loaded("data_types: {string: {}}\n").codes() == Codes{104});
}

TEST_CASE("an external resource needs none of its properties", "[dsl]") {
  const char* types =
      "node_types: {t: {properties: {p: {}, use_external_resource: {default: false}}}}\n";
  CHECK(Loaded(std::string(types) + "node_templates: {n: {type: t}}\n").codes() == Codes{107});
  CHECK(Loaded(std::string(types) +
               "node_templates: {n: {type: t, properties: {use_external_resource: true}}}\n")
            .codes() == Codes{});
  CHECK(Loaded(std::string(types) + "inputs: {i: {}}\nnode_templates: {n: {type: t, properties: "
                                    "{use_external_resource: {get_input: i}}}}\n")
            .codes() == Codes{219});
}
