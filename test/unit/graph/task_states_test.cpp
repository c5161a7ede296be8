#include "graph/task_states.hpp"

#include <catch2/catch.hpp>

#include "graph_fixture.hpp"

using cfy::graph::kNoTask;
using cfy::graph::TaskId;
using cfy::graph::TaskState;
using cfy::test::GraphFixture;

TEST_CASE("tasks without dependencies are ready in the order of adding", "[graph]") {
  GraphFixture f("c; a; b");
  CHECK(f.ready() == "c a b");
}

TEST_CASE("a task is ready when the last one that it waits for has succeeded", "[graph]") {
  GraphFixture f("a; b; c after a, b");
  CHECK(f.ready() == "a b");
  f.run("b");
  CHECK(f.ready() == "a");
  f.start("a");
  CHECK(f.ready().empty());
  f.succeed("a");
  CHECK(f.ready() == "c");
}

TEST_CASE("an ignored failure lets dependents start", "[graph]") {
  GraphFixture f("a; b after a");
  f.start("a");
  f.states.set(f.id("a"), TaskState::ignored);
  CHECK(f.ready() == "b");
}

TEST_CASE("adding a dependency twice is the same as once", "[graph]") {
  GraphFixture f("a; b after a, a");
  REQUIRE(f.states.add_dependency(f.id("b"), f.id("a")));
  CHECK(f.graph.dependencies(f.id("b")).size() == 1);
  f.run("a");
  CHECK(f.ready() == "b");

  GraphFixture g("a; b after a, a");
  REQUIRE(g.states.remove_dependency(g.id("b"), g.id("a")));
  CHECK(g.ready() == "a b");
}

TEST_CASE("adding a task again changes nothing, or takes it into a subgraph", "[graph]") {
  GraphFixture f("a; b; s{m}");
  REQUIRE(f.states.add_task(f.id("a")));
  REQUIRE(f.states.add_task(f.id("m"), f.id("s")));
  REQUIRE(f.states.add_task(f.id("m")));
  REQUIRE(f.states.add_task(f.id("b"), f.id("s")));
  CHECK(f.ready() == "a s");
  CHECK(f.graph.members(f.id("s")).size() == 2);
  f.start("s");
  CHECK(f.ready() == "a b m");
  CHECK_FALSE(f.states.add_task(f.id("s"), f.id("s")));
}

TEST_CASE("a member of one subgraph does not go into another one", "[graph]") {
  GraphFixture f("s{m}; t{n}");
  CHECK_FALSE(f.states.add_task(f.id("m"), f.id("t")));
  REQUIRE(f.states.add_task(f.id("t"), f.id("s")));
  CHECK_FALSE(f.states.add_task(f.id("s"), f.id("t")));
}

TEST_CASE("a task does not wait for itself", "[graph]") {
  GraphFixture f("a");
  REQUIRE(f.states.add_dependency(f.id("a"), f.id("a")));
  CHECK(f.ready() == "a");
}

TEST_CASE("dependencies need tasks of the graph, not started yet", "[graph]") {
  GraphFixture f("a; b");
  const TaskId loose = f.graph.make_task(0);
  CHECK_FALSE(f.states.add_dependency(f.id("a"), loose));
  CHECK_FALSE(f.states.add_dependency(TaskId{999}, f.id("a")));
  f.start("a");
  const auto late = f.states.add_dependency(f.id("a"), f.id("b"));
  REQUIRE_FALSE(late);
  CHECK(late.error().message().find("already started") != std::string::npos);
}

TEST_CASE("only tasks that were made are added, and only to subgraphs", "[graph]") {
  GraphFixture f("a");
  CHECK_FALSE(f.states.add_task(f.graph.make_task(0), f.id("a")));  // no subgraph
  CHECK_FALSE(f.states.add_task(TaskId{999}));
}

TEST_CASE("a failure skips all that waits for it and says why", "[graph]") {
  GraphFixture f("a; d after b; b after a; c; e after c, d");
  f.start("a");
  f.take_trace();
  f.fail("a");
  CHECK(f.take_trace() == "failed a, skipped d, skipped b, skipped e");
  CHECK(f.states.skipped_because(f.id("e")) == f.id("a"));
  CHECK(f.ready() == "c");
  CHECK(f.states.count(TaskState::skipped) == 3);
  f.run("c");
  CHECK(f.states.count(TaskState::pending) == 0);
}

TEST_CASE("what is linked behind a failure later is skipped at once", "[graph]") {
  GraphFixture f("a; b; c");
  f.start("a");
  f.fail("a");
  REQUIRE(f.states.add_dependency(f.id("b"), f.id("a")));
  REQUIRE(f.states.add_dependency(f.id("c"), f.id("b")));
  CHECK(f.state("b") == "skipped");
  CHECK(f.states.skipped_because(f.id("c")) == f.id("a"));
}

TEST_CASE("a retry is ready again", "[graph]") {
  GraphFixture f("a; b after a");
  f.start("a");
  f.states.set(f.id("a"), TaskState::rescheduled);
  CHECK(f.ready().empty());
  CHECK(f.states.running() == 0);
  f.states.set(f.id("a"), TaskState::pending);
  CHECK(f.ready() == "a");
}

TEST_CASE("removing a task frees what waited for it", "[graph]") {
  GraphFixture f("a; b after a; c after b");
  REQUIRE(f.states.remove_task(f.id("b")));
  CHECK(f.ready() == "a c");
  CHECK(f.states.total() == 2);
  REQUIRE(f.states.add_task(f.id("b")));
  CHECK(f.ready() == "a c b");
}

TEST_CASE("a running task cannot be removed", "[graph]") {
  GraphFixture f("a; s { x }");
  f.start("a");
  CHECK_FALSE(f.states.remove_task(f.id("a")));
  f.start("s");
  f.start("x");
  CHECK_FALSE(f.states.remove_task(f.id("s")));
  CHECK(f.states.total() == 3);
}

TEST_CASE("members wait for their subgraph and end it", "[graph]") {
  GraphFixture f("a; s { x; y after x } after a; b after s");
  CHECK(f.ready() == "a");
  f.run("a");
  CHECK(f.ready() == "s");
  f.start("s");
  CHECK(f.ready() == "x");
  f.run("x");
  CHECK(f.answered().empty());
  f.run("y");
  CHECK(f.answered() == "s");
  f.succeed("s");
  CHECK(f.ready() == "b");
}

TEST_CASE("an empty subgraph ends when it starts", "[graph]") {
  GraphFixture f("s { }");
  f.start("s");
  CHECK(f.answered() == "s");
}

TEST_CASE("the first failing member fails the subgraph, others go on", "[graph]") {
  GraphFixture f("s { x; y after x; z }; b after s");
  f.start("s");
  f.start("x");
  f.take_trace();
  f.fail("x");
  CHECK(f.take_trace() == "failed x, skipped y");
  CHECK(f.answered() == "s because of x");
  CHECK(f.ready() == "z");
  f.fail("s");
  CHECK(f.states.skipped_because(f.id("b")) == f.id("x"));
  f.start("z");
  f.fail("z");
  CHECK(f.answered().empty());
}

TEST_CASE("a failure goes up through nested subgraphs", "[graph]") {
  GraphFixture f("p { s { x } }; b after p");
  for (const char* name : {"p", "s", "x"})
    f.start(name);
  f.fail("x");
  CHECK(f.answered() == "s because of x");
  f.fail("s");
  CHECK(f.answered() == "p because of x");
  f.fail("p");
  CHECK(f.states.skipped_because(f.id("b")) == f.id("x"));
}

TEST_CASE("a subgraph with a member that waits for a failure fails as well", "[graph]") {
  GraphFixture f("a; s { x after a; y }");
  f.start("a");
  f.fail("a");
  CHECK(f.state("x") == "skipped");
  f.start("s");
  CHECK(f.answered() == "s because of a");
  CHECK(f.ready() == "y");
}

TEST_CASE("a skipped subgraph skips its members", "[graph]") {
  GraphFixture f("a; s { x; t { y } } after a; b after y");
  f.start("a");
  f.fail("a");
  for (const char* name : {"s", "x", "t", "y", "b"})
    CHECK(f.state(name) == "skipped");
  CHECK(f.answered().empty());
}

TEST_CASE("removing a subgraph removes its members", "[graph]") {
  GraphFixture f("s { x; t { y } }; b after s");
  REQUIRE(f.states.remove_task(f.id("s")));
  CHECK(f.states.total() == 1);
  CHECK(f.ready() == "b");
}

TEST_CASE("a new subgraph takes the place of a failed one", "[graph]") {
  GraphFixture f("s { x; y after x }; n { z }; b after s, s");
  f.start("s");
  f.start("x");
  f.fail("x");
  REQUIRE(f.answered() == "s because of x");
  f.states.move_dependents(f.id("s"), f.id("n"));
  f.states.skip_waiting_members(f.id("s"));
  f.states.set(f.id("s"), TaskState::ignored);
  CHECK(f.state("b") == "pending");
  f.start("n");
  f.run("z");
  REQUIRE(f.answered() == "n");
  f.succeed("n");
  CHECK(f.ready() == "b");
}

TEST_CASE("a member added to a running subgraph may start at once", "[graph]") {
  GraphFixture f("s { x }");
  f.start("s");
  const TaskId late = f.graph.make_task(0);
  REQUIRE(f.states.add_task(late, f.id("s")));
  CHECK(f.states.is_ready(late));
  f.run("x");
  CHECK(f.answered().empty());
  f.states.set(late, TaskState::started);
  f.states.set(late, TaskState::succeeded);
  CHECK(f.answered() == "s");
  f.succeed("s");
  CHECK_FALSE(f.states.add_task(f.graph.make_task(0), f.id("s")));
}

TEST_CASE("running counts what runs, not what contains it", "[graph]") {
  GraphFixture f("s { x; y }");
  f.start("s");
  CHECK(f.states.running() == 0);
  f.start("x");
  f.states.set(f.id("x"), TaskState::responded);
  CHECK(f.states.running() == 1);
  f.succeed("x");
  CHECK(f.states.running() == 0);
}
