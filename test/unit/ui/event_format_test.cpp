#include "ui/event_format.hpp"

#include <catch2/catch.hpp>

using namespace cfy::ui;
using cfy::event::Event;

namespace {

Event make_event(std::string type, std::string text) {
  Event event;
  event.wall_ms = 1'714'558'830'123;  // 2024-05-01T10:20:30.123Z
  event.event_type = std::move(type);
  event.context.deployment_id = "shop";
  event.text = std::move(text);
  return event;
}

Event make_log(std::string level, std::string text) {
  Event log = make_event("", std::move(text));
  log.kind = Event::Kind::log;
  log.level = std::move(level);
  return log;
}

std::string printed(const Event& event, LineOptions options, Style style = {}) {
  const LineFormat format(style, options);
  return format.shows(event) ? format.text(event) : "";
}

}  // namespace

TEST_CASE("a workflow's line has no subject", "[ui]") {
  CHECK(event_line(make_event("workflow_started", "Starting 'install' workflow execution")) ==
        "2024-05-01 10:20:30.123  CFY <shop> Starting 'install' workflow execution");
}

TEST_CASE("a node's line names the instance, and the operation's last part", "[ui]") {
  Event event = make_event("workflow_node_event", "Creating node instance");
  event.context.node_id = "web_x1y2z3";
  CHECK(event_line(event) ==
        "2024-05-01 10:20:30.123  CFY <shop> [web_x1y2z3] Creating node instance");
  event.context.operation = "cloudify.interfaces.lifecycle.create";
  CHECK(event_line(event) ==
        "2024-05-01 10:20:30.123  CFY <shop> [web_x1y2z3.create] Creating node instance");
}

TEST_CASE("a relationship's line names both ends", "[ui]") {
  Event event = make_event("task_succeeded", "Task succeeded 'run'");
  event.context.source_id = "web_x1y2z3";
  event.context.target_id = "db_a1b2c3";
  event.context.operation = "cloudify.interfaces.relationship_lifecycle.establish";
  CHECK(event_line(event) ==
        "2024-05-01 10:20:30.123  CFY <shop> [web_x1y2z3->db_a1b2c3|establish] "
        "Task succeeded 'run'");
}

TEST_CASE("a log's line names its level", "[ui]") {
  CHECK(event_line(make_log("info", "text")) == "2024-05-01 10:20:30.123  LOG <shop> INFO: text");
}

TEST_CASE("an operation's control characters do not reach the terminal", "[ui]") {
  const std::string line = event_line(make_log("info", "a\x1b[2Jb\nc\rd\x07\n"));
  CHECK(line == "2024-05-01 10:20:30.123  LOG <shop> INFO: a\\x1b[2Jb\n    c\\rd\\x07");
}

TEST_CASE("debug logs show from verbosity 2 on", "[ui]") {
  CHECK(printed(make_log("debug", "d"), {1}).empty());
  CHECK_FALSE(printed(make_log("debug", "d"), {2}).empty());
  CHECK_FALSE(printed(make_log("info", "d"), {0}).empty());
}

TEST_CASE("logs can be left out, events cannot", "[ui]") {
  CHECK(printed(make_log("error", "e"), {0, false}).empty());
  CHECK_FALSE(printed(make_event("plugin_event", "e"), {0, false}).empty());
}

TEST_CASE("quiet leaves what failed", "[ui]") {
  CHECK(printed(make_event("task_succeeded", "x"), {-1}).empty());
  CHECK(printed(make_log("info", "x"), {-1}).empty());
  CHECK_FALSE(printed(make_event("task_failed", "x"), {-1}).empty());
  CHECK_FALSE(printed(make_log("error", "x"), {-1}).empty());
}

TEST_CASE("colours follow the kind of event", "[ui]") {
  const Style colored = {true, 0};
  const auto color = [&](const char* type) {
    const std::string text = printed(make_event(type, "x"), {}, colored);
    return text.substr(text.find("<shop> ") + 7);
  };
  CHECK(color("workflow_started") == "\x1b[92mx\x1b[0m\n");
  CHECK(color("workflow_succeeded") == "\x1b[92mx\x1b[0m\n");
  CHECK(color("workflow_failed") == "\x1b[91mx\x1b[0m\n");
  CHECK(color("workflow_cancelled") == "\x1b[93mx\x1b[0m\n");
  CHECK(color("task_succeeded") == "\x1b[32mx\x1b[0m\n");
  CHECK(color("task_rescheduled") == "\x1b[33mx\x1b[0m\n");
  CHECK(color("task_failed") == "\x1b[31mx\x1b[0m\n");
  CHECK(color("task_started") == "x\n");
}

TEST_CASE("a record is one line of JSON", "[ui]") {
  const RecordFormat format(true);
  const auto first = nlohmann::json::parse(format.text(make_event("workflow_started", "one\ntwo")));
  CHECK(first["message"]["text"] == "one\ntwo");
  const std::string log = format.text(make_log("info", "bytes \xff"));
  CHECK(log.find('\n') == log.size() - 1);
  const auto second = nlohmann::json::parse(log);
  CHECK(second["message"]["text"] == "bytes \\xff");
  CHECK(second["level"] == "info");
}

TEST_CASE("records may leave logs out", "[ui]") {
  CHECK_FALSE(RecordFormat(false).shows(make_log("error", "x")));
  CHECK(RecordFormat(false).shows(make_event("task_failed", "x")));
}
