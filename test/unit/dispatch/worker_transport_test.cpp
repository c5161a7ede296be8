// What only processes can promise: hostile operations cost their own call, and nothing is left.
#include "dispatch/worker_transport.hpp"

#include <signal.h>

#include "base/text.hpp"
#include "dispatch/call_groups.hpp"
#include "process/process_table.hpp"
#include "process/termination.hpp"
#include "transport_fixture.hpp"

namespace {

using cfy::dispatch::CallId;
using cfy::dispatch::Status;
using cfy::dispatch::StopMode;
using cfy::test::Subprocess;
using Fixture = cfy::test::TransportFixture<Subprocess>;
using nlohmann::json;

// Waits until no process of the group runs any more.
void require_gone(pid_t group) {
  auto loop = std::move(cfy::process::Loop::make()).value();
  cfy::process::ProcessScanner scanner(*loop, "NONE");
  const cfy::process::Termination wait(*loop, scanner, cfy::process::these_groups({group}),
                                       std::chrono::seconds(20), [&] { loop->stop(); });
  loop->run();
  for (const auto& entry : cfy::process::list_processes())
    if (entry.group == group) CHECK(entry.is_zombie);
}

TEST_CASE_METHOD(Fixture, "a crash costs its call and says so; the next has a fresh worker",
                 "[worker_transport]") {
  const json before = run("pid").value;
  const auto result = run("segfault");
  CHECK(result.status == Status::recoverable);
  CHECK(result.error.type == "WorkerDied");
  CHECK(result.error.message == "the operation crashed: segmentation fault (SIGSEGV)");
  CHECK(run("pid").value != before);
}

TEST_CASE_METHOD(Fixture, "the last words of a crash are kept", "[worker_transport]") {
  const CallId call = start("abort");
  const auto result = sink.wait_for(call);
  CHECK(result.error.message == "the operation crashed: aborted (SIGABRT)");
  // Twice when the worker died after it had told them and before it had taken them from the pipe.
  const auto words = sink.words(call);
  CHECK((words.size() == 1 || words.size() == 2));
  for (const std::string& word : words)
    CHECK(word == "info: assertion of a plugin");
}

TEST_CASE_METHOD(Fixture, "the last words of a crash are whole, though their line had begun before",
                 "[worker_transport]") {
  const CallId call = start("abort_inside_line", {{"gate", fifo("gate").path()}});
  CHECK(sink.wait_for_words(call) == std::vector<std::string>{"info: a line"});
  fifo("gate").open_gate();
  // With the line before it once more, when the worker died before it had taken that from the pipe.
  const std::string output = sink.wait_for(call).error.output;
  CHECK((output == "terminated by a plugin" || output == "a line\nterminated by a plugin"));
  CHECK(sink.words(call).back() == "info: terminated by a plugin");
}

TEST_CASE_METHOD(Fixture, "a crash inside a long line shows its end, and no half in its report",
                 "[worker_transport]") {
  const CallId call = start("abort_inside_long_line");
  CHECK(sink.wait_for(call).error.output.size() < 100'000);
  const auto words = sink.words(call);
  REQUIRE_FALSE(words.empty());
  CHECK(words.back().ends_with("x the end"));
}

TEST_CASE_METHOD(Fixture, "a line that is too long for a message comes in pieces",
                 "[worker_transport]") {
  const CallId call = start("print_long_line", {{"bytes", 150'000}});
  CHECK(sink.wait_for(call).status == Status::ok);
  std::string printed;
  std::vector<std::string> logged;
  for (const std::string& word : sink.words(call))
    if (word.find('<') != std::string::npos)
      logged.push_back(word);
    else
      printed += word;
  CHECK(logged == std::vector<std::string>{"info: <out> first ...", "info: <out> last"});
  CHECK(std::count(printed.begin(), printed.end(), 'x') == 150'000);
  CHECK(std::count(printed.begin(), printed.end(), ':') == 3);
  CHECK_FALSE(printed.ends_with(" ..."));
}

TEST_CASE_METHOD(Fixture, "what an operation had set counts when its worker dies",
                 "[worker_transport]") {
  const auto result = run("set_then_die");
  CHECK(result.error.type == "WorkerDied");
  REQUIRE(result.deltas.size() == 1);
  CHECK(result.deltas[0].instance_id == "web_1");
  CHECK(result.deltas[0].set == json{{"got", "so far"}});
}

TEST_CASE_METHOD(Fixture, "what was stored already does not count again when its worker dies",
                 "[worker_transport]") {
  const auto result = run("set_then_die", {{"store", true}});
  CHECK(result.error.type == "WorkerDied");
  CHECK(result.deltas.empty());
}

TEST_CASE_METHOD(Fixture, "an operation that ends its process did not succeed",
                 "[worker_transport]") {
  const auto result = run("exit");
  CHECK(result.status == Status::recoverable);
  CHECK(result.error.message ==
        "the operation ended its process before it was done: exit status 0");
}

TEST_CASE_METHOD(Fixture, "workers are reused", "[worker_transport]") {
  const json first = run("pid").value;
  CHECK(run("pid").value == first);
}

TEST_CASE_METHOD(Fixture, "what an operation prints is its log, not a message",
                 "[worker_transport]") {
  const CallId call = start("print");
  CHECK(sink.wait_for(call).status == Status::ok);
  auto words = sink.words(call);
  std::sort(words.begin(), words.end());  // two streams
  CHECK(words == std::vector<std::string>{"info: no end of line", "info: to stderr",
                                          "info: {\"type\":\"quit\"}"});
}

TEST_CASE_METHOD(Fixture, "megabytes of output neither block nor get lost", "[worker_transport]") {
  const CallId call = start("print_much", {{"lines", 10'000}});
  CHECK(sink.wait_for(call).status == Status::ok);
  const auto words = sink.words(call);
  REQUIRE(words.size() == 10'000);
  for (std::size_t i = 0; i < words.size(); i += 1999)
    CHECK(words[i] == fmt::format("info: {:07} {:056}", i, 0));
}

TEST_CASE_METHOD(Fixture, "garbage on the socket ends the worker", "[worker_transport]") {
  const auto result = run("garbage");
  CHECK(result.status == Status::recoverable);
  CHECK(
      result.error.message ==
      "the operation disturbed its worker: not a message of the protocol (it is not JSON): what is "
      "this");
  CHECK(run("echo").status == Status::ok);
}

TEST_CASE_METHOD(Fixture, "half a message is none", "[worker_transport]") {
  CHECK(run("half_a_line_then_die").error.message ==
        "the operation ended its process before it was done: exit status 3");
}

TEST_CASE_METHOD(Fixture, "an operation that closes the connection is ended",
                 "[worker_transport]") {
  CHECK(run("close_connection").error.message ==
        "the operation closed its worker's connection to the runner");
}

TEST_CASE_METHOD(Fixture, "a worker that dies between two calls costs neither",
                 "[worker_transport]") {
  use_capacity(1);
  CHECK(run("die_after_result", {{"gate", fifo("gate").path()}}).status == Status::ok);
  fifo("gate").open_gate();
  CHECK(run("echo").status == Status::ok);
}

TEST_CASE_METHOD(Fixture, "an operation that ignores SIGTERM is killed after the grace",
                 "[worker_transport]") {
  const CallId call = start("hang_deaf", {{"here", fifo("here").path()}});
  const pid_t pid = std::stoi(fifo("here").read_line());
  transport().kill(call);
  CHECK(sink.wait_for(call).status == Status::cancelled);
  CHECK(::kill(pid, 0) != 0);
}

TEST_CASE_METHOD(Fixture, "killing a call ends the script that it runs, its children too",
                 "[worker_transport]") {
  const CallId call = start("hang_in_script", {{"here", fifo("here").path()}});
  const pid_t script = std::stoi(fifo("here").read_line());
  transport().kill(call);
  CHECK(sink.wait_for(call).status == Status::cancelled);
  require_gone(script);
}

TEST_CASE_METHOD(Fixture, "killing a call ends a daemon in a session of its own",
                 "[worker_transport]") {
  const CallId call = start("hang_with_daemon", {{"here", fifo("here").path()}});
  const pid_t daemon = std::stoi(fifo("here").read_line());
  transport().kill(call);
  CHECK(sink.wait_for(call).status == Status::cancelled);
  require_gone(daemon);
}

TEST_CASE_METHOD(Fixture, "a daemon of an operation that crashed is ended", "[worker_transport]") {
  const CallId call = start("hang_with_daemon", {{"here", fifo("here").path()}});
  const pid_t daemon = std::stoi(fifo("here").read_line());
  const auto table = cfy::process::ProcessTable::read(cfy::dispatch::kCallVariable);
  REQUIRE(cfy::dispatch::parse_call_mark(table.mark_of(*table.find(daemon))).has_value());
  for (const auto& entry : table.entries())
    if (entry.parent == ::getpid() && entry.pid == entry.session && entry.pid != daemon)
      ::kill(entry.pid, SIGKILL);
  CHECK(sink.wait_for(call).error.message == "the operation crashed: killed (SIGKILL)");
  require_gone(daemon);
}

TEST_CASE_METHOD(Fixture, "what an operation says and sets when its script is ended counts",
                 "[worker_transport]") {
  const CallId call = start("hang_in_tidy_script", {{"here", fifo("here").path()}});
  fifo("here").read_line();
  transport().kill(call);
  const auto result = sink.wait_for(call);
  CHECK(result.status == Status::cancelled);
  CHECK(result.error.type == "ProcessKillCancelled");
  CHECK(sink.words(call) == std::vector<std::string>{"info: tidied up"});
  REQUIRE(result.deltas.size() == 1);
  CHECK(result.deltas[0].set == json{{"tidy", true}});
}

TEST_CASE_METHOD(Fixture, "a timeout without a runner keeps what the operation has set",
                 "[worker_transport]") {
  fifo("orphans");
  auto hanging = request("hang_in_tidy_script", {{"here", fifo("here").path()}});
  hanging.timeout_s = 2;
  start(hanging);
  fifo("here").read_line();
  transport().stop(StopMode::detach);
  destroy_transport();
  const json orphan = json::parse(fifo("orphans").read_line());
  CHECK(orphan["error"]["type"] == "TimeoutException");
  REQUIRE(orphan["deltas"].size() == 1);
  CHECK(orphan["deltas"][0]["set"] == json{{"tidy", true}});
}

TEST_CASE_METHOD(Fixture, "the script of a worker that crashed is ended", "[worker_transport]") {
  const CallId call = start("hang_in_script", {{"here", fifo("here").path()}});
  const pid_t script = std::stoi(fifo("here").read_line());
  const auto entry = cfy::process::find_process(script);
  REQUIRE(entry);
  ::kill(entry->parent, SIGKILL);
  CHECK(sink.wait_for(call).error.message == "the operation crashed: killed (SIGKILL)");
  require_gone(script);
}

TEST_CASE_METHOD(Fixture, "a server that an earlier operation left running survives a kill",
                 "[worker_transport]") {
  use_capacity(1);
  const auto server = run("start_server").value.get<pid_t>();
  const auto after_start = cfy::process::now_ticks();
  while (cfy::process::now_ticks() <= after_start) {  // the next call begins in a later tick
  }
  const CallId call = start("hang", {{"here", fifo("here").path()}});
  fifo("here").read_line();
  transport().kill(call);
  sink.wait_for(call);
  CHECK(::kill(server, 0) == 0);
  ::kill(server, SIGKILL);
}

TEST_CASE_METHOD(Fixture, "a worker finishes and records what a detached runner cannot",
                 "[worker_transport]") {
  // The recorder appends to a named pipe, so that the test can wait for it.
  fifo("orphans");
  const CallId confirmed = start("pid");
  sink.wait_for(confirmed);
  transport().confirm(confirmed);
  const json inputs{{"here", fifo("here").path()}, {"gate", fifo("gate").path()}};
  start("meet", inputs);
  fifo("here").read_line();
  transport().stop(StopMode::detach);
  destroy_transport();
  fifo("gate").open_gate();
  const json orphan = json::parse(fifo("orphans").read_line());
  CHECK(orphan["task_id"] == "task_of_meet");
  CHECK(orphan["status"] == "ok");
}

TEST_CASE_METHOD(Fixture, "a result that nobody confirmed is recorded when the runner has gone",
                 "[worker_transport]") {
  fifo("orphans");
  const CallId call = start("echo", {{"a", 1}});
  sink.wait_for(call);
  transport().stop(StopMode::detach);
  destroy_transport();
  const json orphan = json::parse(fifo("orphans").read_line());
  CHECK(orphan["task_id"] == "task_of_echo");
  CHECK(orphan["value"] == json{{"a", 1}});
}

TEST_CASE_METHOD(Fixture, "a timeout holds also when the runner has gone", "[worker_transport]") {
  fifo("orphans");
  auto hanging = request("hang", {{"here", fifo("here").path()}});
  hanging.timeout_s = 3;
  start(hanging);
  const pid_t pid = std::stoi(fifo("here").read_line());
  transport().stop(StopMode::detach);
  destroy_transport();
  const json orphan = json::parse(fifo("orphans").read_line());
  CHECK(orphan["error"]["type"] == "TimeoutException");
  require_gone(pid);
}

TEST_CASE_METHOD(Fixture, "no process is left when the transport has gone", "[worker_transport]") {
  const auto pid = run("pid").value.get<pid_t>();
  start("hang", {{"here", fifo("here").path()}});
  const pid_t hanging = std::stoi(fifo("here").read_line());
  destroy_transport();
  CHECK(::kill(pid, 0) != 0);
  CHECK(::kill(hanging, 0) != 0);
}

TEST_CASE("a worker program that does not exist fails the call", "[worker_transport]") {
  cfy::test::RecordingSink sink;
  const auto transport =
      std::move(cfy::dispatch::WorkerTransport::make({.argv = {"/nowhere/cfy-run", "worker"}}))
          .value();
  transport->start(CallId{1}, Fixture::request("echo"), sink);
  transport->start(CallId{2}, Fixture::request("echo"), sink);
  CHECK(sink.wait_for(CallId{1}).error.message ==
        "no worker for the operation: cannot start '/nowhere/cfy-run': no such program");
  CHECK(sink.wait_for(CallId{2}).status == Status::failed);
}

TEST_CASE("a worker that ends before it is ready costs one attempt", "[worker_transport]") {
  cfy::test::RecordingSink sink;
  const auto transport = std::move(cfy::dispatch::WorkerTransport::make(
                                       {.argv = {"/bin/sh", "-c", "echo sorry; exit 7"}}))
                             .value();
  transport->start(CallId{1}, Fixture::request("echo"), sink);
  const auto result = sink.wait_for(CallId{1});
  CHECK(result.status == Status::recoverable);
  CHECK(result.error.message == "the worker '/bin/sh' ended before it was ready: exit status 7");
  CHECK(result.error.output == "sorry");
}

}  // namespace
