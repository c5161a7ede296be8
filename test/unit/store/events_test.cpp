#include "store_fixture.hpp"

using namespace cfy::store;
using cfy::base::ErrorKind;
using cfy::event::Event;

namespace {

Event make_event(const std::string& text, const std::string& execution_id = "e1") {
  Event event;
  event.wall_ms = 77;
  event.event_type = "workflow_stage";
  event.text = text;
  event.context.execution_id = execution_id;
  return event;
}

}  // namespace

TEST_CASE("events read back whole, with what their execution knows", "[store]") {
  StoreFixture f;
  Event event = make_event("x");
  cfy::event::Context& c = event.context;
  event.event_type = "task_failed";
  c.node_id = "web_1", c.node_name = "web", c.operation = "i.create", c.plugin = "script";
  c.task_id = "t1", c.task_name = "run", c.task_target = "local", c.task_queue = "q";
  c.source_id = "a_1", c.source_name = "a", c.target_id = "b_1", c.target_name = "b";
  c.task_current_retries = 2, c.task_total_retries = -1;
  c.task_error_causes = json::array({{{"message", "m"}}});
  c.additional = {{"percent", 40}};
  must(f.store->events().append({&event, 1}));

  const auto read = must(f.store->events().read_after("e1", 0, 10));
  REQUIRE(read.size() == 1);
  c.workflow_id = "install", c.deployment_id = "shop-1", c.blueprint_id = "shop";
  CHECK(to_json(read[0].event) == to_json(event));
}

TEST_CASE("logs keep their level and logger", "[store]") {
  StoreFixture f;
  Event log = make_event("hello");
  log.kind = Event::Kind::log;
  log.event_type.clear();
  log.level = "info", log.logger = "ctx";
  must(f.store->events().append({&log, 1}));
  const Event read = must(f.store->events().read_after("e1", 0, 10)).at(0).event;
  CHECK(read.kind == Event::Kind::log);
  CHECK(read.level == "info");
  CHECK(read.logger == "ctx");
  CHECK(read.context.task_current_retries == -1);
}

TEST_CASE("a follower in another process reads on where it stopped", "[store]") {
  StoreFixture f;
  must(f.store->executions().create(make_execution("e2")));
  const auto follower = f.open_another();
  const std::vector<Event> first = {make_event("1"), make_event("other", "e2"), make_event("2")};
  must(f.store->events().append(first));
  auto read = must(follower->events().read_after("e1", 0, 1));
  REQUIRE(read.size() == 1);
  CHECK(read[0].event.text == "1");
  const Event third = make_event("3");
  must(f.store->events().append({&third, 1}));
  read = must(follower->events().read_after("e1", read[0].sequence, 10));
  REQUIRE(read.size() == 2);
  CHECK(read[0].event.text == "2");
  CHECK(read[1].event.text == "3");
  CHECK(must(follower->events().read_after("e1", read[1].sequence, 10)).empty());
}

TEST_CASE("events of an unknown execution are refused, all of the batch", "[store]") {
  StoreFixture f;
  const std::vector<Event> events = {make_event("1"), make_event("2", "zz")};
  CHECK(error_of(f.store->events().append(events)).kind() == ErrorKind::not_found);
  CHECK(must(f.store->events().read_after("e1", 0, 10)).empty());
}

TEST_CASE("one transaction holds states, deltas and events of a turn", "[store]") {
  StoreFixture f;
  const std::vector<NodeInstance> instances = {make_instance("web_1")};
  must(f.store->node_instances().create(instances));
  const auto other = f.open_another();
  const Event event = make_event("1");
  const auto turn = [&] {
    must(f.store->events().append({&event, 1}));
    must(f.store->node_instances().apply({"shop-1", "web_1", 1, {{"a", 1}}, {}, ""}));
    must(f.store->executions().start("e1", this_runner(), 1));
  };
  {
    const Transaction dropped = must(f.store->begin());
    turn();
    CHECK(must(other->executions().status("e1")) == "pending");
  }
  CHECK(must(f.store->events().read_after("e1", 0, 10)).empty());
  CHECK(must(f.store->executions().status("e1")) == "pending");

  Transaction kept = must(f.store->begin());
  turn();
  CHECK(must(other->events().read_after("e1", 0, 10)).empty());
  must(kept.commit());
  CHECK(must(other->events().read_after("e1", 0, 10)).size() == 1);
  CHECK(must(other->executions().status("e1")) == "started");
}
