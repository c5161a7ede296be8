#include "graph/optimize.hpp"

#include <catch2/catch.hpp>

#include "graph_fixture.hpp"

using cfy::graph::kNoTask;
using cfy::graph::TaskId;
using cfy::test::GraphFixture;

namespace {

/// Tasks called nop..., and subgraphs called s..., have no work of their own.
void optimize(GraphFixture& f) {
  cfy::graph::optimize(f.states, [&](TaskId task) {
    return !f.name(task).starts_with("nop") && !f.name(task).starts_with("s");
  });
}

/// "a; s; x in s; b after a, x".
std::string shape(const GraphFixture& f) {
  std::string text;
  for (std::uint32_t i = 0; i < f.graph.order_size(); ++i) {
    const TaskId task = f.graph.at(i);
    if (task == kNoTask) continue;
    text += (text.empty() ? "" : "; ") + f.name(task);
    if (f.graph.subgraph(task) != kNoTask) text += " in " + f.name(f.graph.subgraph(task));
    std::string after;
    for (const TaskId dependency : f.graph.dependencies(task))
      after += (after.empty() ? " after " : ", ") + f.name(dependency);
    text += after;
  }
  return text;
}

std::string optimized(std::string_view text) {
  GraphFixture f(text);
  optimize(f);
  return shape(f);
}

}  // namespace

TEST_CASE("what waited for a no-op waits for what that waited for", "[graph]") {
  CHECK(optimized("a; nop after a; b after nop") == "a; b after a");
  CHECK(optimized("a; b; nop after a, b; c after nop; d after nop, a") ==
        "a; b; c after a, b; d after a, b");
  CHECK(optimized("nop; a after nop; nop2 after a") == "a");
}

TEST_CASE("a chain of no-ops goes, whatever the order of adding", "[graph]") {
  CHECK(optimized("a; nop1 after a; nop2 after nop1; nop3 after nop2; b after nop3") ==
        "a; b after a");
  CHECK(optimized("b after nop3; nop3 after nop2; nop2 after nop1; nop1 after a; a") ==
        "b after a; a");
}

TEST_CASE("empty subgraphs go, also those that become empty", "[graph]") {
  CHECK(optimized("a; s { nop; s2 { nop2 after nop3; nop3 } after nop } after a; b after s") ==
        "a; b after a");
  CHECK(optimized("s { s2 { nop }; x after s2 }") == "s; x in s");
}

TEST_CASE("a no-op within a subgraph hands on its ties there", "[graph]") {
  CHECK(optimized("s { x; nop after x; y after nop }; b after s") ==
        "s; x in s; y in s after x; b after s");
}

TEST_CASE("a no-op that ties its subgraph to a task outside stays", "[graph]") {
  const char* outward = "a; s { x; nop after a }; b after s";
  CHECK(optimized(outward) == "a; s; x in s; nop in s after a; b after s");
  const char* inward = "c; s { x; nop } after c; b after nop";
  CHECK(optimized(inward) == "c; s after c; x in s; nop in s; b after nop");
}

TEST_CASE("a no-op between very many tasks stays", "[graph]") {
  const auto between = [](int count) {
    std::string text, after;
    for (int i = 0; i < count; ++i) {
      text += "a" + std::to_string(i) + "; b" + std::to_string(i) + " after nop; ";
      after += (i == 0 ? "" : ", ") + ("a" + std::to_string(i));
    }
    return text + "nop after " + after;
  };
  CHECK(optimized(between(5)).find("nop") == std::string::npos);
  CHECK(optimized(between(50)) == shape(GraphFixture(between(50))));
}

TEST_CASE("what has started or ended stays, and what waits goes on waiting", "[graph]") {
  GraphFixture f("a; nop after a; b after nop; nop2; c after nop2");
  f.start("a");
  f.start("nop2");
  optimize(f);
  CHECK(shape(f) == "a; b after a; nop2; c after nop2");
  CHECK(f.ready().empty());
  f.succeed("a");
  CHECK(f.ready() == "b");
  f.succeed("nop2");
  CHECK(f.ready() == "b c");
}

TEST_CASE("a failure skips the same tasks as without optimizing", "[graph]") {
  GraphFixture f("a; nop after a; b after nop; s { nop2 } after b; c after s");
  optimize(f);
  f.start("a");
  f.fail("a");
  CHECK(f.state("b") == "skipped");
  CHECK(f.state("c") == "skipped");
}

TEST_CASE("a started subgraph whose last members are no-ops ends", "[graph]") {
  GraphFixture f("s { x; nop after x }");
  f.start("s");
  f.run("x");
  optimize(f);
  CHECK(shape(f) == "s; x in s");
  CHECK(f.answered() == "s");
}
