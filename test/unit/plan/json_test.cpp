// Plans to JSON and back.
#include <catch2/catch.hpp>

#include "plan/to_json.hpp"

using namespace cfy::plan;

namespace {

std::shared_ptr<const Operation> make_operation(const std::string& name) {
  Operation operation;
  operation.plugin = "tools";
  operation.operation = name;
  operation.inputs = {{"speed", 3}};
  operation.max_retries = 0;
  operation.retry_interval_s = 1.5;
  operation.timeout_s = 30;
  operation.declared_at = "blueprint.yaml:4:7";
  return std::make_shared<const Operation>(operation);
}

Node make_node(const std::string& id, std::shared_ptr<const OperationMap> operations) {
  Node node;
  node.id = id;
  node.type = "app.Server";
  node.type_hierarchy = std::make_shared<const std::vector<std::string>>(
      std::vector<std::string>{"root", "app.Server"});
  node.operations = std::move(operations);
  node.properties = {{"port", 80}};
  node.plugins = {"tools"};
  return node;
}

Plan make_plan() {
  Plan plan;
  plan.version = "cloudify_dsl_1_4";
  const auto start = make_operation("main.start");
  const auto operations =
      std::make_shared<const OperationMap>(OperationMap{{"life.start", start}, {"start", start}});
  plan.nodes = {make_node("web", operations), make_node("db", operations)};
  plan.nodes[0].host_id = "web";
  const auto interfaces = std::make_shared<const json>(json::object());
  const auto contained = std::make_shared<const std::vector<std::string>>(
      std::vector<std::string>{std::string(kDependsOn), std::string(kContainedIn)});
  plan.nodes[0].interfaces = plan.nodes[1].interfaces = {interfaces, false};
  plan.nodes[1].relationships.push_back({std::string(kContainedIn),
                                         contained,
                                         "web",
                                         {{"a", 1}},
                                         {interfaces, false},
                                         {interfaces, false},
                                         operations,
                                         operations});
  plan.workflows["deploy"] = {"tools", "flows.deploy", {{"fast", {{"default", true}}}}, true,
                              {},      "b:1:1"};
  plan.plugins["tools"].name = "tools";
  plan.plugins["tools"].executor = "host_agent";
  plan.plugins["tools"].rest = {{"distribution", "debian"}};
  plan.outputs["url"] = {"http://x", "where it is"};
  plan.scaling_groups["pair"].members = {"web", "db"};
  plan.inputs = {{"size", 2}};
  plan.input_schemas = {{"size", {{"type", "integer"}}}};
  plan.declared_at["inputs.size"] = "blueprint.yaml:2:3";
  plan.inter_deployment_functions = json::array();
  NodeInstance instance;
  instance.id = "db_abc123";
  instance.node_id = "db";
  instance.index = 1;
  instance.host_id = "web_xyz789";
  instance.relationships = {{std::string(kContainedIn), "web", "web_xyz789"}};
  instance.scaling_groups = {{"pair", "pair_111111"}};
  plan.node_instances = {instance};
  return plan;
}

}  // namespace

TEST_CASE("a plan prints with Cloudify's key names") {
  const json shown = to_json(make_plan());
  CHECK(shown["version"] == json({{"raw", "cloudify_dsl_1_4"},
                                  {"definitions_name", "cloudify_dsl"},
                                  {"definitions_version", {1, 4}}}));
  const json& web = shown["nodes"][0];
  CHECK(web["id"] == "web");
  CHECK(web["name"] == "web");
  CHECK(web["host_id"] == "web");
  CHECK(web["type_hierarchy"] == json({"root", "app.Server"}));
  CHECK(web["capabilities"]["scalable"]["properties"]["max_instances"] == -1);
  CHECK(web["operations"]["start"] == web["operations"]["life.start"]);
  CHECK(web["operations"]["start"]["retry_interval"] == 1.5);
  CHECK(web["operations"]["start"]["timeout"].is_number_integer());
  CHECK(web["operations"]["start"]["executor"].is_null());
  CHECK_FALSE(shown["nodes"][1].contains("host_id"));
  CHECK(shown["workflows"]["deploy"]["is_cascading"] == true);
  CHECK(shown["outputs"]["url"]["description"] == "where it is");
  CHECK(shown["host_agent_plugins_to_install"][0]["name"] == "tools");
}

TEST_CASE("Cloudify's form shows neither positions nor indices") {
  const json shown = to_json(make_plan());
  CHECK_FALSE(shown.contains("declared_at"));
  CHECK_FALSE(shown["nodes"][0]["operations"]["start"].contains("declared_at"));
  CHECK_FALSE(shown["node_instances"][0].contains("index"));
}

TEST_CASE("a plan comes back from the store's form as it was") {
  const Plan plan = make_plan();
  const json stored = to_json(plan, JsonForm::store);
  const auto read = from_json(stored);
  REQUIRE(read.ok());
  CHECK(to_json(*read, JsonForm::store) == stored);
  CHECK(to_json(*read) == to_json(plan));
  CHECK(read->declared_at == plan.declared_at);
  CHECK(read->node_instances[0].index == 1);
  CHECK(read->plugins.at("tools").rest.at("distribution") == "debian");
  CHECK(read->find_node("db")->find_containment()->target_id == "web");
}

TEST_CASE("operations that nodes share are stored once and shared again") {
  const json stored = to_json(make_plan(), JsonForm::store);
  CHECK(stored["nodes"][0]["operations"] == stored["nodes"][1]["operations"]);
  CHECK(stored["nodes"][0]["operations"].is_number());
  const auto read = from_json(stored);
  REQUIRE(read.ok());
  CHECK(read->nodes[0].operations == read->nodes[1].operations);
  CHECK(read->nodes[0].operations->at("start") == read->nodes[0].operations->at("life.start"));
}

TEST_CASE("a plan in Cloudify's form can be read, too") {
  const Plan plan = make_plan();
  const auto read = from_json(to_json(plan));
  REQUIRE(read.ok());
  CHECK(read->nodes.size() == 2);
  CHECK(read->nodes[0].plugins == plan.nodes[0].plugins);
  CHECK(read->scaling_groups.at("pair").members == plan.scaling_groups.at("pair").members);
}

TEST_CASE("what is no plan is refused with a message") {
  CHECK(from_json(json::array()).error().message().find("not a plan") != std::string::npos);
  CHECK_FALSE(from_json({{"nodes", {{{"type", 3}}}}}).ok());
  CHECK_FALSE(instance_from_json({{"node_id", "x"}}).ok());
}

TEST_CASE("a node as a server keeps it has its numbers beside it") {
  const auto node =
      node_from_json({{"id", "n"}, {"number_of_instances", 3}, {"max_number_of_instances", 5}});
  REQUIRE(node.ok());
  CHECK(node->scalable.current_instances == 3);
  CHECK(node->scalable.max_instances == 5);
}

namespace {

std::string text_of(const Plan& plan) {
  std::string text;
  write_json(plan, [&](std::string_view piece) { text += piece; });
  return text;
}

}  // namespace

TEST_CASE("the text of a plan is its JSON in one line") {
  Plan plan = make_plan();
  CHECK(json::parse(text_of(plan)) == to_json(plan));
  CHECK(text_of(plan).find('\n') == std::string::npos);
  CHECK(json::parse(text_of(Plan())) == to_json(Plan()));
  plan.nodes[0].operations = nullptr;
  CHECK(json::parse(text_of(plan)) == to_json(plan));
}

TEST_CASE("interfaces may show the inputs that operations have, of scripts the declared ones") {
  const json declared = json::parse(
      R"({"life": {"start": {"implementation": "x", "inputs": {"port": {"get_input": "port"}}}}})");
  Plan plan = make_plan();
  auto start = *make_operation("main.start");
  start.inputs = {{"port", 3}};
  auto script = start;
  script.operation = "script_runner.tasks.run";
  script.inputs["script_path"] = "start.sh";
  for (std::size_t i : {0U, 1U}) {
    const auto operation = std::make_shared<const Operation>(i == 0 ? start : script);
    plan.nodes[i].operations =
        std::make_shared<const OperationMap>(OperationMap{{"life.start", operation}});
    plan.nodes[i].interfaces = {std::make_shared<const json>(declared), true};
  }
  const json shown = to_json(plan)["nodes"];
  CHECK(shown[0]["interfaces"]["life"]["start"]["inputs"] == json{{"port", 3}});
  CHECK(shown[1]["interfaces"] == shown[0]["interfaces"]);
  CHECK(json::parse(text_of(plan)) == to_json(plan));
  const auto read = from_json(to_json(plan, JsonForm::store));
  REQUIRE(read);
  CHECK(to_json(*read) == to_json(plan));
}

TEST_CASE("a path is found where it is written, or where the nearest thing around it is") {
  Plan plan;
  const cfy::base::SourceRange node{cfy::base::FileId{1}, 3, 3, 3, 6};
  const cfy::base::SourceRange value{cfy::base::FileId{1}, 6, 9, 6, 12};
  plan.places["nodes.web"] = node;
  plan.places["nodes.web.properties.url"] = value;
  CHECK(plan.find_place("nodes.web.properties.url.concat[1]") == value);
  CHECK(plan.find_place("nodes.web.properties.port") == node);
  CHECK_FALSE(plan.find_place("nodes.db.properties.port").is_known());
  CHECK_FALSE(plan.find_place("").is_known());
}
