// Requests, results and deltas survive JSON, and what is not as it must be is named.
#include "dispatch/protocol.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace cfy::dispatch;  // NOLINT: these are tests of the whole vocabulary

OperationRequest full_request() {
  OperationRequest request;
  request.execution_id = "e1";
  request.task_id = "t1";
  request.attempt = 3;
  request.plugin = "script";
  request.plugin_path = "/p/script.so";
  request.function = "script_runner.tasks.run";
  request.inputs = {{"a", 1}};
  request.context_type = "relationship-instance";
  request.source = Subject{.node = {{"id", "a"}}, .instance = {{"id", "a_1"}}};
  request.target = Subject{.node = {{"id", "b"}}, .instance = {{"id", "b_1"}}};
  request.context = {{"workflow_id", "install"}};
  request.resources_root = "/blueprint";
  request.workdir = "/work";
  request.timeout_s = 2.5;
  request.timeout_recoverable = true;
  request.secrets = {"hunter2"};
  return request;
}

TEST_CASE("a request is the same after JSON", "[protocol]") {
  const json once = to_json(full_request());
  const auto request = request_from_json(once);
  REQUIRE(request);
  CHECK(to_json(*request) == once);
  CHECK(once["timeout"] == 2.5);
  CHECK(once["self"].is_null());
  CHECK(request->attempt == 3);
  CHECK_FALSE(request->self);
  CHECK(request->source->instance["id"] == "a_1");
}

TEST_CASE("unknown members of a request are passed over", "[protocol]") {
  json message = to_json(full_request());
  message["of_a_newer_version"] = 1;
  CHECK(request_from_json(message));
}

TEST_CASE("a request of another protocol version is refused with both numbers", "[protocol]") {
  json message = to_json(full_request());
  message["v"] = 2;
  const auto request = request_from_json(message);
  REQUIRE_FALSE(request);
  CHECK(request.error().message() == "request: protocol version 1 is needed, this is 2");
}

TEST_CASE("a member of the wrong kind is named", "[protocol]") {
  const auto message_with = [](const char* key, const json& value) {
    json message = to_json(full_request());
    message[key] = value;
    const auto request = request_from_json(message);
    return request ? std::string("accepted") : request.error().message();
  };
  CHECK(message_with("inputs", json::array()) == "request: 'inputs' must be an object");
  CHECK(message_with("attempt", -1) == "request: 'attempt' must be 0 or more");
  CHECK(message_with("attempt", "1") == "request: 'attempt' must be a whole number");
  CHECK(message_with("function", "") == "request: 'function' must be a text that is not empty");
  CHECK(message_with("timeout", -1) == "request: 'timeout' must be a number of seconds");
  CHECK(message_with("self", 5) ==
        "request: 'self' must be an object with the objects 'node' and 'instance'");
  CHECK_FALSE(request_from_json(json::array()));
}

TEST_CASE("a result is the same after JSON", "[protocol]") {
  OperationResult result;
  result.status =
      GENERATE(Status::ok, Status::failed, Status::recoverable, Status::retry, Status::cancelled);
  result.value = {{"x", 1}};
  result.deltas.push_back({"a_1", 4, {{"k", 1}}, {"gone"}});
  if (result.status != Status::ok)
    result.error = {"NonRecoverableError", "why", "last line", json::array({{{"message", "m"}}})};
  result.retry_after_s = 3;
  const json once = to_json(result);
  const auto read = result_from_json(once);
  REQUIRE(read);
  CHECK(to_json(*read) == once);
  CHECK(read->status == result.status);
}

TEST_CASE("a result with an unknown status is refused", "[protocol]") {
  const auto result = result_from_json({{"status", "fine"}});
  REQUIRE_FALSE(result);
  CHECK(result.error().message() ==
        "result: 'status' must be one of ok, failed, recoverable, retry, cancelled");
}

TEST_CASE("a delta holds what changed at the top, for a change at any depth", "[protocol]") {
  const json before{{"same", 1}, {"changed", 1}, {"deep", {{"list", {1, 2}}}}, {"gone", 1}};
  const json after{{"same", 1}, {"changed", nullptr}, {"deep", {{"list", {1, 3}}}}, {"new", 1}};
  const Delta delta = make_delta(before, after, "a_1", 9);
  CHECK(delta.set == json{{"changed", nullptr}, {"deep", {{"list", {1, 3}}}}, {"new", 1}});
  CHECK(delta.removed == std::vector<std::string>{"gone"});
  CHECK(delta.version == 9);
  CHECK(make_delta(before, before, "a_1", 9).is_empty());
}

}  // namespace
