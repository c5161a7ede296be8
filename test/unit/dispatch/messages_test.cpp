// The lines between runner and worker, word for word as README.md documents them: programs in other
// languages are written from that page.
#include "dispatch/messages.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace cfy::dispatch;  // NOLINT: these are tests of the whole vocabulary

template <typename Message>
void check_worker_line(const Message& message, const std::string& line) {
  CHECK(to_line(WorkerMessage(message)) == line);
  const auto parsed = parse_worker_line(line);
  REQUIRE(parsed);
  REQUIRE(std::holds_alternative<Message>(*parsed));
  CHECK(to_line(*parsed) == line);
}

template <typename Message>
void check_runner_line(const Message& message, const std::string& line) {
  CHECK(to_line(RunnerMessage(message)) == line);
  const auto parsed = parse_runner_line(line);
  REQUIRE(parsed);
  REQUIRE(std::holds_alternative<Message>(*parsed));
  CHECK(to_line(*parsed) == line);
}

TEST_CASE("the worker's lines are as documented", "[messages]") {
  check_worker_line(HelloMessage{42}, R"({"pid":42,"type":"hello","v":1})");
  check_worker_line(StartedMessage{CallId{7}}, R"({"call":7,"type":"started"})");
  check_worker_line(Of<LogMessage>{CallId{7}, {"info", "ctx", "text"}},
                    R"({"call":7,"level":"info","logger":"ctx","text":"text","type":"log"})");
  using Piece = LogMessage::Piece;
  check_worker_line(
      Of<LogMessage>{CallId{7}, {"info", "ctx", "text", Piece::more, "<out> "}},
      R"({"call":7,"lead":"<out> ","level":"info","logger":"ctx","piece":"more","text":"text","type":"log"})");
  check_worker_line(
      Of<LogMessage>{CallId{7}, {"info", "output", "text", Piece::last}},
      R"({"call":7,"lead":"","level":"info","logger":"output","piece":"last","text":"text","type":"log"})");
  check_worker_line(Of<EventMessage>{CallId{7}, {"text"}},
                    R"({"call":7,"text":"text","type":"event"})");
  check_worker_line(
      Of<Delta>{CallId{7}, {"a_1", 3, {{"k", 1}}, {"gone"}}},
      R"({"call":7,"delta":{"instance_id":"a_1","removed":["gone"],"set":{"k":1},"version":3},"type":"delta"})");
  check_worker_line(Of<InstancesRequest>{CallId{7}, {"web"}},
                    R"({"call":7,"node_id":"web","type":"instances"})");
  check_worker_line(
      Of<OperationResult>{CallId{7}, OperationResult{}},
      R"({"call":7,"result":{"deltas":[],"status":"ok","v":1,"value":null},"type":"result"})");
}

TEST_CASE("the runner's lines are as documented", "[messages]") {
  check_runner_line(CancelMessage{}, R"({"type":"cancel"})");
  check_runner_line(ConfirmMessage{CallId{7}}, R"({"call":7,"type":"confirm"})");
  check_runner_line(QuitMessage{}, R"({"type":"quit"})");
  check_runner_line(
      InstancesMessage{CallId{7}, {"", json::array({{{"id", "web_1"}}})}},
      R"({"answer":{"instances":[{"id":"web_1"}],"message":""},"call":7,"type":"instances"})");
  OperationRequest request;
  request.function = "module.function";
  const std::string line = to_line(RunnerMessage(RunMessage{CallId{7}, request}));
  const json parsed = json::parse(line);
  CHECK(parsed["type"] == "run");
  CHECK(parsed["call"] == 7);
  CHECK(parsed["request"] == to_json(request));
  CHECK(parse_runner_line(line));
}

TEST_CASE("what is no message is refused and its beginning shown", "[messages]") {
  const auto why = [](const std::string& line) {
    const auto parsed = parse_worker_line(line);
    return parsed ? std::string("accepted") : parsed.error().message();
  };
  CHECK(why("hello") == "not a message of the protocol (it is not JSON): hello");
  CHECK(why(R"({"type":"dance"})") ==
        R"(not a message of the protocol (unknown type 'dance'): {"type":"dance"})");
  CHECK(why(R"({"type":"hello","v":2})") ==
        "not a message of the protocol (the worker speaks protocol version 2, the runner 1): "
        R"({"type":"hello","v":2})");
  CHECK(why("[1]") == "not a message of the protocol (message must be an object): [1]");
  CHECK(why("\xff").find("\\xff") != std::string::npos);
  CHECK(why(std::string(500, 'x')).size() < 200);
}

TEST_CASE("bytes that are not UTF-8 do not break a line", "[messages]") {
  const std::string line =
      to_line(WorkerMessage(Of<LogMessage>{CallId{1}, {"info", "ctx", "a\xff\nb"}}));
  CHECK(line.find('\n') == std::string::npos);
  CHECK(parse_worker_line(line));
}

}  // namespace
