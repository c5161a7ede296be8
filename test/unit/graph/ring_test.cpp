#include "graph/ring.hpp"

#include <catch2/catch.hpp>

#include "graph_fixture.hpp"

using cfy::test::GraphFixture;

TEST_CASE("a ring is spelled out from its first task on", "[graph]") {
  CHECK(GraphFixture("x; a after c; b after a; c after b, x").ring() == "a -> c -> b -> a");
}

TEST_CASE("what merely waits for a ring is not part of it", "[graph]") {
  CHECK(GraphFixture("z after b; a after b; b after a").ring() == "a -> b -> a");
}

TEST_CASE("a graph without a ring has none", "[graph]") {
  CHECK(GraphFixture("").ring().empty());
  CHECK(GraphFixture("a; b after a; s { x; y after x } after b; c after s, a").ring().empty());
}

TEST_CASE("a member that waits for the end of its subgraph is a ring", "[graph]") {
  CHECK(GraphFixture("s { x after s }").ring() == "s -> x -> s");
}

TEST_CASE("two subgraphs whose members wait for each other's subgraph are a ring", "[graph]") {
  CHECK(GraphFixture("s { x after t }; t { y after s }").ring() == "s -> x -> t -> y -> s");
}

TEST_CASE("members of two subgraphs may wait for each other crosswise", "[graph]") {
  CHECK(GraphFixture("s { x; y after v }; t { u after x; v after u }").ring().empty());
}

TEST_CASE("what has ended is part of no ring", "[graph]") {
  GraphFixture f("a; b after a");
  f.run("a");
  CHECK(f.ring().empty());
}

TEST_CASE("the middle of a long ring is cut out", "[graph]") {
  std::string text = "t0 after t99";
  for (int i = 1; i < 100; ++i)
    text += "; t" + std::to_string(i) + " after t" + std::to_string(i - 1);
  const std::string ring = GraphFixture(text).ring();
  CHECK(ring.find("t0 -> t99 -> t98") == 0);
  CHECK(ring.find(" -> ... 80 more ... -> ") != std::string::npos);
  CHECK(ring.ends_with(" -> t1 -> t0"));
}
