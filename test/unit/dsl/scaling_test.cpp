#include <catch2/catch.hpp>

#include "blueprint_fixture.hpp"

using namespace cfy::dsl;

namespace {

constexpr const char* kScalingTypes =
    "node_types: {t: {}}\n"
    "relationships: {cloudify.relationships.contained_in: {}}\n";

// "a b<a" is a node a, and a node b contained in a.
std::string nodes(const std::string& text) {
  std::string yaml = "node_templates:\n";
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find(' ', start), text.size());
    const std::string node = text.substr(start, end - start);
    const std::size_t sign = node.find('<');
    yaml += fmt::format("  {}: {{type: t", node.substr(0, sign));
    if (sign != std::string::npos)
      yaml += fmt::format(
          ", relationships: [{{type: cloudify.relationships.contained_in, target: {}}}]",
          node.substr(sign + 1));
    yaml += "}\n";
    start = end + 1;
  }
  return yaml;
}

Loaded load(const std::string& node_text, const std::string& groups, const std::string& targets) {
  return Loaded(kScalingTypes + nodes(node_text) + "groups: {" + groups +
                "}\npolicies: {p: {type: "
                "cloudify.policies.scaling, targets: [" +
                targets + "]}}\n");
}

json members(const Loaded& bp, const char* group) {
  return bp.as_json.at("scaling_groups").at(group).at("members");
}

Codes node_codes(const std::string& rest) {
  return Loaded(std::string(kScalingTypes) + "node_templates: {n: {type: t, " + rest + "}}\n")
      .codes();
}

}  // namespace

TEST_CASE("a scaling policy makes its targets scaling groups", "[dsl]") {
  Loaded bp(std::string(kScalingTypes) + nodes("a") +
            "groups: {g: {members: [a]}, h: {members: [a]}}\npolicies: {p: {type: "
            "cloudify.policies.scaling, targets: [g], properties: {default_instances: 2, "
            "max_instances: UNBOUNDED}}}\n");
  REQUIRE(bp.errors() == "");
  const json expected = {{"default_instances", 2},
                         {"min_instances", 0},
                         {"max_instances", -1},
                         {"current_instances", 2},
                         {"planned_instances", 2}};
  CHECK(bp.as_json["scaling_groups"]["g"]["properties"] == expected);
  CHECK(bp.as_json["policies"]["p"]["properties"] == expected);
  CHECK_FALSE(bp.as_json["scaling_groups"].contains("h"));
}

TEST_CASE("what is contained in another member is dropped from a scaling group", "[dsl]") {
  CHECK(members(load("a b<a c<b", "g: {members: [a, c]}", "g"), "g") == json{"a"});
  const Loaded nested = load("a b<a c",
                             "g: {members: [h, i, c]}, h: {members: [a]}, i: {members: "
                             "[b]}",
                             "g, h, i");
  REQUIRE(nested.errors() == "");
  CHECK(members(nested, "g") == json({"h", "c"}));
  CHECK(members(nested, "i") == json{"b"});
  CHECK(nested.as_json["groups"]["g"]["members"].size() == 3);
}

TEST_CASE("scaling groups keep their rules", "[dsl]") {
  CHECK(load("a", "g: {members: [h]}, h: {members: [g]}", "g, h").errors() ==
        "blueprint.yaml:6:10 code 200: a ring of groups: g -> h -> g\n");
  CHECK(load("a", "g: {members: [a]}, h: {members: [a]}", "g, h").codes() == Codes{201});
  CHECK(load("a b<a c", "g: {members: [b, c]}", "g").codes() == Codes{202});
  CHECK(load("a b<a c<a", "g: {members: [b, c]}", "g").codes() == Codes{});
  CHECK(load("a", "g: {members: [a]}", "a").codes() == Codes{205});
  CHECK(load("a", "g: {members: [a]}", "").codes() == Codes{206});
  CHECK(Loaded("policies: {p: {type: other, targets: [g]}}\n").codes() == Codes{204});
}

TEST_CASE("numbers of instances have their limits", "[dsl]") {
  const auto codes = [](const char* properties) {
    return node_codes(fmt::format("capabilities: {{scalable: {{properties: {}}}}}", properties));
  };
  CHECK(codes("{default_instances: 2, min_instances: 1, max_instances: 3}") == Codes{});
  CHECK(codes("{default_instances: 5, max_instances: 4}") == Codes{207});
  CHECK(codes("{default_instances: 2, min_instances: 4}") == Codes{207});
  CHECK(codes("{min_instances: -1}") == Codes{207});
  CHECK(codes("{max_instances: 0}") == Codes{207});
  CHECK(codes("{max_instances: lots}") == Codes{208});
  CHECK(codes("{max_instances: {}}") == Codes{210});
  CHECK(codes("{default_instances: {get_property: [SELF, x]}}") == Codes{0});
  CHECK(codes("{nonsense: 1}") == Codes{1});
  CHECK(codes("{min_instances: '2'}") == Codes{1});
  CHECK(codes("{max_instances: 2.5}") == Codes{1});
  CHECK(node_codes("instances: {deploy: 2}") == Codes{});
  CHECK(node_codes("instances: {deploy: x}") == Codes{1});
  CHECK(node_codes("instances: {deploy: -1}") == Codes{1});
  CHECK(node_codes("instances: {deploy: {get_property: [SELF, x]}}") == Codes{1});
  CHECK(node_codes("instances: {}") == Codes{1});
  CHECK(node_codes("instances: {deploy: 2}, capabilities: {}") == Codes{209});
  CHECK(node_codes("instances: {deploy: 2}, capabilities: {scalable: {}}") == Codes{209});
}
