#include "graph/linearize.hpp"

#include <catch2/catch.hpp>

#include "graph_fixture.hpp"

using cfy::graph::TaskId;
using cfy::test::GraphFixture;

namespace {

std::string linearized(const GraphFixture& f) {
  std::string names;
  for (const TaskId task : cfy::graph::linearize(f.states))
    names += (names.empty() ? "" : " ") + f.name(task);
  return names;
}

}  // namespace

TEST_CASE("tasks come after those that they wait for, else in the order of adding", "[graph]") {
  CHECK(linearized(GraphFixture("d after b; c; b after a; a")) == "c a b d");
  CHECK(linearized(GraphFixture("a; b; c")) == "a b c");
  CHECK(linearized(GraphFixture("")).empty());
}

TEST_CASE("a subgraph comes before its members, and what waits for it after them", "[graph]") {
  CHECK(linearized(GraphFixture("b after s; s { y after x; x } after a; a; c after y")) ==
        "a s x y b c");
}

TEST_CASE("removed tasks are not listed", "[graph]") {
  GraphFixture f("a; b after a; c after b");
  REQUIRE(f.states.remove_task(f.id("b")));
  CHECK(linearized(f) == "a c");
}

TEST_CASE("a ring, and what waits for it, is left out", "[graph]") {
  CHECK(linearized(GraphFixture("x; a after b; b after a; c after b")) == "x");
}

TEST_CASE("what has ended is listed as well", "[graph]") {
  GraphFixture f("s { x; y after x }; b after s");
  f.start("s");
  f.run("x");
  CHECK(linearized(f) == "s x y b");
}

TEST_CASE("what waited for a forgiven subgraph may come before its open members", "[graph]") {
  GraphFixture f("s { x; y }; b after s");
  f.start("s");
  f.start("x");
  f.fail("x");
  REQUIRE(f.answered() == "s because of x");
  f.states.set(f.id("s"), cfy::graph::TaskState::ignored);
  REQUIRE(f.states.add_dependency(f.id("y"), f.id("b")));
  CHECK(linearized(f) == "s x b y");
}
