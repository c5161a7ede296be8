#include "event/event.hpp"

#include <catch2/catch.hpp>

using cfy::event::Event;
using cfy::event::from_json;
using nlohmann::json;

namespace {

Event failed_task() {
  Event event;
  event.wall_ms = 1'714'558'830'123;  // 2024-05-01T10:20:30.123Z
  event.event_type = "task_failed";
  event.context.blueprint_id = "shop";
  event.context.deployment_id = "shop-1";
  event.context.execution_id = "e1";
  event.context.workflow_id = "install";
  event.context.node_id = "web_x81k2a";
  event.context.node_name = "web";
  event.context.operation = "cloudify.interfaces.lifecycle.create";
  event.context.task_id = "t7";
  event.context.task_current_retries = 1;
  event.context.task_total_retries = 3;
  event.context.task_error_causes = json::array({{{"message", "port taken"}}});
  event.context.additional = {{"percent", 40}, {"node_id", "is kept"}};
  event.text = "Task failed 'script_runner.tasks.run' -> port taken [retry 1/3]";
  return event;
}

}  // namespace

TEST_CASE("an event's record has Cloudify's keys", "[event]") {
  const json record = to_json(failed_task());
  CHECK(record == json::parse(R"({
    "type": "cloudify_event",
    "event_type": "task_failed",
    "timestamp": "2024-05-01T10:20:30.123Z",
    "message_code": null,
    "message": {"text": "Task failed 'script_runner.tasks.run' -> port taken [retry 1/3]",
                "arguments": null},
    "context": {"blueprint_id": "shop", "deployment_id": "shop-1", "execution_id": "e1",
                "workflow_id": "install", "tenant": {"name": "default_tenant"},
                "node_id": "web_x81k2a", "node_name": "web", "task_id": "t7",
                "operation": "cloudify.interfaces.lifecycle.create",
                "task_current_retries": 1, "task_total_retries": 3,
                "task_error_causes": [{"message": "port taken"}], "percent": 40}
  })"));
}

TEST_CASE("a log's record has a logger and a level instead of an event type", "[event]") {
  Event event;
  event.kind = Event::Kind::log;
  event.level = "warning";
  event.logger = "ctx";
  event.text = "disk is nearly full";
  const json record = to_json(event);
  CHECK(record["type"] == "cloudify_log");
  CHECK(record["level"] == "warning");
  CHECK(record["logger"] == "ctx");
  CHECK_FALSE(record.contains("event_type"));
  CHECK(record["context"] == json{{"tenant", {{"name", "default_tenant"}}}});
}

TEST_CASE("a record reads back as the event it was made of", "[event]") {
  const Event event = failed_task();
  CHECK(to_json(from_json(to_json(event))) == to_json(event));
  CHECK(from_json(to_json(event)).wall_ms == event.wall_ms);
}

TEST_CASE("times read back in every month and in leap years", "[event]") {
  constexpr std::int64_t kDay = 86'400'000;
  Event event;
  for (std::int64_t day = 0; day < 366 * 40; day += 13) {
    event.wall_ms = day * kDay + 12'345;
    REQUIRE(from_json(to_json(event)).wall_ms == event.wall_ms);
  }
}

TEST_CASE("a damaged record leaves its members empty", "[event]") {
  const Event event = from_json(json::parse(
      R"({"timestamp": 5, "context": [], "message": "x", "level": null, "event_type": {}})"));
  CHECK(event.wall_ms == 0);
  CHECK(event.text.empty());
  CHECK(event.event_type.empty());
  CHECK(event.context.task_current_retries == -1);
}

TEST_CASE("bytes that are no text are written so that JSON can hold them", "[event]") {
  Event event;
  event.text = "caf\xff";
  CHECK(to_json(event).dump().find("caf\\\\xff") != std::string::npos);
}
