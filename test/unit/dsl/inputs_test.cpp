#include <catch2/catch.hpp>

#include "blueprint_fixture.hpp"

using namespace cfy::dsl;

TEST_CASE("inputs are in the plan as declared", "[dsl]") {
  Loaded bp("inputs: {a: {type: integer, default: 1, description: d}, b: }\n");
  CHECK(bp.as_json["inputs"] ==
        json::parse(R"({"a": {"type": "integer", "default": 1, "description": "d"}, "b": {}})"));
}

TEST_CASE("defaults of inputs obey type and constraints", "[dsl]") {
  const auto codes = [](const char* input) {
    return Loaded(fmt::format("inputs: {{i: {}}}\n", input)).codes();
  };
  CHECK(codes("{type: integer, default: x}") == Codes{105});
  CHECK(codes("{type: integer, default: }") == Codes{});
  CHECK(codes("{default: 5, constraints: [{greater_than: 7}]}") == Codes{0});
  CHECK(codes("{default: 8, constraints: [{greater_than: 7}]}") == Codes{});
  CHECK(codes("{type: list, item_type: integer, default: [1, x]}") == Codes{105});
}

TEST_CASE("an input's data type must be complete in its default", "[dsl]") {
  const char* types = "data_types: {d: {properties: {x: {type: integer}, y: {default: 1}}}}\n";
  CHECK(Loaded(std::string(types) + "inputs: {i: {type: d, default: {y: 2}}}\n").codes() ==
        Codes{107});
  Loaded bp(std::string(types) + "inputs: {i: {type: d, default: {x: 2}}}\n");
  CHECK(bp.errors() == "");
  CHECK(bp.as_json["inputs"]["i"]["default"] == json{{"x", 2}, {"y", 1}});
}

TEST_CASE("a default is checked as far as that is possible without a deployment", "[dsl]") {
  const auto codes = [](const char* input) {
    return Loaded(fmt::format("inputs: {{other: {{}}, i: {}}}\n", input)).codes();
  };
  CHECK(codes("{default: , constraints: [{pattern: a}]}") == Codes{0});
  CHECK(codes("{type: node_id}") == Codes{});
  CHECK(codes("{type: string, constraints: [{filter_id: f}]}") == Codes{});
  CHECK(codes("{type: string, default: x, constraints: [{filter_id: f}]}") == Codes{0});
  CHECK(codes("{type: node_id, default: web}") == Codes{});
  CHECK(codes("{type: list, item_type: node_id, default: []}") == Codes{});
  CHECK(codes("{type: list, item_type: integer, default: {get_input: other}}") == Codes{105});
  CHECK(codes("{type: list, item_type: string, default: {get_input: other}}") == Codes{});
}

TEST_CASE("keys of inputs have their conditions", "[dsl]") {
  const auto codes = [](const char* input) {
    return Loaded(fmt::format("inputs: {{i: {}}}\n", input)).codes();
  };
  CHECK(codes("{nonsense: 1}") == Codes{1});
  CHECK(codes("[]") == Codes{1});
  CHECK(codes("{hidden: true, required: true}") == Codes{215});
  CHECK(codes("{hidden: true}") == Codes{215});
  CHECK(codes("{hidden: true, required: false}") == Codes{});
  CHECK(codes("{hidden: true, default: }") == Codes{});
  CHECK(codes("{display: {rows: 3}}") == Codes{216});
  CHECK(codes("{type: textarea, display: {rows: 3}}") == Codes{});
  CHECK(codes("{type: list, item_type: nonsense}") == Codes{217});
  CHECK(codes("{type: string, item_type: integer}") == Codes{218});
  CHECK(codes("{constraints: {length: 1}}") == Codes{1});
  CHECK(codes("{constraints: [{length: x}]}") == Codes{212});
  CHECK(codes("{constraints: [{nonsense: 1}]}") == Codes{103});
  CHECK(codes("{constraints: [{}]}") == Codes{103});
}

TEST_CASE("an error message of a constraint needs DSL 1.5", "[dsl]") {
  const char* text =
      "tosca_definitions_version: cloudify_dsl_1_4\n"
      "inputs: {i: {constraints: [{length: 1, error_message: m}]}}\n";
  CHECK(Loaded(text).codes() == Codes{102});
}
