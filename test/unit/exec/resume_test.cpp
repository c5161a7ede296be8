// Resumed runs: what an earlier run of the execution did counts, what it left is done.
#include <catch2/catch.hpp>

#include "stored_execution.hpp"

namespace cfy::test {
namespace {

using plugin::HandlerAction;

/// Run it once, with what the test sets before. Gives how it ended and what was written.
struct Ran {
  std::string outcome, trace, events;
};
template <typename Prepare>
Ran run_stored(StoredExecution& execution, const std::string& text, Prepare prepare,
               unsigned commits = StoredExecution::kNever) {
  ExecutorFixture f(text);
  execution.prepare(f, commits);
  prepare(f);
  Ran ran;
  ran.outcome = f.run();
  ran.trace = f.trace();
  ran.events = f.events.text();
  return ran;
}
Ran run_stored(StoredExecution& execution, const std::string& text) {
  return run_stored(execution, text, [](ExecutorFixture&) {});
}

}  // namespace

TEST_CASE("a resumed run does what is left, and tells only of that", "[exec][resume]") {
  ResumeStore store;
  StoredExecution execution(store, "x");
  const std::string text = "a; b after a; c after b; d";
  const Ran first =
      run_stored(execution, text, [](ExecutorFixture& f) { f.runner.answer("b", {fatal("no")}); });
  CHECK(first.outcome.starts_with("failed: "));
  const Ran second = run_stored(execution, text);
  CHECK(second.outcome == "ok");
  CHECK(second.trace == "start b\ndone b\nstart c\ndone c\n");
  CHECK(second.events ==
        "task_started: Task started 'b'\ntask_succeeded: Task succeeded 'b'\n"
        "task_started: Task started 'c'\ntask_succeeded: Task succeeded 'c'\n");
  CHECK(execution.rows().size() == 4);
  CHECK(run_stored(execution, text).trace.empty());
}

TEST_CASE("a resumed run knows before it starts what has ended", "[exec][resume]") {
  ResumeStore store;
  StoredExecution execution(store, "x");
  const std::string text = "a; b after a; c after b";
  run_stored(execution, text, [](ExecutorFixture& f) { f.runner.answer("b", {fatal("no")}); });
  const Ran second = run_stored(execution, text, [](ExecutorFixture& f) {
    f.workflow([&f](plugin::WorkflowHost& host) -> base::Result<json> {
      json states;
      for (const char* name : {"a", "b", "c"})
        states.push_back(host.task_facts(f.id(name)).at("state"));
      if (auto done = host.execute(); !done) return done.error();
      states.push_back(host.task_facts(f.id("b")).at("state"));
      return states;
    });
  });
  CHECK(second.outcome == R"(ok: ["succeeded","pending","pending","succeeded"])");
  CHECK(second.trace == "start b\ndone b\nstart c\ndone c\n");
}

TEST_CASE("a result counts in the resumed run", "[exec][resume]") {
  ResumeStore store;
  StoredExecution execution(store, "x");
  const auto first = [](ExecutorFixture& f) {
    f.runner.answer("a", {ok(7)});
    f.runner.answer("b", {fatal("no")});
  };
  run_stored(execution, "a; b after a", first);
  const Ran second = run_stored(execution, "a; b after a", [](ExecutorFixture& f) {
    f.workflow([&f](plugin::WorkflowHost& host) -> base::Result<json> {
      if (auto done = host.execute(); !done) return done.error();
      return host.task_outcome(f.id("a")).value().result;
    });
  });
  CHECK(second.outcome == "ok: 7");
}

TEST_CASE("a failed task is tried anew from the first try on", "[exec][resume]") {
  ResumeStore store;
  StoredExecution execution(store, "x");
  const auto fails = [](ExecutorFixture& f) {
    f.options.task_retries = 1;
    f.runner.answer("a", {recoverable("1"), recoverable("2")});
  };
  CHECK(run_stored(execution, "a", fails).trace == "start a\nretry a\nstart a [1]\nfail a\n");
  CHECK(run_stored(execution, "a", fails).trace == "start a\nretry a\nstart a [1]\nfail a\n");
}

TEST_CASE("a retry that was due when the run was cut off is the next one", "[exec][resume]") {
  ResumeStore store;
  StoredExecution execution(store, "x");
  const auto fails = [](ExecutorFixture& f) {
    f.options.task_retries = 3;
    f.runner.answer("a", {recoverable("1")});
  };
  {
    ExecutorFixture f("a");
    execution.prepare(f);
    fails(f);
    f.options.task_retry_interval_s = 600;
    f.start();
    REQUIRE(f.recorder.wait_for("retry a"));
    f.call().request_cancel(exec::CancelDegree::graceful);
    CHECK(f.wait() == "cancelled");
  }
  CHECK(execution.state_of("a") == "rescheduled");
  const Ran second =
      run_stored(execution, "a", [](ExecutorFixture& f) { f.options.task_retries = 3; });
  CHECK(second.trace == "start a [1]\ndone a\n");
}

TEST_CASE("a task that finished alone is judged by its handler", "[exec][resume]") {
  ResumeStore store;
  StoredExecution execution(store, "x");
  run_stored(
      execution, "a; b after a", [](ExecutorFixture&) {}, 1);
  REQUIRE(execution.state_of("a") == "started");
  execution.finish_alone(execution.rows().front(), true);
  const Ran second = run_stored(execution, "a; b after a", [](ExecutorFixture& f) {
    f.on_success("a", {verdict(HandlerAction::retry), verdict(HandlerAction::cont)});
    f.options.task_retries = 1;
  });
  CHECK(second.outcome == "ok");
  CHECK(second.trace == "retry a\nstart a [1]\nask a\ndone a\nstart b\ndone b\n");
}

TEST_CASE("what a handler added is there again, its verdict stands", "[exec][resume]") {
  ResumeStore store;
  StoredExecution execution(store, "x");
  int asked = 0;
  const auto adds = [&asked](ExecutorFixture& f) {
    f.on_success("a", [&f, &asked](plugin::TaskId, const plugin::TaskOutcome&) {
      ++asked;
      auto& host = f.call().host();
      const auto extra =
          host.make_operation_task(plugin::InstanceId{0}, "extra", json::object(), false, {})
              .value();
      CFY_ASSERT(host.add_task(std::nullopt, extra).ok());
      return base::Result(verdict(asked == 1 ? HandlerAction::cont : HandlerAction::fail));
    });
  };
  run_stored(execution, "a", [&](ExecutorFixture& f) {
    adds(f);
    f.runner.answer("extra", {fatal("no")});
  });
  const Ran second = run_stored(execution, "a", adds);
  CHECK(second.outcome == "ok");
  CHECK(second.trace == "start extra\ndone extra\n");
  CHECK(asked == 2);
}

TEST_CASE("a subgraph that another took the place of stays so", "[exec][resume]") {
  ResumeStore store;
  StoredExecution execution(store, "x");
  const std::string text = "s { a; b; c after b }; d after s";
  const auto replaces = [](ExecutorFixture& f) {
    f.options.subgraph_retries = 1;
    f.on_failure("s", [&f](plugin::TaskId, const plugin::TaskOutcome&) {
      auto& host = f.call().host();
      const auto again = host.make_subgraph("s");
      CFY_ASSERT(host.add_task(std::nullopt, again).ok());
      for (const char* name : {"extra", "extra2"}) {
        const auto made =
            host.make_operation_task(plugin::InstanceId{0}, name, json::object(), false, {})
                .value();
        CFY_ASSERT(host.add_task(again, made).ok());
      }
      auto answer = verdict(HandlerAction::retry);
      answer.retried_task = again;
      return base::Result(answer);
    });
  };
  const Ran first = run_stored(execution, text, [&](ExecutorFixture& f) {
    replaces(f);
    f.runner.answer("b", {fatal("no")});
    f.runner.answer("extra2", {fatal("not now")});
  });
  CHECK(first.outcome.starts_with("failed: "));
  const Ran second = run_stored(execution, text, replaces);
  CHECK(second.outcome == "ok");
  CHECK(second.trace ==
        "ignore s\nstart s [1]\nstart extra2\ndone extra2\ndone s\nstart d\ndone d\n");
}

TEST_CASE("another graph is refused, unless it is accepted", "[exec][resume]") {
  ResumeStore store;
  StoredExecution execution(store, "x");
  run_stored(execution, "a; b after a; c after b",
             [](ExecutorFixture& f) { f.runner.answer("b", {fatal("no")}); });
  const Ran with_new = run_stored(execution, "a; e after a; b after a; c after b");
  CHECK(with_new.outcome.starts_with(
      "invalid: cannot resume: 'operation n_1 test.interface.e' is new (the workflow makes "
      "another graph than before; --force"));
  const Ran with_missing = run_stored(execution, "a; b after a");
  CHECK(
      with_missing.outcome.starts_with("invalid: cannot resume: 'operation n_1 "
                                       "test.interface.c' was not done and is missing"));
  CHECK(with_missing.trace.empty());
  CHECK(execution.rows().size() == 3);
  const Ran accepted = run_stored(execution, "a; e after a; b after a",
                                  [](ExecutorFixture& f) { f.accepts_other_graph = true; });
  CHECK(accepted.outcome == "ok");
  CHECK(accepted.trace == "start e\nstart b\ndone e\ndone b\n");
}

TEST_CASE("what was done may be left out", "[exec][resume]") {
  ResumeStore store;
  StoredExecution execution(store, "x");
  run_stored(execution, "a; b after a",
             [](ExecutorFixture& f) { f.runner.answer("b", {fatal("no")}); });
  CHECK(run_stored(execution, "b").trace == "start b\ndone b\n");
}

TEST_CASE("each execute() is compared with its own", "[exec][resume]") {
  ResumeStore store;
  StoredExecution execution(store, "x");
  const auto twice = [](ExecutorFixture& f) {
    f.workflow([](plugin::WorkflowHost& host) -> base::Result<json> {
      if (auto done = host.execute(); !done) return done.error();
      const auto made =
          host.make_operation_task(plugin::InstanceId{0}, "extra", json::object(), false, {})
              .value();
      CFY_ASSERT(host.add_task(std::nullopt, made).ok());
      if (auto done = host.execute(); !done) return done.error();
      return json(nullptr);
    });
  };
  run_stored(execution, "a; b after a", [&](ExecutorFixture& f) {
    twice(f);
    f.runner.answer("b", {fatal("no")});
  });
  const Ran second = run_stored(execution, "a; b after a", [&](ExecutorFixture& f) {
    twice(f);
    f.runner.answer("extra", {fatal("no")});
  });
  CHECK(second.trace == "start b\ndone b\nstart extra\nfail extra\n");
  CHECK(run_stored(execution, "a; b after a", twice).trace == "start extra\ndone extra\n");
}

TEST_CASE("what was for one run alone is neither expected nor done", "[exec][resume]") {
  ResumeStore store;
  StoredExecution execution(store, "x");
  const auto undoes = [](ExecutorFixture& f) {
    f.runner.answer("a", {fatal("no")});
    f.workflow([](plugin::WorkflowHost& host) -> base::Result<json> {
      if (host.is_resume()) {
        const auto made =
            host.make_operation_task(plugin::InstanceId{0}, "extra", json::object(), false, {})
                .value();
        CFY_ASSERT(host.add_task(std::nullopt, made).ok());
        CFY_ASSERT(host.set_for_this_run(made).ok());
      }
      if (auto done = host.execute(); !done) return done.error();
      return json(nullptr);
    });
  };
  run_stored(execution, "a", undoes);
  for (int i = 0; i < 2; ++i) {
    const std::string trace = run_stored(execution, "a", undoes).trace;
    CHECK(trace.find("start extra\n") != std::string::npos);
    CHECK(trace.find("start a\n") != std::string::npos);
  }
}

TEST_CASE("what was undone is not undone again before that starts", "[exec][resume]") {
  ResumeStore store;
  StoredExecution execution(store, "x");
  const auto undoes = [](ExecutorFixture& f) {
    f.runner.answer("a", {fatal("no")});
    f.workflow([&f](plugin::WorkflowHost& host) -> base::Result<json> {
      if (host.is_resume()) {
        const auto undo =
            host.make_operation_task(plugin::InstanceId{0}, "extra", json::object(), false, {})
                .value();
        CFY_ASSERT(host.add_task(std::nullopt, undo).ok());
        CFY_ASSERT(host.add_dependency(f.id("a"), undo).ok());
        CFY_ASSERT(host.set_undoes(undo, f.id("a")).ok());
      }
      if (auto done = host.execute(); !done) return done.error();
      return json(nullptr);
    });
  };
  const std::string undone_and_done = "start extra\ndone extra\nstart a\nfail a\n";
  run_stored(execution, "a", undoes);
  // The runner dies while it is undone, and the worker brings that to its end.
  CHECK(run_stored(execution, "a", undoes, 1).trace == "start extra\n");
  execution.finish_alone(execution.rows().back(), true);
  CHECK(run_stored(execution, "a", undoes).trace == "done extra\nstart a\nfail a\n");
  // It has started since.
  CHECK(run_stored(execution, "a", undoes).trace == undone_and_done);
  // A run that makes nothing to undo misses nothing.
  CHECK(run_stored(execution, "a").trace == "start a\ndone a\n");
}

TEST_CASE("calls without a graph are found again in their order", "[exec][resume]") {
  ResumeStore store;
  StoredExecution execution(store, "x");
  const auto calls = [](ExecutorFixture& f) {
    f.workflow([](plugin::WorkflowHost& host) -> base::Result<json> {
      json results = json::array();
      for (int i = 0; i < 3; ++i) {
        const auto made =
            host.make_operation_task(plugin::InstanceId{0}, "extra", json::object(), false, {})
                .value();
        if (auto done = host.start_task(made); !done) return done.error();
        if (auto done = host.wait_for_task(made, true); !done) return done.error();
        results.push_back(host.task_outcome(made).value().result);
      }
      return results;
    });
  };
  run_stored(execution, "", [&](ExecutorFixture& f) {
    calls(f);
    f.runner.answer("extra", {ok(1), fatal("no")});
  });
  const Ran second = run_stored(execution, "", [&](ExecutorFixture& f) {
    calls(f);
    f.runner.answer("extra", {ok(2), ok(3)});
  });
  CHECK(second.outcome == "ok: [1,2,3]");
}

}  // namespace cfy::test
