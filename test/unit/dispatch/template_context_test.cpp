// What a template finds under `ctx`.
#include "dispatch/template_context.hpp"

#include <catch2/catch.hpp>

namespace {

using cfy::dispatch::OperationRequest;
using cfy::dispatch::Subject;
using cfy::plugin::SubjectRole;
using nlohmann::json;

json context_of(const OperationRequest& request, const json& runtime_properties = json::object()) {
  return cfy::dispatch::template_context(request, [&](SubjectRole) { return runtime_properties; });
}

Subject subject(const char* id, json more = json::object()) {
  more["id"] = id;
  return {.node = {{"name", "web"}, {"properties", {{"ip", "10.0.0.1"}}}},
          .instance = std::move(more)};
}

TEST_CASE("a template sees the operation and its plugin", "[template_context]") {
  OperationRequest request;
  request.attempt = 2;
  request.inputs = {{"port", 80}};
  request.plugin_path = "/opt/plugins/web.so";
  request.workdir = "/state/work";
  request.context = {{"operation", {{"name", "create"}}}, {"deployment", {{"id", "d"}}}};
  const json context = context_of(request);
  CHECK(context["operation"] ==
        json{{"name", "create"}, {"inputs", {{"port", 80}}}, {"retry_number", 2}});
  CHECK(context["plugin"] == json{{"prefix", "/opt/plugins"}, {"workdir", "/state/work"}});
  CHECK(context["deployment"]["id"] == "d");
  CHECK_FALSE(context.contains("instance"));
}

TEST_CASE("a template sees the address of the host", "[template_context]") {
  OperationRequest request;
  request.self = subject("web_1");
  CHECK(context_of(request)["instance"]["host_ip"] == "10.0.0.1");
  // Of a host, its runtime properties come first, as they are now.
  CHECK(context_of(request, {{"ip", "10.0.0.2"}})["instance"]["host_ip"] == "10.0.0.2");
  const json host{{"node", {{"properties", {{"ip", "10.0.0.3"}}}}},
                  {"instance", {{"id", "vm_1"}, {"runtime_properties", json::object()}}}};
  request.self = subject("web_1", {{"host", host}});
  CHECK(context_of(request, {{"ip", "10.0.0.2"}})["instance"]["host_ip"] == "10.0.0.3");
  request.self.reset();
  request.source = subject("web_1", {{"host", host}});
  request.target = subject("db_1");
  CHECK(context_of(request)["source"]["instance"]["host_ip"] == "10.0.0.3");
  CHECK(context_of(request)["target"]["instance"]["host_ip"] == "10.0.0.1");
}

TEST_CASE("a template sees capabilities that only one instance has", "[template_context]") {
  const auto related = [](json properties) {
    return json{{"target", {{"instance", {{"runtime_properties", std::move(properties)}}}}}};
  };
  OperationRequest request;
  request.self = subject(
      "web_1", {{"relationships",
                 {related({{"both", 1}, {"one", 2}}), related({{"both", 3}, {"other", 4}})}}});
  CHECK(context_of(request)["capabilities"] == json{{"one", 2}, {"other", 4}});
}

}  // namespace
