// Order, failure, retry and wait_after_fail.
#include <catch2/catch.hpp>

#include "executor_fixture.hpp"

using namespace std::string_literals;
using cfy::test::ExecutorFixture;
using cfy::test::fatal;
using cfy::test::ok;
using cfy::test::recoverable;
using cfy::test::reschedule;

TEST_CASE("tasks run after what they wait for, in blueprint order", "[exec]") {
  ExecutorFixture f("c; a; b after a, c");
  CHECK(f.run() == "ok");
  CHECK(f.trace() == "start c\nstart a\ndone c\ndone a\nstart b\ndone b\n");
  CHECK(f.recorder.added() == 3);
}

TEST_CASE("no more operations run at a time than the runner can take", "[exec]") {
  ExecutorFixture f("a; b; c; d", 2);
  f.runner.hold_all();
  f.start();
  REQUIRE(f.runner.wait_started("b"));
  CHECK(f.trace() == "start a\nstart b\n");
  for (const char* name : {"a", "b", "c", "d"}) {
    REQUIRE(f.runner.wait_started(name));
    f.runner.finish(name);
  }
  CHECK(f.wait() == "ok");
  CHECK(f.runner.most_at_a_time() == 2);
}

TEST_CASE("dependents of a failed task never start, unrelated branches go on", "[exec]") {
  ExecutorFixture f("a; b after a; c; d after c");
  f.runner.answer("a", {fatal("no luck")});
  CHECK(f.run() == "failed: Task failed 'a' of n_1.a -> no luck");
  CHECK(f.trace() == "start a\nstart c\nfail a\nskip b: a failed\ndone c\nstart d\ndone d\n");
  const auto summary = f.call().summary();
  CHECK(summary.tasks == 4);
  CHECK(summary.succeeded == 2);
  CHECK(summary.failed == 1);
  CHECK(summary.skipped == 1);
  CHECK(summary.unfinished() == 0);
  REQUIRE(summary.failures.size() == 1);
  CHECK(summary.failures[0].label == "n_1.a");
  CHECK(summary.failures[0].error == "no luck");
  CHECK(summary.failures[0].skipped == std::vector<std::string>{"n_1.b"});
}

TEST_CASE("the error names every failed task", "[exec]") {
  ExecutorFixture f("a; b");
  f.runner.answer("a", {fatal("one")});
  f.runner.answer("b", {fatal("two")});
  CHECK(f.run() ==
        "failed: 2 operation errors: Task failed 'a' of n_1.a -> one; "
        "Task failed 'b' of n_1.b -> two");
}

TEST_CASE("a recoverable error is retried as often as the run allows", "[exec]") {
  ExecutorFixture f("a; b after a");
  f.options.task_retries = 2;
  f.runner.answer("a", {recoverable("1st"), recoverable("2nd"), ok("fine")});
  CHECK(f.run() == "ok");
  CHECK(f.trace() ==
        "start a\nretry a\nstart a [1]\nretry a\nstart a [2]\ndone a\nstart b\ndone b\n");
  CHECK(f.events.text() ==
        "task_started: Task started 'a'\n"
        "task_failed: Task failed 'a' -> 1st\n"
        "task_started: Task started 'a' [retry 1/2]\n"
        "task_failed: Task failed 'a' -> 2nd [retry 1/2]\n"
        "task_started: Task started 'a' [retry 2/2]\n"
        "task_succeeded: Task succeeded 'a' - fine [retry 2/2]\n"
        "task_started: Task started 'b'\n"
        "task_succeeded: Task succeeded 'b'\n");
}

TEST_CASE("retries end with a failure", "[exec]") {
  ExecutorFixture f("a");
  f.options.task_retries = 1;
  f.runner.answer("a", {recoverable("1st"), recoverable("2nd"), ok()});
  CHECK(f.run() == "failed: Task failed 'a' of n_1.a -> 2nd");
}

TEST_CASE("a non-recoverable error is not retried", "[exec]") {
  ExecutorFixture f("a");
  f.options.task_retries = -1;
  f.runner.answer("a", {fatal("never")});
  CHECK(f.run() == "failed: Task failed 'a' of n_1.a -> never");
}

TEST_CASE("endless retries show no total", "[exec]") {
  ExecutorFixture f("a");
  f.options.task_retries = -1;
  f.runner.answer("a", {recoverable("x"), ok()});
  CHECK(f.run() == "ok");
  CHECK(f.events.text().find("Task succeeded 'a' [retry 1]\n") != std::string::npos);
}

TEST_CASE("a retry that the operation asks for counts, and shows its delay", "[exec]") {
  ExecutorFixture f("a");
  f.options.task_retries = 1;
  f.runner.answer("a", {reschedule("not yet", 0), reschedule("not yet", 0), ok()});
  CHECK(f.run() == "failed: Task failed 'a' of n_1.a -> not yet [retry_after=0]");
  CHECK(f.events.text() ==
        "task_started: Task started 'a'\n"
        "task_rescheduled: Task rescheduled 'a' -> not yet [retry_after=0]\n"
        "task_started: Task started 'a' [retry 1/1]\n"
        "task_rescheduled: Task rescheduled 'a' -> not yet [retry_after=0] [retry 1/1]\n");
}

TEST_CASE("a retry waits for its due time", "[exec]") {
  ExecutorFixture f("a");
  f.options.task_retries = 1;
  f.options.task_retry_interval_s = 30;
  f.runner.answer("a", {recoverable("x")});
  f.start();
  REQUIRE(f.recorder.wait_for("retry a"));
  f.clock.advance_ms(29'999);
  CHECK(f.trace() == "start a\nretry a\n");
  f.clock.advance_ms(1);
  CHECK(f.wait() == "ok");
  CHECK(f.trace() == "start a\nretry a\nstart a [1]\ndone a\n");
}

TEST_CASE("the delay of the error beats the interval", "[exec]") {
  ExecutorFixture f("a");
  f.options.task_retries = 1;
  f.options.task_retry_interval_s = 1000;
  f.runner.answer("a", {recoverable("x", 2.5)});
  f.start();
  REQUIRE(f.recorder.wait_for("retry a"));
  f.clock.advance_ms(2500);
  CHECK(f.wait() == "ok");
  CHECK(f.events.text().find("-> x [retry_after=2.5]\n") != std::string::npos);
}

TEST_CASE("after wait_after_fail seconds nobody waits for other branches", "[exec]") {
  ExecutorFixture f("a; b; c after b");
  f.options.wait_after_fail_s = 60;
  f.runner.answer("a", {fatal("no")});
  f.runner.hold("b");
  f.start();
  REQUIRE(f.recorder.wait_for("fail a"));
  f.clock.advance_s(60);
  CHECK(f.wait() ==
        "failed: Task failed 'a' of n_1.a -> no; gave up waiting for 1 running task(s) after 60 s: "
        "n_1.b");
  CHECK(f.runner.stops() == std::vector{"detach"s});
  CHECK(f.call().summary().unfinished() == 2);
}

TEST_CASE("a ring is found before anything starts", "[exec]") {
  ExecutorFixture f("x; a after c; b after a; c after b");
  CHECK(f.run() ==
        "invalid: the task graph has a ring, each task waits for the next: n_1.a -> n_1.c -> "
        "n_1.b -> n_1.a");
  CHECK(f.trace().empty());
}

TEST_CASE("nothing starts that could not be recorded", "[exec]") {
  ExecutorFixture f("a; b after a");
  f.runner.hold("a");
  f.start();
  REQUIRE(f.runner.wait_started("a"));
  f.recorder.break_down();
  f.runner.finish("a");
  CHECK(f.wait() == "state: recording the state of the execution: the disk is full");
  CHECK(f.trace() == "start a\n");
}

TEST_CASE("an unmapped operation succeeds without an event", "[exec]") {
  ExecutorFixture f("a");
  f.workflow([](cfy::plugin::WorkflowHost& host) -> cfy::base::Result<nlohmann::json> {
    const auto nop =
        host.make_operation_task(cfy::plugin::InstanceId{0}, "not.there", {}, false, {});
    CHECK(host.add_task({}, *nop).ok());
    CHECK(host.execute().ok());
    CHECK(host.task_outcome(*nop)->succeeded);
    return nlohmann::json("done");
  });
  CHECK(f.run() == "ok: \"done\"");
  CHECK(f.trace() == "done nop\nstart a\ndone a\n");
  CHECK(f.events.text() == "task_started: Task started 'a'\ntask_succeeded: Task succeeded 'a'\n");
}

TEST_CASE("a graph may be executed again with more tasks", "[exec]") {
  ExecutorFixture f("a; b after a");
  f.runner.answer("a", {fatal("no")});
  f.workflow([](cfy::plugin::WorkflowHost& host) -> cfy::base::Result<nlohmann::json> {
    CHECK_FALSE(host.execute().ok());
    const auto more = host.make_operation_task(cfy::plugin::InstanceId{0}, "extra", {}, false, {});
    CHECK(host.add_task({}, *more).ok());
    CHECK(host.execute().ok());
    return nlohmann::json();
  });
  CHECK(f.run() == "ok");
  CHECK(f.trace() == "start a\nfail a\nskip b: a failed\nstart extra\ndone extra\n");
}

TEST_CASE("a dry run runs nothing and says so", "[exec]") {
  ExecutorFixture f("a; b after a");
  f.options.is_dry_run = true;
  f.runner.answer("a", {fatal("not to be run")});
  CHECK(f.run() == "ok");
  CHECK(f.events.text() ==
        "task_succeeded: Task succeeded 'a' (dry run)\n"
        "task_succeeded: Task succeeded 'b' (dry run)\n");
}

TEST_CASE("the old way to say cancelled still works", "[exec]") {
  ExecutorFixture f("");
  f.workflow([](cfy::plugin::WorkflowHost&) -> cfy::base::Result<nlohmann::json> {
    return nlohmann::json("execution_cancelled");
  });
  CHECK(f.run() == "cancelled");
}
