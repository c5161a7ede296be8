// Handlers: their four answers, where they run, and what they may do.
#include <thread>

#include <catch2/catch.hpp>

#include "executor_fixture.hpp"

using cfy::base::Result;
using cfy::plugin::HandlerAction;
using cfy::plugin::HandlerResult;
using cfy::plugin::TaskOutcome;
using cfy::plugin::WorkflowHost;
using cfy::test::ExecutorFixture;
using cfy::test::fatal;
using cfy::test::ok;
using cfy::test::recoverable;
using cfy::test::reschedule;
using cfy::test::verdict;
using nlohmann::json;

namespace {

HandlerResult retry_for_ever() {
  HandlerResult result = verdict(HandlerAction::retry);
  result.ignore_total_retries = true;
  return result;
}

}  // namespace

TEST_CASE("a handler may ignore a failure", "[exec]") {
  const auto action = GENERATE(HandlerAction::ignore, HandlerAction::cont);
  ExecutorFixture f("a; b after a");
  f.options.task_retries = 5;
  f.runner.answer("a", {recoverable("x")});
  f.on_failure("a", {verdict(action)});
  CHECK(f.run() == "ok");
  CHECK(f.trace() == "start a\nask a\nignore a\nstart b\ndone b\n");
}

TEST_CASE("a handler may fail a task that has retries left", "[exec]") {
  ExecutorFixture f("a; b after a");
  f.options.task_retries = 5;
  f.runner.answer("a", {recoverable("x")});
  f.on_failure("a", {verdict(HandlerAction::fail)});
  CHECK(f.run() == "failed: Task failed 'a' of n_1.a -> x");
}

TEST_CASE("a handler's retry counts unless it says otherwise", "[exec]") {
  ExecutorFixture f("a");
  f.options.task_retries = 1;
  f.runner.answer("a", {fatal("1"), fatal("2"), fatal("3")});
  f.on_failure("a", {verdict(HandlerAction::retry)});
  CHECK(f.run() == "failed: Task failed 'a' of n_1.a -> 2");

  ExecutorFixture g("a");
  g.options.task_retries = 1;
  g.runner.answer("a", {fatal("1"), fatal("2"), fatal("3")});
  g.on_failure("a", {retry_for_ever()});
  CHECK(g.run() == "ok");
}

TEST_CASE("on_success may ask for another try", "[exec]") {
  ExecutorFixture f("a; b after a");
  f.on_success("a", {retry_for_ever(), retry_for_ever(), verdict(HandlerAction::cont)});
  CHECK(f.run() == "ok");
  CHECK(f.trace() ==
        "start a\nask a\nretry a\nstart a [1]\nask a\nretry a\nstart a [2]\nask a\ndone a\n"
        "start b\ndone b\n");
}

TEST_CASE("the handler's delay beats the others", "[exec]") {
  ExecutorFixture f("a");
  f.options.task_retry_interval_s = 1000;
  HandlerResult soon = retry_for_ever();
  soon.retry_after_s = 1;
  f.runner.answer("a", {recoverable("x", 500)});
  f.on_failure("a", {soon});
  f.start();
  REQUIRE(f.recorder.wait_for("retry a"));
  f.clock.advance_s(1);
  CHECK(f.wait() == "ok");
}

TEST_CASE("no handler judges a retry that the operation asked for", "[exec]") {
  ExecutorFixture f("a");
  f.options.task_retries = 1;
  f.runner.answer("a", {reschedule("later", 0)});
  f.on_failure("a", {verdict(HandlerAction::fail)});
  CHECK(f.run() == "ok");
}

TEST_CASE("a handler that fails fails its task and says so", "[exec]") {
  ExecutorFixture f("a");
  f.runner.answer("a", {fatal("no")});
  f.on_failure("a", [](auto, const TaskOutcome&) -> Result<HandlerResult> {
    return cfy::base::Error(cfy::base::ErrorKind::plugin, "bad cast");
  });
  CHECK(f.run() ==
        "failed: Task failed 'a' of n_1.a -> its handler on_failure did not answer: bad cast "
        "(the task itself: no)");
}

TEST_CASE("handlers run on the workflow's thread and see how the task ended", "[exec]") {
  ExecutorFixture f("a");
  f.runner.answer("a", {ok("value")});
  std::thread::id workflow, handler;
  TaskOutcome seen;
  f.on_success("a", [&](auto, const TaskOutcome& outcome) {
    handler = std::this_thread::get_id();
    seen = outcome;
    return Result(verdict(HandlerAction::cont));
  });
  f.workflow([&](WorkflowHost& host) -> Result<json> {
    workflow = std::this_thread::get_id();
    CHECK(host.execute().ok());
    return json();
  });
  CHECK(f.run() == "ok");
  CHECK(handler == workflow);
  CHECK(seen.succeeded);
  CHECK(seen.result == "value");
}

TEST_CASE("a handler may add tasks and dependencies", "[exec]") {
  ExecutorFixture f("a; b after a");
  WorkflowHost* host = nullptr;
  f.on_success("a", [&](auto task, const TaskOutcome&) {
    const auto extra =
        host->make_operation_task(cfy::plugin::InstanceId{0}, "extra", {}, false, {});
    CHECK(host->add_task({}, *extra).ok());
    CHECK(host->add_dependency(*extra, task).ok());
    CHECK(host->add_dependency(f.id("b"), *extra).ok());
    return Result(verdict(HandlerAction::cont));
  });
  f.workflow([&](WorkflowHost& given) -> Result<json> {
    host = &given;
    CHECK(given.execute().ok());
    return json();
  });
  CHECK(f.run() == "ok");
  CHECK(f.trace() == "start a\nask a\ndone a\nstart extra\ndone extra\nstart b\ndone b\n");
  CHECK(f.recorder.added() == 3);
}

TEST_CASE("a ring made by a handler is found when nothing else is left", "[exec]") {
  ExecutorFixture f("a; b after a; c after b");
  WorkflowHost* host = nullptr;
  f.on_success("a", [&](auto, const TaskOutcome&) {
    CHECK(host->add_dependency(f.id("b"), f.id("c")).ok());
    return Result(verdict(HandlerAction::cont));
  });
  f.workflow([&](WorkflowHost& given) -> Result<json> {
    host = &given;
    if (auto done = given.execute(); !done) return done.error();
    return json();
  });
  CHECK(f.run().find("n_1.b -> n_1.c -> n_1.b") != std::string::npos);
}

TEST_CASE("handlers are asked one at a time, each answer counts", "[exec]") {
  ExecutorFixture f("a; b; c", 3);
  std::atomic<int> inside{0}, most{0};
  for (const char* name : {"a", "b", "c"})
    f.on_success(name, [&](auto, const TaskOutcome&) {
      most = std::max<int>(most, ++inside);
      --inside;
      return Result(verdict(HandlerAction::cont));
    });
  CHECK(f.run() == "ok");
  CHECK(most == 1);
  CHECK(f.call().summary().succeeded == 3);
}

TEST_CASE("a handler cannot execute the graph that it is part of", "[exec]") {
  ExecutorFixture f("a");
  WorkflowHost* host = nullptr;
  f.on_success("a", [&](auto, const TaskOutcome&) {
    CHECK_FALSE(host->execute().ok());
    return Result(verdict(HandlerAction::cont));
  });
  f.workflow([&](WorkflowHost& given) -> Result<json> {
    host = &given;
    CHECK(given.execute().ok());
    return json();
  });
  CHECK(f.run() == "ok");
}

// ---- subgraphs

TEST_CASE("a subgraph runs as a task around its members", "[exec]") {
  ExecutorFixture f("s { x; y after x } after a; a; b after s");
  CHECK(f.run() == "ok");
  CHECK(f.trace() ==
        "start a\ndone a\nstart s\nstart x\ndone x\nstart y\ndone y\ndone s\nstart b\ndone b\n");
  CHECK(f.events.text().find("Subgraph succeeded 's'") != std::string::npos);
}

TEST_CASE("a failing member fails its subgraph, and the error names the member", "[exec]") {
  ExecutorFixture f("p { s { x; y after x }; z }; b after p");
  f.runner.answer("x", {fatal("no")});
  CHECK(f.run() == "failed: Task failed 'x' of n_1.x -> no");
  CHECK(f.trace() ==
        "start p\nstart s\nstart x\nstart z\nfail x\nskip y: x failed\ndone z\nfail s\n"
        "fail p\nskip b: x failed\n");
}

TEST_CASE("an ignored failure of a subgraph does not fail the run", "[exec]") {
  ExecutorFixture f("s { x }; b after s");
  f.runner.answer("x", {fatal("no")});
  f.on_failure("s", {verdict(HandlerAction::ignore)});
  CHECK(f.run() == "ok");
  CHECK(f.trace() == "start s\nstart x\nfail x\nask s\nignore s\nstart b\ndone b\n");
}

TEST_CASE("a new subgraph takes over from a failed one", "[exec]") {
  ExecutorFixture f("s { x; y after x }; b after s");
  f.options.subgraph_retries = 1;
  f.runner.answer("x", {fatal("no")});
  WorkflowHost* host = nullptr;
  f.on_failure("s", [&](auto, const TaskOutcome&) {
    const auto again = host->make_subgraph("s2");
    CHECK(host->add_task({}, again).ok());
    const auto extra =
        host->make_operation_task(cfy::plugin::InstanceId{0}, "extra", {}, false, {});
    CHECK(host->add_task(again, *extra).ok());
    HandlerResult result = verdict(HandlerAction::retry);
    result.retried_task = again;
    return Result(result);
  });
  f.workflow([&](WorkflowHost& given) -> Result<json> {
    host = &given;
    if (auto done = given.execute(); !done) return done.error();
    return json();
  });
  CHECK(f.run() == "ok");
  CHECK(f.trace() ==
        "start s\nstart x\nfail x\nskip y: x failed\nask s\nignore s\nstart s2 [1]\nstart extra\n"
        "done extra\ndone s2\nstart b\ndone b\n");
}

TEST_CASE("a new subgraph that may not take over does not run", "[exec]") {
  ExecutorFixture f("s { x }; b");
  f.runner.answer("x", {fatal("no")});
  WorkflowHost* host = nullptr;
  f.on_failure("s", [&](auto, const TaskOutcome&) {
    const auto again = host->make_subgraph("s2");
    CHECK(host->add_task({}, again).ok());
    const auto extra =
        host->make_operation_task(cfy::plugin::InstanceId{0}, "extra", {}, false, {});
    CHECK(host->add_task(again, *extra).ok());
    HandlerResult result = verdict(HandlerAction::retry);
    result.retried_task = again;
    return Result(result);
  });
  f.workflow([&](WorkflowHost& given) -> Result<json> {
    host = &given;
    if (auto done = given.execute(); !done) return done.error();
    return json();
  });
  CHECK(f.run() == "failed: Task failed 'x' of n_1.x -> no");
  CHECK(f.trace().find("extra") == std::string::npos);
}

TEST_CASE("a subgraph is not tried again without a new one, nor without retries", "[exec]") {
  ExecutorFixture f("s { x }");
  f.runner.answer("x", {fatal("no")});
  f.on_failure("s", {verdict(HandlerAction::retry)});
  CHECK(f.run() == "failed: Task failed 'x' of n_1.x -> no");

  ExecutorFixture g("s { x }");
  g.options.subgraph_retries = 1;
  g.runner.answer("x", {fatal("no")});
  g.on_failure("s", {verdict(HandlerAction::retry)});
  CHECK(g.run() == "failed: Task failed 'x' of n_1.x -> no");
  CHECK(g.events.text().find("a subgraph is tried again only by a new one") != std::string::npos);
}
