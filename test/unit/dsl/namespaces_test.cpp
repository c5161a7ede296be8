#include <catch2/catch.hpp>

#include "blueprint_fixture.hpp"

using namespace cfy::dsl;

namespace {
const File kSub = {"sub.yaml", R"(
inputs: {i: {default: 1}}
data_types: {d: {properties: {x: {default: 1}}}}
plugins: {pl: {executor: central_deployment_agent, install: false}}
relationships: {cloudify.relationships.depends_on: {}, r: {}}
node_types:
  t:
    properties: {p: {type: d}, q: {default: {get_input: i}}}
    interfaces: {f: {op: {implementation: pl.x, inputs: {v: {default: {get_property: [SELF, q]}}}}}}
node_templates:
  a: {type: t}
  b:
    type: t
    relationships:
      - {type: r, target: a}
      - {type: cloudify.relationships.depends_on, target: a}
groups: {g: {members: [a]}}
policies: {s: {type: cloudify.policies.scaling, targets: [g]}}
workflows: {w: {mapping: pl.w, parameters: {z: {type: d}}}}
outputs: {o: {value: {concat: [{get_attribute: [a, k]}, {get_secret: s}]}}}
)"};
}  // namespace

TEST_CASE("a namespace stands before all names and before what refers to them", "[dsl]") {
  Loaded bp("imports: [ns--sub.yaml]\n", {kSub});
  REQUIRE(bp.errors() == "");
  const json& plan = bp.as_json;
  CHECK(plan["inputs"].contains("ns--i"));
  CHECK(bp.node(1)["id"] == "ns--b");
  CHECK(bp.node(1)["type"] == "ns--t");
  CHECK(bp.node(1)["properties"]["q"] == json{{"get_input", "ns--i"}});
  CHECK(bp.node(1)["relationships"][0]["type"] == "ns--r");
  CHECK(bp.node(1)["relationships"][0]["target_id"] == "ns--a");
  CHECK(bp.node(1)["relationships"][1]["type"] == "cloudify.relationships.depends_on");
  const json& operation = bp.node(0)["operations"]["f.op"];
  CHECK(operation["plugin"] == "ns--pl");
  CHECK(operation["inputs"]["v"] == json{{"get_property", {"SELF", "q"}}});
  CHECK(plan["groups"]["ns--g"]["members"] == json{"ns--a"});
  CHECK(plan["policies"]["ns--s"]["targets"] == json{"ns--g"});
  CHECK(plan["workflows"]["ns--w"]["parameters"]["z"]["type"] == "ns--d");
  CHECK(plan["outputs"]["ns--o"]["value"] ==
        json{{"concat", {{{"get_attribute", {"ns--a", "k"}}}, {{"get_secret", "s"}}}}});
}

TEST_CASE("one file may come in under several namespaces, which nest", "[dsl]") {
  const File sub = {"sub.yaml", "node_types: {t: {}}\nnode_templates: {a: {type: t}}\n"};
  Loaded bp("imports: [x--mid.yaml, y--sub.yaml]\n",
            {sub, {"mid.yaml", "imports: [z--sub.yaml]\n"}});
  REQUIRE(bp.errors() == "");
  CHECK(bp.node(0)["id"] == "y--a");
  CHECK(bp.node(1)["id"] == "x--z--a");
}

TEST_CASE("the basic types come in once, in no namespace", "[dsl]") {
  CHECK(Loaded("imports: [ns--cloudify/types/types.yaml]\n").codes() == Codes{214});
  Loaded bp("imports: [cloudify/types/types.yaml, ns--sub.yaml]\n",
            {{"sub.yaml",
              "imports: [cloudify/types/types.yaml]\n"
              "node_templates: {n: {type: cloudify.nodes.Root, interfaces: {f: {op: "
              "agent.run}}}}\n"}});
  CHECK(bp.errors() == "");
  CHECK(bp.node(0)["operations"]["op"]["plugin"] == "agent");
}

TEST_CASE("a script of a namespaced file is found under its own name", "[dsl]") {
  Loaded bp("imports: [cloudify/types/types.yaml, ns--sub.yaml]\n",
            {{"sub.yaml",
              "node_templates: {n: {type: cloudify.nodes.Root, interfaces: {f: {op: s/a.sh}}}}\n"},
             {"s/a.sh", "#!/bin/sh\n"}});
  CHECK(bp.errors() == "");
  CHECK(bp.node(0)["operations"]["op"]["inputs"] == json{{"script_path", "ns--s/a.sh"}});
}

TEST_CASE("a blueprint import brings the blueprint with all its imports", "[dsl]") {
  LoadOptions options;
  options.find_blueprint = [](const std::string&) {
    return std::filesystem::path("other/blueprint.yaml");
  };
  Loaded bp("imports: [ns--blueprint:other, last.yaml]\nnode_types: {t: {}}\n",
            {{"other/blueprint.yaml",
              "tosca_definitions_version: cloudify_dsl_1_5\n"
              "imports: [more.yaml]\nnode_templates: {a: {type: t}}\n"},
             {"other/more.yaml", "node_types: {t: {}}\nnode_templates: {b: {type: t}}\n"},
             {"last.yaml", "node_templates: {c: {type: t}}\n"}},
            options);
  REQUIRE(bp.errors() == "");
  CHECK(bp.node(0)["id"] == "ns--a");
  CHECK(bp.node(1)["id"] == "ns--b");
  CHECK(bp.node(2)["id"] == "c");
  CHECK(bp.as_json["imported_blueprints"] == json{"other"});
  CHECK(bp.as_json["namespaces_mapping"] == json{{"ns", "other"}});
}

TEST_CASE("blueprints are told apart by the whole namespace", "[dsl]") {
  LoadOptions options;
  options.find_blueprint = [](const std::string& id) {
    return std::filesystem::path(id + "/blueprint.yaml");
  };
  const std::vector<File> files = {
      {"a/blueprint.yaml", "node_types: {a: {}}\n"}, {"b/blueprint.yaml", "node_types: {b: {}}\n"},
      {"x.yaml", "imports: ['n--blueprint:a']\n"},   {"y.yaml", "imports: ['n--blueprint:a']\n"},
      {"z.yaml", "imports: ['n--blueprint:b']\n"},   {"bare.yaml", "imports: ['blueprint:a']\n"},
  };
  const auto codes = [&](const char* imports) {
    return Loaded(fmt::format("imports: {}\n", imports), files, options).codes();
  };
  CHECK(codes("[x.yaml, y.yaml]") == Codes{});
  CHECK(codes("[x.yaml, z.yaml]") == Codes{214});
  CHECK(codes("[x.yaml, m--z.yaml]") == Codes{});
  CHECK(codes("[bare.yaml]") == Codes{213});
  CHECK(codes("[m--bare.yaml]") == Codes{});
}

TEST_CASE("inputs of templates and rules of workflows hold no names", "[dsl]") {
  Loaded bp(
      "imports: [ns--sub.yaml]\n",
      {{"sub.yaml",
        "plugins: {pl: {executor: central_deployment_agent, install: false}}\n"
        "node_types: {t: {}}\n"
        "node_templates: {n: {type: t, interfaces: {i: {op: {implementation: pl.x, inputs: "
        "{k: {type: t, a: 1}}}}}}}\n"
        "workflows: {w: {mapping: pl.w, availability_rules: {node_types_required: [t]}}}\n"}});
  REQUIRE(bp.errors() == "");
  CHECK(bp.node(0)["operations"]["op"]["inputs"]["k"] == json{{"type", "t"}, {"a", 1}});
  CHECK(bp.as_json["workflows"]["ns--w"]["availability_rules"]["node_types_required"] == json{"t"});
}

TEST_CASE("policies of groups and their triggers are in the namespace", "[dsl]") {
  Loaded bp(
      "imports: [ns--sub.yaml]\n",
      {{"sub.yaml",
        "node_types: {t: {}}\nnode_templates: {n: {type: t}}\n"
        "policy_types: {p: {source: s}}\npolicy_triggers: {r: {source: s}}\n"
        "groups: {g: {members: [n], policies: {one: {type: p, triggers: {t: {type: r}}}}}}\n"}});
  REQUIRE(bp.errors() == "");
  const json& policy = bp.as_json["groups"]["ns--g"]["policies"]["ns--one"];
  CHECK(policy["type"] == "ns--p");
  CHECK(policy["triggers"]["ns--t"]["type"] == "ns--r");
}

TEST_CASE("a script of an imported blueprint may be missing", "[dsl]") {
  LoadOptions options;
  options.find_blueprint = [](const std::string&) {
    return std::filesystem::path("other/blueprint.yaml");
  };
  Loaded bp("imports: [cloudify/types/types.yaml, ns--blueprint:other]\n",
            {{"other/blueprint.yaml",
              "node_templates: {n: {type: cloudify.nodes.Root, interfaces: {f: {op: s/a.sh}}}}\n"}},
            options);
  REQUIRE(bp.errors() == "");
  CHECK(bp.node(0)["operations"]["op"]["inputs"]["script_path"] == "ns--s/a.sh");
}

TEST_CASE("scripts of an imported blueprint are its own", "[dsl]") {
  LoadOptions options;
  options.find_blueprint = [](const std::string& id) {
    return std::filesystem::path(id + "/blueprint.yaml");
  };
  const std::string imported =
      "tosca_definitions_version: cloudify_dsl_1_5\n"
      "imports: [cloudify/types/types.yaml]\n"
      "node_templates: {n: {type: cloudify.nodes.Root, interfaces: {f: {op: s/a.sh}}}}\n";
  Loaded bp("imports: [cloudify/types/types.yaml, ns--blueprint:other, plain--part.yaml]\n",
            {{"other/blueprint.yaml", imported},
             {"other/s/a.sh", "#!/bin/sh\n"},
             {"part.yaml",
              "node_templates: {n: {type: cloudify.nodes.Root, interfaces: {f: {op: s/a.sh}}}}\n"},
             {"s/a.sh", "#!/bin/sh\n"}},
            options);
  REQUIRE(bp.errors() == "");
  CHECK(bp.node(0)["operations"]["op"]["inputs"]["script_path"] == "ns--s/a.sh");
  CHECK(bp.plan->imported_file("ns--s/a.sh") ==
        (std::filesystem::canonical(bp.folder.path()) / "other/s/a.sh").string());
  CHECK(bp.plan->imported_file("ns--part--s/a.sh") == bp.plan->imported_file("ns--s/a.sh"));
  CHECK(bp.node(1)["operations"]["op"]["inputs"]["script_path"] == "plain--s/a.sh");
  CHECK_FALSE(bp.plan->imported_file("plain--s/a.sh").has_value());
  // What only the imported one has is not there for the importing one.
  CHECK(Loaded("imports: [cloudify/types/types.yaml, ns--blueprint:other]\n"
               "node_templates: {m: {type: cloudify.nodes.Root, interfaces: {f: {op: s/a.sh}}}}\n",
               {{"other/blueprint.yaml", imported}, {"other/s/a.sh", "#!/bin/sh\n"}}, options)
            .codes() == Codes{10});
}
