#include <catch2/catch.hpp>

#include "blueprint_fixture.hpp"

using namespace cfy::dsl;

TEST_CASE("all mistakes of a blueprint are found in one run, each at its place", "[dsl]") {
  Loaded bp(R"(node_types:
  web:
    properties:
      port: {type: integer}
node_templates:
  a:
    type: wbe
  b:
    type: web
    properties: {port: "80", prot: 1}
    relationships:
      - type: near
        target: a
nodes: {}
)");
  CHECK(bp.errors() ==
        "blueprint.yaml:15:1 code 1: 'nodes' is not a section of a blueprint; known sections: "
        "tosca_definitions_version, description, metadata, imports, dsl_definitions, inputs, "
        "plugins, node_types, relationships, node_templates, data_types, workflows, outputs, "
        "capabilities, groups, policies, policy_types, policy_triggers, labels, blueprint_labels, "
        "resource_tags, deployment_settings, imported_blueprints, namespaces_mapping\n"
        "blueprint.yaml:8:11 code 7: node template 'a' has the unknown type 'wbe'\n"
        "blueprint.yaml:11:30 code 106: node template 'b': 'prot' is not a property that is "
        "declared\n"
        "blueprint.yaml:11:24 code 105: node template 'b': 'port' must be integer, got string "
        "\"80\"\n"
        "blueprint.yaml:13:15 code 26: there is no relationship type 'near'\n");
}

TEST_CASE("what stands below an unknown type is looked at all the same", "[dsl]") {
  Loaded bp(R"(node_types:
  host: {}
  db:
    derived_from: hots
    properties:
      size: {type: integre}
  cache:
    derived_from: db
    propertis: {}
plugins:
  p: {executor: central_deployment_agent, install: false}
node_templates:
  a:
    type: cache
    properties: {name: {get_input: nmae}}
    interfaces:
      i: {go: {implementation: q.mod.go, inputs: {x: {get_property: [SELF, anything]}}}}
    relationships:
      - {type: near, target: b}
      - {type: near, target: nobody}
  b:
    type: hots
)");
  CHECK(bp.errors() ==
        "blueprint.yaml:5:19 code 103: there is no type 'hots', from which 'db' is derived\n"
        "blueprint.yaml:7:20 code 103: there is no type 'integre'\n"
        "blueprint.yaml:10:5 code 1: 'propertis' is not a key of a node type; known keys: "
        "derived_from, interfaces, properties, runtime_properties\n"
        "blueprint.yaml:18:32 code 10: operation 'i.go' maps to 'q.mod.go', which is "
        "neither of a plugin nor a script\n"
        "blueprint.yaml:23:11 code 7: node template 'b' has the unknown type 'hots'\n"
        "blueprint.yaml:20:16 code 26: there is no relationship type 'near'\n"
        "blueprint.yaml:21:16 code 26: there is no relationship type 'near'\n"
        "blueprint.yaml:21:30 code 25: there is no node template 'nobody' for this relationship of "
        "'a'\n"
        "blueprint.yaml:16:36 : get_input names the unknown input 'nmae'\n");
}

TEST_CASE("a type is no suggestion for its own parent", "[dsl]") {
  Loaded bp("node_types: {web: {derived_from: wbe}}\n");
  CHECK(bp.diagnostics.all().at(0).hint.empty());
}

TEST_CASE("a node may stand in a host whose type is not known", "[dsl]") {
  Loaded bp(R"(plugins: {p: {executor: host_agent, install: false}}
node_types: {app: {interfaces: {i: {go: p.mod.go}}}}
relationships: {cloudify.relationships.contained_in: {}}
node_templates:
  host: {type: hots}
  app:
    type: app
    relationships: [{type: cloudify.relationships.contained_in, target: host}]
)");
  CHECK(bp.codes() == Codes{7});
}

TEST_CASE("a mistake in a function stands at the argument, or at the name", "[dsl]") {
  Loaded bp(R"(node_types: {t: {properties: {p: {default: {q: 1}}}}}
node_templates:
  a: {type: t}
outputs:
  input: {value: {get_input: nothing}}
  node: {value: {get_property: [b, p]}}
  property: {value: {get_property: [a, p, r]}}
  number: {value: {concat: one}}
)");
  CHECK(bp.errors() ==
        "blueprint.yaml:6:30 : get_input names the unknown input 'nothing'\n"
        "blueprint.yaml:7:33 : get_property names the unknown node template 'b'\n"
        "blueprint.yaml:8:43 : get_property: node 'a' has no property 'p.r'\n"
        "blueprint.yaml:9:20 : concat needs a list, got string \"one\"\n");
}

TEST_CASE("near names are suggested, and the way to the mistake is told", "[dsl]") {
  Loaded bp("node_types: {web: {}}\nnode_templates: {a: {type: wbe}}\n");
  const auto& error = bp.diagnostics.all().at(0);
  CHECK(error.hint == "did you mean 'web'?");
  CHECK(error.path == "node_templates.a.type");
  CHECK(error.type == "DSLParsingLogicException");
}

TEST_CASE("a conflict names the first place too", "[dsl]") {
  Loaded bp("imports: [other.yaml]\nnode_types: {web: {}}\n",
            {{"other.yaml", "node_types:\n  web: {}\n"}});
  CHECK(bp.errors() == "other.yaml:2:3 code 4: 'web' is defined twice in 'node_types'\n");
  const auto& note = bp.diagnostics.all().at(0).notes.at(0);
  CHECK(note.message == "first defined here");
  CHECK(to_string(bp.sources, note.range) == "blueprint.yaml:3:14");
}

TEST_CASE("no error lacks a place", "[dsl]") {
  for (const char* text :
       {"[]", "tosca_definitions_version:\n", "node_templates: {a: }\n", "inputs: {a: 1}\n",
        "node_types: {a: {derived_from: b}}\n", "plugins: {p: {}}\n", "imports: [x.yaml]\n",
        "workflows: {w: }\n", "groups: {g: }\n", "policies: {p: }\n", "1: 2\n"}) {
    Loaded bp(text);
    CHECK_FALSE(bp.plan.has_value());
    REQUIRE_FALSE(bp.diagnostics.all().empty());
    for (const auto& each : bp.diagnostics.all())
      CHECK(each.range.is_known());
  }
}

TEST_CASE("the version is required in the main file, and must be known", "[dsl]") {
  const auto errors = [](const char* version) {
    return Loaded(fmt::format("tosca_definitions_version: {}\n", version)).errors();
  };
  CHECK(Loaded("tosca_definitions_version_: x\n")
            .errors()
            .starts_with(
                "blueprint.yaml:1:1 code 27: the main blueprint file must name its DSL version\n"));
  CHECK(errors("") ==
        "blueprint.yaml:1:1 code 27: the main blueprint file must name its DSL version\n");
  CHECK(errors("cloudify_dsl_2_0") ==
        "blueprint.yaml:1:28 code 29: unknown DSL version 'cloudify_dsl_2_0'; known versions: "
        "cloudify_dsl_1_0, cloudify_dsl_1_1, cloudify_dsl_1_2, cloudify_dsl_1_3, "
        "cloudify_dsl_1_4, cloudify_dsl_1_5\n");
  CHECK(errors("1.3") == "blueprint.yaml:1:28 code 1: expected a string, got float\n");
}

TEST_CASE("features of later versions are refused, all at once", "[dsl]") {
  const char* text = R"(tosca_definitions_version: cloudify_dsl_1_1
description: text
node_types: {t: {properties: {p: {required: false}}}}
node_templates: {n: {type: t, capabilities: {}}}
)";
  CHECK(Loaded(text).errors() ==
        "blueprint.yaml:2:1 code 102: the section 'description' needs cloudify_dsl_1_2 or later, "
        "this is cloudify_dsl_1_1\n"
        "blueprint.yaml:3:35 code 102: 'required' needs cloudify_dsl_1_2 or later, this is "
        "cloudify_dsl_1_1\n"
        "blueprint.yaml:4:31 code 102: 'capabilities' needs cloudify_dsl_1_3 or later, this is "
        "cloudify_dsl_1_1\n");
  LoadOptions options;
  options.validate_version = false;
  CHECK(Loaded(text, {}, options).errors() == "");
}

TEST_CASE("an empty section counts as absent, but for a few", "[dsl]") {
  CHECK(Loaded("inputs:\noutputs:\ngroups:\nlabels:\n").errors() == "");
  CHECK(Loaded("plugins:\n").errors() ==
        "blueprint.yaml:2:1 : the section 'plugins' is empty; leave it out\n");
  CHECK(Loaded("inputs: []\n").errors() ==
        "blueprint.yaml:2:9 code 1: expected a dict, got list\n");
}

TEST_CASE("a missing main file is an error", "[dsl]") {
  cfy::base::SourceMap sources;
  cfy::base::Diagnostics diagnostics;
  LoadOptions options;
  options.path = "/nonexistent/blueprint.yaml";
  CHECK_FALSE(load_blueprint(options, sources, diagnostics));
  CHECK(diagnostics.all().at(0).code == 30);
}
