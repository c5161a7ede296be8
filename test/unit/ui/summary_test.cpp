#include "ui/summary.hpp"

#include <catch2/catch.hpp>

using namespace cfy::ui;

namespace {

ExecutionSummary make_summary(std::string status) {
  ExecutionSummary summary;
  summary.execution_id = "9f1c";
  summary.workflow_id = "install";
  summary.deployment_id = "shop";
  summary.status = std::move(status);
  summary.duration_ms = 41'230;
  summary.done = 8;
  return summary;
}

FailedTask make_failure() {
  FailedTask task;
  task.subject = "web_x81k2a";
  task.operation = "cloudify.interfaces.lifecycle.start";
  task.mapping = "blueprint.yaml:31:18 -> scripts/start.sh";
  task.attempt = 3;
  task.attempts_total = 3;
  task.cause = "exit status 2";
  task.last_output = "starting\nbind: address already in use\n";
  task.skipped = {"lb_1.create", "lb_1.start"};
  return task;
}

}  // namespace

TEST_CASE("success is one line", "[ui]") {
  CHECK(to_text(make_summary("terminated"), {}) ==
        "execution 9f1c (install) terminated: 8 done in 41.2 s\n");
}

TEST_CASE("a failure says what failed, why, what it prevented and how to go on", "[ui]") {
  ExecutionSummary summary = make_summary("failed");
  summary.failed = {make_failure()};
  summary.skipped = 2;
  summary.can_resume = true;
  CHECK(to_text(summary, {}) ==
        "error: execution 9f1c (install) failed: 1 task failed, 2 skipped, 8 done in 41.2 s\n"
        "  task     web_x81k2a  cloudify.interfaces.lifecycle.start   attempt 3 of 3\n"
        "  mapped   blueprint.yaml:31:18 -> scripts/start.sh\n"
        "  cause    exit status 2\n"
        "  stderr   starting\n"
        "           bind: address already in use\n"
        "  skipped  2 because of it: lb_1.create, lb_1.start\n"
        "  more     cfy-run events 9f1c          try again: cfy-run resume 9f1c\n");
}

TEST_CASE("a failure without a failed task says its error", "[ui]") {
  ExecutionSummary summary = make_summary("failed");
  summary.error = "parameter 'x' must be set";
  CHECK(to_text(summary, {}) ==
        "error: execution 9f1c (install) failed: 8 done in 41.2 s\n"
        "  cause    parameter 'x' must be set\n"
        "  more     cfy-run events 9f1c\n");
}

TEST_CASE("a cancelled run is told as cancelled", "[ui]") {
  ExecutionSummary summary = make_summary("cancelled");
  summary.skipped = 4;
  summary.abandoned = 1;
  CHECK(to_text(summary, {}) ==
        "execution 9f1c (install) cancelled: 4 skipped, 1 left running, 8 done in 41.2 s\n"
        "  left     they end by themselves, or with cfy-run cancel 9f1c --kill\n"
        "  more     cfy-run events 9f1c\n");
}

TEST_CASE("a dry run is told as such", "[ui]") {
  ExecutionSummary summary = make_summary("terminated");
  summary.is_dry_run = true;
  CHECK(to_text(summary, {}) == "execution 9f1c (install, dry run) terminated: 8 done in 41.2 s\n");
}

TEST_CASE("endless retries have no total", "[ui]") {
  ExecutionSummary summary = make_summary("failed");
  summary.failed = {{"", "local", "", 7, -1, "", "", {}}};
  CHECK(to_text(summary, {}).find("  task     local   attempt 7\n") != std::string::npos);
}

TEST_CASE("long lists are cut", "[ui]") {
  ExecutionSummary summary = make_summary("failed");
  FailedTask task = make_failure();
  task.skipped.assign(100, "x");
  task.last_output.clear();
  for (int i = 0; i < 50; ++i)
    task.last_output += std::to_string(i) + "\n";
  summary.failed.assign(30, task);
  const std::string text = to_text(summary, {});
  CHECK(text.find("30 tasks failed") != std::string::npos);
  CHECK(text.find("100 because of it: x, x, x, x, x, ...\n") != std::string::npos);
  CHECK(text.find("  stderr   42\n           43\n") != std::string::npos);
  CHECK(text.find("  and 20 more failed tasks\n") != std::string::npos);
}

TEST_CASE("output of operations cannot steer the terminal", "[ui]") {
  ExecutionSummary summary = make_summary("failed");
  summary.failed = {make_failure()};
  summary.failed[0].cause = "\x1b[2J";
  CHECK(to_text(summary, {}).find("  cause    \\x1b[2J\n") != std::string::npos);
}

TEST_CASE("the status has its colour", "[ui]") {
  CHECK(to_text(make_summary("terminated"), {true, 0}).find("\x1b[92mterminated\x1b[0m") !=
        std::string::npos);
  CHECK(to_text(make_summary("cancelled"), {true, 0}).find("\x1b[93mcancelled\x1b[0m") !=
        std::string::npos);
}
