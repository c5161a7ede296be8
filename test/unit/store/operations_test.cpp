#include "store_fixture.hpp"

using namespace cfy::store;
using cfy::base::ErrorKind;

namespace {

Operation make_operation(std::uint32_t number, std::vector<std::uint32_t> dependencies = {}) {
  Operation operation;
  operation.number = number;
  operation.id = "t" + std::to_string(number);
  operation.type = "operation";
  operation.name = "script_runner.tasks.run";
  operation.dependencies = std::move(dependencies);
  operation.parameters = {{"instance", "web_1"}};
  return operation;
}

struct OperationFixture : StoreFixture {
  Operations& operations() { return store->operations(); }
  GraphId graph = must(store->operations().create_graph("e1", "main", 100));
  OperationKey key{graph, 7};
};

}  // namespace

TEST_CASE("graphs of an execution have names of their own", "[store]") {
  OperationFixture f;
  must(f.operations().create_graph("e1", "second", 200));
  const auto graphs = must(f.operations().list_graphs("e1"));
  REQUIRE(graphs.size() == 2);
  CHECK(graphs[0].name == "main");
  CHECK(graphs[1].created_ms == 200);
  CHECK(error_of(f.operations().create_graph("e1", "main", 1)).kind() == ErrorKind::conflict);
  CHECK(error_of(f.operations().create_graph("zz", "main", 1)).kind() == ErrorKind::not_found);
}

TEST_CASE("operations read back in order of their numbers", "[store]") {
  OperationFixture f;
  must(f.operations().add(f.graph, make_operation(9, {0, 7, 4'294'967'295})));
  must(f.operations().add(f.graph, make_operation(7)));
  const GraphId other = must(f.operations().create_graph("e1", "other", 1));
  must(f.operations().add(other, make_operation(1)));

  const auto all = must(f.operations().list(f.graph));
  REQUIRE(all.size() == 2);
  CHECK(all[0].id == "t7");
  const auto of_execution = must(f.operations().list("e1"));
  REQUIRE(of_execution.size() == 3);
  CHECK(of_execution[2].id == "t1");
  CHECK(must(f.operations().list("zz")).empty());
  CHECK(all[0].dependencies.empty());
  CHECK(all[0].state == "pending");
  CHECK(all[0].result.is_null());
  CHECK(all[1].dependencies == std::vector<std::uint32_t>{0, 7, 4'294'967'295});
  CHECK(all[1].parameters["instance"] == "web_1");
  CHECK(must(f.operations().list(other)).size() == 1);
}

TEST_CASE("an operation goes through its states", "[store]") {
  OperationFixture f;
  must(f.operations().add(f.graph, make_operation(7)));
  must(f.operations().set_state(f.key, "started", 0, 500));
  must(f.operations().set_state(f.key, "rescheduled", 1, 600));
  must(f.operations().set_state(f.key, "started", 1, 700));
  must(f.operations().finish(f.key, {1, "succeeded", {{"a", 1}}, "", 800}));
  const Operation read = must(f.operations().find(f.key)).value();
  CHECK(read.state == "succeeded");
  CHECK(read.attempt == 1);
  CHECK(read.started_ms == 700);
  CHECK(read.ended_ms == 800);
  CHECK(read.result == json{{"a", 1}});
}

TEST_CASE("an operation that has ended stays as it is", "[store]") {
  OperationFixture f;
  must(f.operations().add(f.graph, make_operation(7)));
  must(f.operations().finish(f.key, {0, "failed", nullptr, "exit status 2", 800}));
  const auto error = error_of(f.operations().finish(f.key, {0, "succeeded", nullptr, "", 900}));
  CHECK(error.kind() == ErrorKind::conflict);
  CHECK(error.message() == "operation t7 is failed in attempt 0 by now; attempt 0 came too late");
  CHECK(must(f.operations().find(f.key))->error == "exit status 2");
}

TEST_CASE("the result of an attempt that was given up is not taken", "[store]") {
  OperationFixture f;
  must(f.operations().add(f.graph, make_operation(7)));
  must(f.operations().set_state(f.key, "started", 1, 500));
  CHECK(error_of(f.operations().finish(f.key, {0, "succeeded", nullptr, "", 900})).kind() ==
        ErrorKind::conflict);
}

TEST_CASE("what a resume finds a task by is kept", "[store]") {
  OperationFixture f;
  Operation row = make_operation(7);
  row.task_key = "operation web_1 create";
  row.subgraph = 3;
  row.batch = 2;
  row.is_late = row.is_for_this_run = true;
  must(f.operations().add(f.graph, row));
  const Operation read = must(f.operations().find(f.key)).value();
  CHECK(read.task_key == "operation web_1 create");
  CHECK(read.subgraph == 3);
  CHECK(read.batch == 2);
  CHECK(read.is_late);
  CHECK(read.is_for_this_run);
}

TEST_CASE("an attempt that ended is to be judged once", "[store]") {
  OperationFixture f;
  must(f.operations().add(f.graph, make_operation(7)));
  must(f.operations().set_state(f.key, "started", 1, 500));
  must(f.operations().respond(f.key, {1, "", 5, "", 800}));
  const Operation read = must(f.operations().find(f.key)).value();
  CHECK(read.state == "responded");
  CHECK(read.result == 5);
  CHECK(error_of(f.operations().respond(f.key, {1, "", 6, "", 900})).kind() == ErrorKind::conflict);
  must(f.operations().finish(f.key, {1, "succeeded", 5, "", 900}));
}

TEST_CASE("the end of a subgraph may come anew", "[store]") {
  OperationFixture f;
  must(f.operations().add(f.graph, make_operation(7)));
  must(f.operations().finish(f.key, {0, "failed", nullptr, "a member failed", 800}));
  must(f.operations().finish_again(f.key, {1, "succeeded", nullptr, "", 900}));
  const Operation read = must(f.operations().find(f.key)).value();
  CHECK(read.state == "succeeded");
  CHECK(read.error.empty());
  CHECK(read.attempt == 1);
}

TEST_CASE("a reset operation may run again", "[store]") {
  OperationFixture f;
  must(f.operations().add(f.graph, make_operation(7)));
  must(f.operations().set_state(f.key, "started", 3, 500));
  must(f.operations().finish(f.key, {3, "failed", 5, "no", 800}));
  must(f.operations().reset(f.key));
  const Operation read = must(f.operations().find(f.key)).value();
  CHECK(read.state == "pending");
  CHECK(read.attempt == 0);
  CHECK(read.error.empty());
  CHECK(read.result.is_null());
  CHECK_FALSE(read.started_ms.has_value());
}

TEST_CASE("where operations run is known until they end", "[store]") {
  OperationFixture f;
  must(f.store->executions().create(make_execution("e2")));
  for (const std::uint32_t number : {7U, 8U})
    must(f.operations().add(f.graph, make_operation(number)));
  CHECK(must(f.operations().executions_with_calls("shop-1")).empty());
  must(f.operations().begin_call({f.graph, 7}, {100, 5, 6}));
  must(f.operations().begin_call({f.graph, 8}, {101, 7, 8}));
  must(f.operations().begin_call({f.graph, 8}, {102, 9, 10}));  // another try
  const auto calls = must(f.operations().list_calls("e1"));
  REQUIRE(calls.size() == 2);
  CHECK(calls[0].first.id == "t7");
  CHECK(calls[1].second.worker_pid == 102);
  CHECK(calls[1].second.worker_started_ticks == 9);
  CHECK(calls[1].second.began_ticks == 10);
  CHECK(must(f.operations().list_calls("e2")).empty());
  CHECK(must(f.operations().executions_with_calls("shop-1")) == std::vector<std::string>{"e1"});
  must(f.operations().end_call({f.graph, 7}));
  must(f.operations().end_call({f.graph, 7}));  // as often as one likes
  CHECK(must(f.operations().list_calls("e1")).size() == 1);
  must(f.operations().forget_calls("e2"));
  CHECK(must(f.operations().list_calls("e1")).size() == 1);
  must(f.operations().forget_calls("e1"));
  CHECK(must(f.operations().list_calls("e1")).empty());
}

TEST_CASE("subgraphs that lie in each other are damage, as is what is no number", "[store]") {
  for (const std::vector<std::uint32_t>& ring : {std::vector{7U}, std::vector{7U, 8U, 9U}}) {
    OperationFixture f;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      Operation operation = make_operation(ring[i]);
      operation.subgraph = ring[(i + 1) % ring.size()];
      must(f.operations().add(f.graph, operation));
    }
    const auto error = error_of(f.operations().list(f.graph));
    CHECK(error.kind() == ErrorKind::state);
    CHECK(error.message().find("lie in each other") != std::string::npos);
  }
  OperationFixture f;
  Operation chain = make_operation(7);
  chain.subgraph = 8;
  must(f.operations().add(f.graph, chain));
  chain.number = 8;
  chain.subgraph = 99;  // not there
  must(f.operations().add(f.graph, chain));
  CHECK(must(f.operations().list(f.graph)).size() == 2);
}

TEST_CASE("a task is found by the id that events show", "[store]") {
  OperationFixture f;
  Operation operation = make_operation(7);
  operation.id = "e1-7";
  must(f.operations().add(f.graph, operation));
  const auto found = must(f.operations().find_task("e1", "e1-7"));
  REQUIRE(found.has_value());
  CHECK(found->first.number == 7);
  for (const char* id : {"e1-8", "e2-7", "7", ""})
    CHECK_FALSE(must(f.operations().find_task("e1", id)).has_value());
  CHECK_FALSE(must(f.operations().find_task("e2", "e1-7")).has_value());
}

TEST_CASE("an undo is found until it is used up, its members as well", "[store]") {
  OperationFixture f;
  Operation undo = make_operation(7), member = make_operation(8), other = make_operation(9);
  member.subgraph = 7;
  other.subgraph = 3;
  for (Operation* one : {&undo, &member, &other}) {
    one->is_for_this_run = one->is_undo = true;
    must(f.operations().add(f.graph, *one));
  }
  must(f.operations().use_up_undo(f.key));
  const auto rows = must(f.operations().list(f.graph));
  CHECK_FALSE(rows[0].is_undo);
  CHECK_FALSE(rows[1].is_undo);
  CHECK(rows[2].is_undo);
  CHECK(rows[1].is_for_this_run);
}

TEST_CASE("an operation that is not there is not changed silently", "[store]") {
  OperationFixture f;
  CHECK(error_of(f.operations().set_state(f.key, "started", 0, 1)).kind() == ErrorKind::not_found);
  CHECK(error_of(f.operations().finish(f.key, {})).kind() == ErrorKind::not_found);
  CHECK(error_of(f.operations().respond(f.key, {})).kind() == ErrorKind::not_found);
  CHECK(error_of(f.operations().finish_again(f.key, {})).kind() == ErrorKind::not_found);
  CHECK(error_of(f.operations().reset(f.key)).kind() == ErrorKind::not_found);
  CHECK_FALSE(must(f.operations().find(f.key)).has_value());
}
