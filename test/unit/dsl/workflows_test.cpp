#include <catch2/catch.hpp>

#include "blueprint_fixture.hpp"

using namespace cfy::dsl;

namespace {
constexpr const char* kPlugin =
    "plugins: {p: {executor: central_deployment_agent, install: false}}\n";
}

TEST_CASE("a workflow is a mapping, or a dict with one", "[dsl]") {
  Loaded bp(std::string(kPlugin) +
            "workflows:\n  short: p.m.f\n  long: {mapping: p.g, parameters: {x: {default: 1}, y: "
            "}, is_cascading: true}\n");
  REQUIRE(bp.errors() == "");
  CHECK(bp.as_json["workflows"]["short"]["operation"] == "m.f");
  CHECK(bp.as_json["workflows"]["long"]["parameters"] ==
        json{{"x", {{"default", 1}}}, {"y", json::object()}});
  CHECK(bp.as_json["workflows"]["long"]["is_cascading"] == true);
  CHECK(bp.plan->workflows.at("short").declared_at == "blueprint.yaml:4:10");
}

TEST_CASE("wrong workflows are told with what is wrong", "[dsl]") {
  const auto codes = [](const char* workflow) {
    return Loaded(std::string(kPlugin) + fmt::format("workflows: {{w: {}}}\n", workflow)).codes();
  };
  CHECK(codes("nope.f") == Codes{21});
  CHECK(codes("") == Codes{1});
  CHECK(codes("{parameters: {}}") == Codes{1});
  CHECK(codes("{mapping: p.f, description: d}") == Codes{1});
  CHECK(codes("{mapping: p.f, parameters: {x: {type: integer, default: y}}}") == Codes{105});
  CHECK(codes("{mapping: p.f, parameters: {x: {constraints: [{length: z}]}}}") == Codes{212});
  CHECK(codes("{mapping: p.f, availability_rules: {node_instances_active: [some]}}") == Codes{103});
  CHECK(codes("'http://h/w.py'") == Codes{61});
}

TEST_CASE("parameters of workflows are checked and completed", "[dsl]") {
  const auto load = [](const char* parameter) {
    return Loaded(
        fmt::format("data_types: {{d: {{properties: {{p: {{}}, q: {{default: 1}}}}}}}}\n"
                    "plugins: {{pl: {{executor: central_deployment_agent, install: "
                    "false}}}}\nworkflows: {{w: {{mapping: pl.w, parameters: {{x: {}}}}}}}\n",
                    parameter));
  };
  CHECK(
      load("{type: d, default: {p: 2}}").as_json["workflows"]["w"]["parameters"]["x"]["default"] ==
      json{{"p", 2}, {"q", 1}});
  CHECK(load("{type: d, default: {}}").codes() == Codes{107});
  CHECK(load("{constraints: [{length: 1, error_message: m}]}").codes() == Codes{103});
}

TEST_CASE("a script workflow gets its script as a parameter", "[dsl]") {
  Loaded bp("plugins: {script: {executor: host_agent, install: false}}\nworkflows: {w: w.py}\n",
            {{"w.py", ""}});
  REQUIRE(bp.errors() == "");
  CHECK(bp.as_json["workflows"]["w"]["operation"] == "script_runner.tasks.execute_workflow");
  CHECK(bp.as_json["workflows"]["w"]["parameters"]["script_path"]["default"] == "w.py");
}

TEST_CASE("a workflow cannot be mapped twice; both places are named", "[dsl]") {
  Loaded bp("imports: [cloudify/types/types.yaml]\nworkflows:\n  install: script.x\n");
  CHECK(bp.errors() ==
        "blueprint.yaml:4:3 code 4: the workflow 'install' is mapped twice, and the "
        "mapping of a workflow cannot be overridden\n");
  const auto& note = bp.diagnostics.all().at(0).notes.at(0);
  CHECK(to_string(bp.sources, note.range).starts_with("cloudify/types/types.yaml:"));
}

TEST_CASE("long forms of DSL 1.4 merge by key, with a warning", "[dsl]") {
  const auto load = [](const char* version) {
    return Loaded(fmt::format("tosca_definitions_version: {}\nimports: [a.yaml]\n"
                              "{}workflows: {{w: {{mapping: p.f}}}}\n",
                              version, kPlugin),
                  {{"a.yaml", "workflows: {w: {mapping: p.g, parameters: {x: {}}}}\n"}});
  };
  const Loaded bp = load("cloudify_dsl_1_4");
  REQUIRE(bp.errors() == "");
  CHECK(bp.as_json["workflows"]["w"]["operation"] == "f");
  CHECK(bp.as_json["workflows"]["w"]["parameters"].contains("x"));
  CHECK(bp.warnings() ==
        "blueprint.yaml:4:13 : the workflow 'w' is defined twice; keys that stand "
        "in both are taken from here\n");
  CHECK(load("cloudify_dsl_1_3").codes() == Codes{4});
}
