#include <catch2/catch.hpp>

#include "blueprint_fixture.hpp"

using namespace cfy::dsl;

TEST_CASE("the basic types suit every version of the DSL", "[dsl]") {
  for (int minor = 0; minor <= 5; ++minor) {
    Loaded bp(
        fmt::format("tosca_definitions_version: cloudify_dsl_1_{}\n"
                    "imports: [cloudify/types/types.yaml]\n"
                    "node_templates: {{vm: {{type: cloudify.nodes.Compute}}}}\n",
                    minor));
    CHECK(bp.errors() == "");
    CHECK(bp.warnings() == "");
  }
  CHECK(Loaded("imports: [cloudify/types/types_1_5.yaml]\n").errors() == "");
}

TEST_CASE("basic nodes have their properties and lifecycle", "[dsl]") {
  Loaded bp(
      "imports: [cloudify/types/types.yaml]\nnode_templates:\n"
      "  vm: {type: cloudify.nodes.Compute, properties: {agent_config: {install_method: "
      "none}}}\n  web: {type: cloudify.nodes.WebServer, relationships: [{type: "
      "cloudify.relationships.contained_in, target: vm}]}\n");
  REQUIRE(bp.errors() == "");
  CHECK(bp.node(0)["properties"]["agent_config"] ==
        json{{"install_method", "none"}, {"port", 22}, {"network", "default"}});
  CHECK(bp.node(1)["properties"]["port"] == 80);
  CHECK(bp.node(1)["host_id"] == "vm");
  CHECK(bp.node(1)["operations"].contains("cloudify.interfaces.lifecycle.poststart"));
  const json& link = bp.node(1)["relationships"][0];
  CHECK(link["properties"]["connection_type"] == "all_to_all");
  CHECK(link["source_operations"].contains("establish"));
}

TEST_CASE("the workflows are there with their parameters and rules", "[dsl]") {
  Loaded bp("imports: [cloudify/types/types.yaml]\n");
  const json& workflows = bp.as_json["workflows"];
  for (const char* name :
       {"install", "uninstall", "reinstall", "start", "stop", "restart", "execute_operation",
        "heal", "scale", "update", "check_status", "check_drift", "rollback", "pull"})
    CHECK(workflows.contains(name));
  CHECK(workflows["install"]["plugin"] == "default_workflows");
  CHECK(workflows["install"]["availability_rules"]["node_instances_active"] ==
        json({"none", "partial"}));
  CHECK_FALSE(workflows["execute_operation"]["parameters"]["operation"].contains("default"));
  CHECK(workflows["scale"]["parameters"]["delta"]["default"] == 1);
}

TEST_CASE("a file beside the blueprint comes before the bundled one", "[dsl]") {
  Loaded bp("imports: [cloudify/types/types.yaml]\nnode_templates: {n: {type: mine}}\n",
            {{"cloudify/types/types.yaml", "node_types: {mine: {}}\n"}});
  CHECK(bp.errors() == "");
}

TEST_CASE("policies of groups are kept, with their defaults", "[dsl]") {
  Loaded bp(
      "imports: [cloudify/types/types.yaml]\n"
      "node_templates: {vm: {type: cloudify.nodes.Compute}}\n"
      "groups:\n"
      "  heal:\n"
      "    members: [vm]\n"
      "    policies:\n"
      "      p:\n"
      "        type: cloudify.policies.types.threshold\n"
      "        properties: {threshold: 2}\n"
      "        triggers:\n"
      "          t:\n"
      "            type: cloudify.policies.triggers.execute_workflow\n"
      "            parameters: {workflow: heal, workflow_parameters: {node_instance_id: "
      "{get_property: [SELF, node_id]}}}\n");
  REQUIRE(bp.errors() == "");
  const json& policy = bp.as_json["groups"]["heal"]["policies"]["p"];
  CHECK(policy["properties"]["upper_bound"] == true);
  CHECK(policy["triggers"]["t"]["parameters"]["force"] == false);
  CHECK(Loaded("imports: [cloudify/types/types.yaml]\n"
               "policy_types: {cloudify.policies.types.threshold: {source: mine.clj}}\n")
            .errors() == "");
}

TEST_CASE("components, shared resources and blueprints say what and where they are", "[dsl]") {
  Loaded bp(
      "tosca_definitions_version: cloudify_dsl_1_3\n"
      "imports: [cloudify/types/types.yaml]\nnode_templates:\n"
      "  part:\n    type: cloudify.nodes.Component\n    properties:\n"
      "      client: {host: elsewhere, trust_all: true}\n"
      "      resource_config: {blueprint: {id: b, external_resource: true}, deployment: {id: d}}\n"
      "  used:\n    type: cloudify.nodes.SharedResource\n    properties:\n"
      "      resource_config: {deployment: {id: d}}\n"
      "  source: {type: cloudify.nodes.Blueprint}\n");
  REQUIRE(bp.errors() == "");
  CHECK(bp.node(0)["properties"]["resource_config"]["deployment"] ==
        json{{"id", "d"}, {"external_resource", false}, {"inputs", json::object()}});
  CHECK(Loaded("imports: [cloudify/types/types.yaml]\n"
               "node_templates: {n: {type: cloudify.nodes.SharedResource}}\n")
            .codes() == Codes{107});
}

TEST_CASE("the port of a web server may be text", "[dsl]") {
  CHECK(Loaded("imports: [cloudify/types/types.yaml]\nnode_templates: {n: {type: "
               "cloudify.nodes.WebServer, properties: {port: '8080'}}}\n")
            .codes() == Codes{});
}
