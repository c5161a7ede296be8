#include <catch2/catch.hpp>

#include "blueprint_fixture.hpp"

using namespace cfy::dsl;

namespace {
constexpr const char* kNodes =
    "node_types: {t: {}}\nnode_templates: {a: {type: t}, b: {type: t}}\n"
    "policy_types: {pt: {source: s, properties: {x: {default: 1}, y: "
    "{}}}}\npolicy_triggers: {tr: {source: s, parameters: {z: {}}}}\n";
Codes codes(const std::string& rest) {
  return Loaded(kNodes + rest).codes();
}
}  // namespace

TEST_CASE("groups have members, each once, and policies with defaults", "[dsl]") {
  Loaded bp(std::string(kNodes) +
            "groups: {g: {members: [a, a, b], policies: {p: {type: pt, properties: {y: 2}, "
            "triggers: {t: {type: tr, parameters: {z: 3}}}}}}}\n");
  REQUIRE(bp.errors() == "");
  CHECK(bp.as_json["groups"]["g"] ==
        json::parse(R"({"members": ["a", "b"], "policies": {"p": {"type": "pt", "properties":
          {"x": 1, "y": 2}, "triggers": {"t": {"type": "tr", "parameters": {"z": 3}}}}}})"));
}

TEST_CASE("wrong groups are told with what is wrong", "[dsl]") {
  CHECK(codes("groups: {g: {members: [ghost]}}\n") == Codes{40});
  CHECK(codes("groups: {g: {members: []}}\n") == Codes{1});
  CHECK(codes("groups: {g: {members: [1]}}\n") == Codes{1});
  CHECK(codes("groups: {g: {}}\n") == Codes{1});
  CHECK(codes("groups: {a: {members: [b]}}\n") == Codes{211});
  CHECK(codes("groups: {g: {members: [a], policies: {p: {type: ghost}}}}\n") == Codes{41});
  CHECK(codes("groups: {g: {members: [a], policies: {p: {type: pt}}}}\n") == Codes{107});
  CHECK(
      codes("groups: {g: {members: [a], policies: {p: {type: pt, properties: {y: 1, q: 1}}}}}\n") ==
      Codes{106});
  CHECK(codes("groups: {g: {members: [a], policies: {p: {type: pt, properties: {y: 1}, triggers: "
              "{t: {type: ghost}}}}}}\n") == Codes{42});
  CHECK(codes("policy_types: {x: {}}\n").size() == 1);
}
