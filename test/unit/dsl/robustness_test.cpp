#include <catch2/catch.hpp>

#include "blueprint_fixture.hpp"

using namespace cfy::dsl;

namespace {

// A blueprint of `count` nodes, each with two relationships to nodes before it.
std::string layered(int count, const char* target_prefix) {
  std::string text = "node_types: {t: {}}\nrelationships: {r: {}}\nnode_templates:\n";
  for (int i = 0; i < count; ++i) {
    text += fmt::format("  n{}:\n    type: t\n", i);
    if (i >= 2)
      text += fmt::format(
          "    relationships:\n      - {{type: r, target: {0}{1}}}\n"
          "      - {{type: r, target: {0}{2}}}\n",
          target_prefix, i - 1, i - 2);
  }
  return text;
}

}  // namespace

TEST_CASE("a chain of thousands of nodes needs no deep stack", "[dsl]") {
  Loaded bp(layered(20'000, "n"));
  CHECK(bp.errors() == "");
}

TEST_CASE("thousands of mistakes are all told, in reasonable time", "[dsl]") {
  Loaded bp(layered(5'000, "ghost_of_a_node_"));
  CHECK(bp.codes().size() == 2 * 4'998);
}

TEST_CASE("a chain of thousands of derived types needs no deep stack", "[dsl]") {
  std::string text = "node_types:\n";
  for (int i = 3'000; i > 0; --i)
    text += fmt::format("  t{}: {{derived_from: t{}}}\n", i, i - 1);
  CHECK(Loaded(text + "  t0: {}\n").errors() == "");
}

TEST_CASE("a namespaced file that imports itself ends with an error", "[dsl]") {
  Loaded bp("imports: [a--self.yaml]\n", {{"self.yaml", "imports: [b--self.yaml]\n"}});
  CHECK(bp.codes() == Codes{13});
}

TEST_CASE("blueprints that import each other end with an error", "[dsl]") {
  LoadOptions options;
  options.find_blueprint = [](const std::string&) { return std::filesystem::path("x.yaml"); };
  Loaded bp("imports: [n--blueprint:x]\n", {{"x.yaml", "imports: [n--blueprint:x]\n"}}, options);
  CHECK(bp.codes() == Codes{13});
}

TEST_CASE("odd files give errors, not crashes", "[dsl]") {
  for (const char* text :
       {"- a\n", "x", "{}", "~", "? [a]\n: b\n", "&a [*a]", "{<<: 1}",
        "node_templates: {n: [type]}\nnode_types: {n: x}\n", "inputs: {~: {}, 1.5: {}, true: }\n",
        "node_types: &x {a: *x}\n", "workflows: {w: [1]}\n", "groups: {g: {members: {a: b}}}\n",
        "imports: {a: b}\n", "deployment_settings: {default_schedules: [1]}\n",
        "labels: {a: {values: [{get_input: }]}}\n"}) {
    Loaded bp(text);
    CHECK_FALSE(bp.plan.has_value());
  }
}
