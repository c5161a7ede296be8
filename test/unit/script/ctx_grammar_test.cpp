// Tables of what ctx is asked and what it answers.
#include <catch2/catch.hpp>

#include "fake_ctx_host.hpp"

namespace {

using cfy::script::Role;
using cfy::script::Verdict;
using cfy::test::FakeCtxHost;
using nlohmann::json;

const json kNodeRequest = json::parse(R"({
  "execution_id": "e1", "task_id": "t1", "attempt": 2, "context_type": "node-instance",
  "inputs": {"size": 3},
  "self": {
    "node": {"id": "web", "type": "my.Web", "type_hierarchy": ["cloudify.nodes.Root", "my.Web"],
             "properties": {"port": 80, "nested": {"list": [{"k": "first"}, {"k": "second"}]}}},
    "instance": {"id": "web_1", "index": 1, "state": "started", "scaling_groups": [{"name": "g", "id": "g_1"}],
                 "system_properties": {"configuration_drift": {"port": 81}}, "host": {"node": {"properties": {"ip": "10.0.0.1"}},
                          "instance": {"id": "vm_1", "runtime_properties": {}}},
                 "runtime_properties": {"url": "http://x", "zero": 0},
                 "relationships": [{"type": "r", "target": {"node": {"id": "db", "properties": {"p": [1]}},
                   "instance": {"id": "db_1", "state": "created", "host_ip": "10.0.0.9",
                                "runtime_properties": {"ip": "10.0.0.2"}}}}]}},
  "context": {"workflow_id": "install", "resume": true, "timeout": 2.5, "timeout_recoverable": true, "blueprint": {"id": "b1"}, "deployment": {"id": "d1"},
              "operation": {"name": "cloudify.interfaces.lifecycle.start", "max_retries": 5},
              "plugin": {"name": "script", "properties": {"p": {"q": 1}}}}
})");

const json kRelationshipRequest = json::parse(R"({
  "execution_id": "e1", "task_id": "t1", "context_type": "relationship-instance",
  "source": {"node": {"id": "app", "properties": {"a": 1}},
             "instance": {"id": "app_1", "runtime_properties": {}, "relationships": [
               {"target": {"instance": {"id": "x_1", "runtime_properties": {"x": 1}}}}]}},
  "target": {"node": {"id": "db", "properties": {"b": 2}},
             "instance": {"id": "db_1", "runtime_properties": {"ip": "10.0.0.2"}}},
  "context": {}
})");

struct Row {
  json args;
  json answer;
};

void check_table(const json& request, const std::vector<Row>& table) {
  for (const Row& row : table) {
    FakeCtxHost host(request);
    INFO(row.args);
    CHECK(host.ask(row.args) == json{{"type", "result"}, {"payload", row.answer}});
  }
}

TEST_CASE("ctx reads the context of a node's operation", "[ctx]") {
  check_table(
      kNodeRequest,
      {{{"node", "id"}, "web"},
       {{"node", "name"}, "web"},
       {{"node", "type"}, "my.Web"},
       {{"node", "type-hierarchy"}, {"cloudify.nodes.Root", "my.Web"}},
       {{"node", "type_hierarchy"}, {"cloudify.nodes.Root", "my.Web"}},
       {{"node", "properties", "port"}, 80},
       {{"node", "properties", "nested.list[1].k"}, "second"},
       {{"node", "properties"}, kNodeRequest["self"]["node"]["properties"]},
       {{"instance", "id"}, "web_1"},
       {{"instance", "index"}, 1},
       {{"instance", "state"}, "started"},
       {{"instance", "scaling-groups"}, json::array({{{"name", "g"}, {"id", "g_1"}}})},
       {{"instance", "scaling_groups[0].name"}, "g"},
       {{"instance", "drift"}, {{"port", 81}}},
       {{"instance", "drift", "port"}, 81},
       {{"instance", "node", "id"}, "web"},
       {{"instance", "node", "name"}, "web"},
       {{"instance", "node", "properties", "nested.list[0].k"}, "first"},
       {{"instance", "host_ip"}, "10.0.0.1"},
       {{"instance", "host-ip"}, "10.0.0.1"},
       {{"instance", "runtime-properties"}, {{"url", "http://x"}, {"zero", 0}}},
       {{"instance", "runtime_properties", "url"}, "http://x"},
       {{"instance", "relationships"}, kNodeRequest["self"]["instance"]["relationships"]},
       {{"instance", "relationships[0].target.node.properties.p[0]"}, 1},
       {{"instance", "relationships[0].target.instance.runtime_properties.ip"}, "10.0.0.2"},
       {{"instance", "relationships[0].target.instance.state"}, "created"},
       {{"instance", "relationships[0].target.instance.host_ip"}, "10.0.0.9"},
       {{"resume"}, true},
       {{"timeout"}, 2.5},
       {{"timeout-recoverable"}, true},
       {{"has-cancel-request"}, true},
       {{"get-operation"}, {{"id", "t1"}}},
       {{"get-execution"}, {{"id", "e1"}, {"status", "started"}}},
       {{"get-execution", "e1"}, {{"id", "e1"}, {"status", "started"}}},
       {{"get-config"}, json::array()},
       {{"get-config", "name", "scope"}, json::array()},
       {{"get-managers"},
        json::parse(R"([{"private_ip": "127.0.0.1", "networks": {"default": "127.0.0.1"}}])")},
       {{"get-brokers", "default"},
        json::parse(R"([{"host": "127.0.0.1", "networks": {"default": "127.0.0.1"},
                                 "ca_cert_content": "", "management_host": "127.0.0.1"}])")},
       {{"type"}, "node-instance"},
       {{"execution-id"}, "e1"},
       {{"workflow-id"}, "install"},
       {{"task-id"}, "t1"},
       {{"blueprint", "id"}, "b1"},
       {{"deployment", "id"}, "d1"},
       {{"plugin", "name"}, "script"},
       {{"plugin", "properties", "p.q"}, 1},
       {{"operation", "name"}, "cloudify.interfaces.lifecycle.start"},
       {{"operation", "retry-number"}, 2},
       {{"operation", "max-retries"}, 5},
       {{"operation", "inputs"}, {{"size", 3}}},
       {{"operation", "inputs", "size"}, 3},
       {{"capabilities", "get-all"}, {{"db_1", {{"ip", "10.0.0.2"}}}}},
       {{"capabilities"}, {{"db_1", {{"ip", "10.0.0.2"}}}}},
       {{"capabilities", "ip"}, "10.0.0.2"},
       {{"plugin", "prefix"}, "/opt/script"},
       {{"plugin", "workdir"}, "/work/plugins/script"},
       {{"get-resource-and-render", "a.txt"}, "a.txt with null"},
       {{"get-resource-and-render", "a.txt", {{"template_variables", {{"x", 1}}}}},
        "a.txt with {\"x\":1}"},
       {{"download-resource-and-render", "a.txt", "/t"}, "/t:a.txt with null"},
       {{"download-resource-and-render", "a.txt", {{"template_variables", {{"x", 1}}}}},
        ":a.txt with {\"x\":1}"},
       {{"download-directory", "conf", "/t"}, "/t:conf"},
       {{"get-resource", "a.txt"}, "content of a.txt"},
       {{"download-resource", "a.txt"}, "/tmp/copy of a.txt"},
       {{"download-resource", "a.txt", "/t"}, "/t"},
       {{"download-resource", {{"resource_path", "a.txt"}}}, "/tmp/copy of a.txt"}});
}

TEST_CASE("ctx reads both ends of a relationship", "[ctx]") {
  check_table(kRelationshipRequest,
              {{{"source", "node", "properties", "a"}, 1},
               {{"target", "node", "properties", "b"}, 2},
               {{"source", "instance", "id"}, "app_1"},
               {{"target", "instance", "runtime-properties", "ip"}, "10.0.0.2"},
               {{"source", "instance", "node", "id"}, "app"},
               {{"source", "instance", "relationships[0].target.instance.id"}, "x_1"},
               {{"capabilities", "x"}, 1},
               {{"target", "instance", "host_ip"}, "10.0.0.2"}});
  json of_target = kRelationshipRequest;
  of_target["context"]["operation"]["relationship"] = "target";
  check_table(of_target, {{{"capabilities"}, json::object()}});
}

TEST_CASE("an operation knows its own execution alone", "[ctx]") {
  FakeCtxHost host(kNodeRequest);
  CHECK(host.ask({"get-execution", "e2"})["payload"]["message"] ==
        "an operation knows the execution it is part of, and no other one");
}

TEST_CASE("paths that lead nowhere are errors that say so", "[ctx]") {
  const std::vector<json> asked{{"nothing"},
                                {"node", "properties", "missing"},
                                {"node", "properties", "a..b"},
                                {"node", "nothing"},
                                {"node", "id", "more"},
                                {"instance", "runtime-properties", "absent"},
                                {"instance", "runtime-properties", "a", 1, 2},
                                {"instance", 5},
                                {"logger"},
                                {"source", "node", "id"}};
  for (const json& args : asked) {
    FakeCtxHost host(kNodeRequest);
    const json answer = host.ask(args);
    INFO(args);
    CHECK(answer["type"] == "error");
    CHECK(answer["payload"]["message"].get<std::string>().find("illegal path") == 0);
  }
}

TEST_CASE("what another kind of operation has is refused with what this one has", "[ctx]") {
  const auto message = [](const json& request, const json& args) {
    FakeCtxHost host(request);
    const json answer = host.ask(args);
    CHECK(host.access_error == answer["payload"]["message"]);
    return host.access_error;
  };
  CHECK(message(kNodeRequest, {"target", "node", "id"}) ==
        "illegal path: ctx target is for operations of a relationship, and this one is of a node");
  CHECK(message(kRelationshipRequest, {"instance", "id"}) ==
        "illegal path: ctx instance is for operations of a node, and this one is of a "
        "relationship: use ctx source instance or ctx target instance");
}

TEST_CASE("capabilities that are missing or ambiguous are errors", "[ctx]") {
  json request = kNodeRequest;
  request["self"]["instance"]["relationships"].push_back(
      {{"target", {{"instance", {{"id", "c_1"}, {"runtime_properties", {{"ip", "x"}}}}}}}});
  FakeCtxHost host(request);
  CHECK(host.ask({"capabilities", "ip"})["payload"]["message"] ==
        "several instances have the runtime property 'ip': c_1, db_1");
  CHECK(host.ask({"capabilities", "none"})["type"] == "error");
}

TEST_CASE("runtime properties are set, node properties are not", "[ctx]") {
  FakeCtxHost host(kNodeRequest);
  CHECK(host.ask({"instance", "runtime-properties", "a.b", "text"})["type"] == "result");
  CHECK(host.ask({"instance", "runtime-properties", "map", {{"x", 1}}})["type"] == "result");
  CHECK(host.ask({"instance", "runtime-properties", "url", nullptr})["type"] == "result");
  CHECK(host.runtime_properties(Role::self) ==
        json::parse(R"({"a":{"b":"text"},"map":{"x":1},"url":null,"zero":0})"));
  CHECK(host.ask({"instance", "runtime-properties", "a.b"})["payload"] == "text");

  const json refused = host.ask({"node", "properties", "port", 81});
  CHECK(refused["type"] == "error");
  CHECK(refused["payload"]["message"] ==
        "node properties cannot be changed: only runtime properties can");
}

TEST_CASE("runtime properties are set and deleted by keys of any kind", "[ctx]") {
  FakeCtxHost host(kNodeRequest);
  host.ask({"instance", "set-runtime-property", "a.b", {{"x", 1}}, json::object()});
  host.ask({"instance", "set_runtime_property", "", 2});
  host.ask({"instance", "delete-runtime-property", "url"});
  host.ask({"instance", "delete_runtime_property", "absent"});
  CHECK(host.runtime_properties(Role::self) == json::parse(R"({"a.b":{"x":1},"":2,"zero":0})"));
}

TEST_CASE("the target's runtime properties are its own", "[ctx]") {
  FakeCtxHost host(kRelationshipRequest);
  host.ask({"target", "instance", "runtime-properties", "x", 1});
  CHECK(host.runtime_properties(Role::source).empty());
  CHECK(host.runtime_properties(Role::target) == json{{"ip", "10.0.0.2"}, {"x", 1}});
}

TEST_CASE("functions are called with what is left", "[ctx]") {
  FakeCtxHost host(kNodeRequest);
  host.ask({"logger", "info", "hello"});
  host.ask({"logger", "warning", "two", "words"});
  host.ask({"logger", "info", "a %s of %d", "x", "3"});
  host.ask({"logger", "info", "port %(port)d", {{"port", 80}}});
  host.ask({"send-event", "happened"});
  host.ask({"operation", "retry", "not yet", 3});
  host.ask({"operation", "retry", "later", "4.5"});
  host.ask({"operation", "retry", {{"retry_after", 0}}});
  host.ask({"instance", "update"});
  host.ask({"instance", "refresh"});
  host.ask({"instance", "refresh", true});
  CHECK(host.trace ==
        "info:hello;warning:two words;info:a x of 3;info:port 80;event:happened;retry:not "
        "yet:3.0;retry:later:4.5;"
        "retry:the operation asks to be run again:0.0;update;refresh;drop;");
}

TEST_CASE("arguments that a function does not take are refused", "[ctx]") {
  const auto message = [](const json& args) {
    FakeCtxHost host(kNodeRequest);
    const json answer = host.ask(args);
    return answer["type"] == "error" ? answer["payload"]["message"].get<std::string>() : "accepted";
  };
  CHECK(message({"operation", "retry", "m", "soon"}) ==
        "ctx operation retry: 'retry_after' must be a number of seconds");
  CHECK(message({"operation", "retry", {{"wait", 1}}}) ==
        "ctx operation retry has no argument 'wait'");
  CHECK(message({"abort-operation", "a", "b"}) == "ctx abort-operation takes 1 arguments at most");
  CHECK(message({"get-resource"}) == "ctx get-resource: 'resource_path' must be given");
}

TEST_CASE("returns keeps the value, of any kind", "[ctx]") {
  const json value = GENERATE(json("text"), json(42), json(nullptr), json{{"a", 1}}, json{1, 2});
  FakeCtxHost host(kNodeRequest);
  CHECK(host.ask({"returns", value})["type"] == "result");
  CHECK(host.verdict().kind() == Verdict::Kind::returned);
  CHECK(host.verdict().value() == value);
}

TEST_CASE("retry-operation and abort-operation stop the script", "[ctx]") {
  FakeCtxHost retrying(kNodeRequest);
  CHECK(retrying.ask({"retry-operation", "not yet", 5}) ==
        json{{"type", "stop_operation"}, {"payload", {{"message", "not yet"}}}});
  CHECK(retrying.verdict().kind() == Verdict::Kind::retried);
  CHECK(retrying.verdict().retry_after_s() == 5.0);

  FakeCtxHost aborting(kNodeRequest);
  CHECK(aborting.ask({"abort-operation"})["type"] == "stop_operation");
  CHECK(aborting.verdict().kind() == Verdict::Kind::aborted);
}

TEST_CASE("a second verdict is an error and spoils the first", "[ctx]") {
  FakeCtxHost host(kNodeRequest);
  host.ask({"returns", 1});
  const json second = host.ask({"abort-operation", "x"});
  CHECK(second["type"] == "error");
  CHECK(host.verdict().kind() == Verdict::Kind::contradictory);
  CHECK(host.verdict().message() ==
        "the script called ctx abort-operation after ctx returns: only one of returns, "
        "retry-operation and abort-operation may be called, once");
}

TEST_CASE("a body that is no call is an error", "[ctx]") {
  FakeCtxHost host(kNodeRequest);
  for (const char* body : {"", "x", "[]", "{}", R"({"args": "x"})"})
    CHECK(cfy::script::answer(host, body)["type"] == "error");
}

TEST_CASE("values that are nested beyond reason are refused before they are read", "[ctx]") {
  FakeCtxHost host(kNodeRequest);
  const auto call_of = [](std::size_t depth) {
    return R"({"args": ["returns", )" + std::string(depth, '[') + std::string(depth, ']') + "]}";
  };
  CHECK(cfy::script::answer(host, call_of(900))["type"] == "result");
  CHECK(cfy::script::answer(host, call_of(100'000))["payload"]["message"] ==
        "the body is nested more than 1000 levels deep");
  const std::string brackets(2000, '[');
  CHECK(host.ask({"logger", "info", brackets + "\\\"" + brackets})["type"] == "result");
  std::string path = "a";
  for (int i = 0; i < 100'000; ++i)
    path += ".a";
  CHECK(host.ask({"instance", "runtime-properties", path, 1})["type"] == "error");
}

}  // namespace
