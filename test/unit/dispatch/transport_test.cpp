// What every transport promises, run on each of them.
#include "dispatch/transport.hpp"

#include "transport_fixture.hpp"

namespace {

using cfy::dispatch::CallId;
using cfy::dispatch::Status;
using cfy::dispatch::StopMode;
using cfy::test::InProcess;
using cfy::test::Subprocess;
using cfy::test::TransportFixture;
using nlohmann::json;

TEMPLATE_TEST_CASE("an operation's value comes back", "[transport]", InProcess, Subprocess) {
  TransportFixture<TestType> f;
  const auto result = f.run("echo", {{"text", "ä"}, {"list", {1, 2.5, nullptr}}});
  CHECK(result.status == Status::ok);
  CHECK(result.value == json{{"text", "ä"}, {"list", {1, 2.5, nullptr}}});
  CHECK(result.deltas.empty());
}

TEMPLATE_TEST_CASE("logs and events arrive in order and before the result", "[transport]",
                   InProcess, Subprocess) {
  TransportFixture<TestType> f;
  const CallId call = f.start("talk");
  f.sink.wait_for(call);
  CHECK(f.sink.words(call) ==
        std::vector<std::string>{"warning: one", "event: two", "info: three \\xff"});
}

TEMPLATE_TEST_CASE("changed runtime properties come as a delta of the version that was read",
                   "[transport]", InProcess, Subprocess) {
  TransportFixture<TestType> f;
  const auto result =
      f.run("set_properties", {{"properties", {{"kept", 1}, {"deep", {{"a", 2}}}, {"new", "x"}}}});
  REQUIRE(result.deltas.size() == 1);
  CHECK(result.deltas[0].instance_id == "web_1");
  CHECK(result.deltas[0].version == 7);
  CHECK(result.deltas[0].set == json{{"deep", {{"a", 2}}}, {"new", "x"}});
  CHECK(result.deltas[0].removed == std::vector<std::string>{"dropped"});
}

TEMPLATE_TEST_CASE("runtime properties of an operation that failed count", "[transport]", InProcess,
                   Subprocess) {
  TransportFixture<TestType> f;
  const auto result = f.run("set_properties", {{"properties", {{"left", true}}}, {"fail", true}});
  CHECK(result.status == Status::failed);
  CHECK(result.error.type == "NonRecoverableError");
  CHECK(result.error.message == "cannot go on");
  REQUIRE(result.deltas.size() == 1);
  CHECK(result.deltas[0].set == json{{"left", true}});
}

TEMPLATE_TEST_CASE("the instances of the node are told while the operation runs", "[transport]",
                   InProcess, Subprocess) {
  TransportFixture<TestType> f;
  const CallId call = f.start("siblings");
  CHECK(f.sink.wait_for(call).value ==
        json::array({{{"id", "web_1"}, {"index", 1}, {"state", "started"}}}));
  CHECK(f.sink.words(call) == std::vector<std::string>{"instances of web"});
}

TEMPLATE_TEST_CASE("an exception that nobody foresaw is recoverable", "[transport]", InProcess,
                   Subprocess) {
  TransportFixture<TestType> f;
  const auto result = f.run("throw");
  CHECK(result.status == Status::recoverable);
  CHECK(result.error.message == "thrown");
}

TEMPLATE_TEST_CASE("a wish to be run again keeps its delay", "[transport]", InProcess, Subprocess) {
  TransportFixture<TestType> f;
  const auto result = f.run("retry");
  CHECK(result.status == Status::retry);
  CHECK(result.retry_after_s == 1.5);
  CHECK(result.error.message == "not yet");
}

TEMPLATE_TEST_CASE("as many operations as the capacity run at a time", "[transport]", InProcess,
                   Subprocess) {
  TransportFixture<TestType> f;
  const json inputs{{"here", f.fifo("here").path()}, {"gate", f.fifo("gate").path()}};
  std::vector<CallId> calls;
  for (int i = 0; i < 4; ++i)
    calls.push_back(f.start("meet", inputs));
  for (int i = 0; i < 4; ++i)
    f.fifo("here").read_line();
  const CallId fifth = f.start("echo");
  CHECK(f.sink.result_count() == 0);
  f.fifo("gate").open_gate();
  f.sink.wait_for(fifth);  // there was a place for it
  for (int i = 0; i < 3; ++i)
    f.fifo("gate").open_gate();
  for (const CallId call : calls)
    CHECK(f.sink.wait_for(call).status == Status::ok);
}

TEMPLATE_TEST_CASE("calls above the capacity start in their order", "[transport]", InProcess,
                   Subprocess) {
  TransportFixture<TestType> f;
  f.use_capacity(1);
  std::vector<CallId> calls;
  for (int i = 0; i < 20; ++i)
    calls.push_back(f.start("echo"));
  f.sink.wait_for(calls.back());
  CHECK(f.sink.order() == calls);
}

TEMPLATE_TEST_CASE("a large value and a large input pass", "[transport]", InProcess, Subprocess) {
  TransportFixture<TestType> f;
  const std::size_t size = std::size_t{2} << 20U;
  const json value = f.run("large_value", {{"bytes", size}}).value;
  CHECK(value == json(std::string(size, 'x')));
  const json inputs{{"text", std::string(size, 'y')}};
  CHECK(f.run("echo", inputs).value == inputs);
}

TEMPLATE_TEST_CASE("operations hear of a cancel and are not ended by it", "[transport]", InProcess,
                   Subprocess) {
  TransportFixture<TestType> f;
  const CallId call = f.start("wait_for_cancel", {{"here", f.fifo("here").path()}});
  f.fifo("here").read_line();
  f.transport().announce_cancel();
  CHECK(f.sink.wait_for(call).status == Status::cancelled);
  // Those that start later hear of it too.
  const CallId later = f.start("wait_for_cancel", {{"here", f.fifo("here").path()}});
  CHECK(f.sink.wait_for(later).status == Status::cancelled);
}

TEMPLATE_TEST_CASE("a killed call says that it was killed, and the next one runs", "[transport]",
                   InProcess, Subprocess) {
  TransportFixture<TestType> f;
  const CallId call = f.start("wait_for_cancel", {{"here", f.fifo("here").path()}});
  f.fifo("here").read_line();
  f.transport().kill(call);
  const auto result = f.sink.wait_for(call);
  CHECK(result.status == Status::cancelled);
  CHECK(result.error.message == "the operation was killed");
  CHECK(f.run("echo").status == Status::ok);
}

TEMPLATE_TEST_CASE("a call that waits in the queue can be killed", "[transport]", InProcess,
                   Subprocess) {
  TransportFixture<TestType> f;
  f.use_capacity(1);
  const CallId running = f.start("wait_for_cancel", {{"here", f.fifo("here").path()}});
  f.fifo("here").read_line();
  const CallId waiting = f.start("echo");
  f.transport().kill(waiting);
  CHECK(f.sink.wait_for(waiting).error.message == "the operation was killed before it started");
  f.transport().announce_cancel();
  f.sink.wait_for(running);
}

TEMPLATE_TEST_CASE("a timeout ends the call, recoverable or not as the request says", "[transport]",
                   InProcess, Subprocess) {
  TransportFixture<TestType> f;
  auto request = f.request("wait_for_cancel", {{"here", f.fifo("here").path()}});
  request.timeout_s = 0.2;
  request.timeout_recoverable = GENERATE(false, true);
  const auto result = f.sink.wait_for(f.start(request));
  CHECK(result.status == (request.timeout_recoverable ? Status::recoverable : Status::failed));
  CHECK(result.error.type == "TimeoutException");
  CHECK(result.error.message == "the operation did not end within 0.2 seconds and was killed");
}

TEMPLATE_TEST_CASE("after a stop that kills, every call has a result", "[transport]", InProcess,
                   Subprocess) {
  TransportFixture<TestType> f;
  f.use_capacity(2);
  const json inputs{{"here", f.fifo("here").path()}};
  std::vector<CallId> calls;
  for (int i = 0; i < 4; ++i)
    calls.push_back(f.start("wait_for_cancel", inputs));
  f.fifo("here").read_line();
  f.transport().stop(StopMode::kill);
  calls.push_back(f.start("echo"));
  for (const CallId call : calls)
    CHECK(f.sink.wait_for(call).status == Status::cancelled);
}

TEMPLATE_TEST_CASE("after a stop that detaches, no result comes", "[transport]", InProcess,
                   Subprocess) {
  TransportFixture<TestType> f;
  f.use_capacity(1);
  f.start("meet", {{"here", f.fifo("here").path()}, {"gate", f.fifo("gate").path()}});
  f.start("echo");
  f.fifo("here").read_line();
  f.transport().stop(StopMode::detach);
  f.start("echo");
  f.destroy_transport();
  CHECK(f.sink.result_count() == 0);
  f.fifo("gate").open_gate();  // what was let go of ends by itself, and leaves no process
}

}  // namespace
