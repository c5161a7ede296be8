#include <catch2/catch.hpp>

#include "blueprint_fixture.hpp"

using namespace cfy::dsl;

namespace {

constexpr const char* kPlugins =
    "plugins:\n"
    "  pl: {executor: central_deployment_agent, install: false}\n"
    "  ha: {executor: host_agent, install: false}\n"
    "  script: {executor: host_agent, install: false}\n";

// A node whose type and template declare the operation i.op as given; "-" for not at all.
Loaded merge(const std::string& type, const std::string& node_template) {
  const auto interfaces = [](const std::string& operation) {
    return operation == "-" ? std::string("{}") : fmt::format("{{i: {{op: {}}}}}", operation);
  };
  return Loaded(
      fmt::format("{}node_types:\n  t: {{interfaces: {}}}\n"
                  "node_templates:\n  n: {{type: t, interfaces: {}}}\n",
                  kPlugins, interfaces(type), interfaces(node_template)));
}

const json& operation(const Loaded& bp) {
  return bp.node(0).at("operations").at("i.op");
}

constexpr const char* kFull =
    "{implementation: pl.a, inputs: {x: {default: 1}, y: {default: 2}}, max_retries: 3, "
    "retry_interval: 4, timeout: 5, timeout_recoverable: true, executor: "
    "central_deployment_agent}";

}  // namespace

TEST_CASE("an operation of the type alone has the defaults of its inputs", "[dsl]") {
  const Loaded bp = merge(kFull, "-");
  CHECK(operation(bp)["plugin"] == "pl");
  CHECK(operation(bp)["operation"] == "a");
  CHECK(operation(bp)["inputs"] == json{{"x", 1}, {"y", 2}});
  CHECK(operation(bp)["max_retries"] == 3);
  CHECK(operation(bp)["timeout_recoverable"] == true);
}

TEST_CASE("without an implementation, or with the same, a template lays values over", "[dsl]") {
  for (const char* given : {"{inputs: {x: 10}, max_retries: 0}",
                            "{implementation: pl.a, inputs: {x: 10}, max_retries: 0}",
                            "{implementation: '', inputs: {x: 10}, max_retries: 0}"}) {
    const Loaded bp = merge(kFull, given);
    CHECK(operation(bp)["operation"] == "a");
    CHECK(operation(bp)["inputs"] == json{{"x", 10}, {"y", 2}});
    CHECK(operation(bp)["max_retries"] == 0);
    CHECK(operation(bp)["retry_interval"] == 4);
  }
}

TEST_CASE("another implementation inherits nothing", "[dsl]") {
  const Loaded bp = merge(kFull, "{implementation: pl.b, inputs: {z: 1}}");
  CHECK(operation(bp)["operation"] == "b");
  CHECK(operation(bp)["inputs"] == json{{"z", 1}});
  CHECK(operation(bp)["max_retries"].is_null());
}

TEST_CASE("an empty operation takes the type's away", "[dsl]") {
  for (const char* given : {"{}", "''", ""}) {
    const Loaded bp = merge(kFull, given);
    CHECK(operation(bp)["plugin"] == "");
    CHECK(operation(bp)["inputs"] == json::object());
  }
}

TEST_CASE("an input of the type without a default needs a value", "[dsl]") {
  CHECK(merge("{implementation: pl.a, inputs: {x: {}}}", "-").errors() ==
        "blueprint.yaml:9:3 code 107: node template 'n': operation 'i.op' has no value for its "
        "input 'x'\n");
  CHECK(merge("{implementation: pl.a, inputs: {x: {}}}", "{inputs: {x: 1}}").errors() == "");
  // `required` makes no difference, and null is a default
  CHECK(merge("{implementation: pl.a, inputs: {x: {required: false}}}", "-").codes() == Codes{107});
  CHECK(operation(merge("{implementation: pl.a, inputs: {x: {default: }}}", "-"))["inputs"] ==
        json{{"x", nullptr}});
}

TEST_CASE("values of operation inputs are not checked against the declared types", "[dsl]") {
  const char* type = "{implementation: pl.a, inputs: {x: {type: integer}}}";
  CHECK(operation(merge(type, "{inputs: {x: text}}"))["inputs"] == json{{"x", "text"}});
}

TEST_CASE("dicts among operation inputs carry their type", "[dsl]") {
  const auto check = [](const Loaded& bp) {
    CHECK(operation(bp)["inputs"] == json{{"x", {{"a", 1}, {"type", "dict"}}}, {"y", 2}});
    CHECK(operation(bp)["inputs_types"] == json{{"x", "dict"}});
  };
  check(merge("{implementation: pl.a, inputs: {x: {type: dict}, y: {type: integer}}}",
              "{inputs: {x: {a: 1}, y: 2}}"));
  check(merge("-", "{implementation: pl.a, inputs: {x: {a: 1, type: dict}, y: 2}}"));
  CHECK_FALSE(
      operation(merge("{implementation: pl.a, inputs: {y: {type: integer, default: 1}}}", "-"))
          .contains("inputs_types"));
}

TEST_CASE("operation inputs are declared as inputs of a blueprint are", "[dsl]") {
  const auto codes = [](const char* schema) {
    return Loaded(
               fmt::format("{}data_types: {{d: {{properties: {{p: {{}}, q: {{default: 1}}}}}}}}\n"
                           "node_types: {{t: {{interfaces: {{i: {{op: {{implementation: pl.a, "
                           "inputs: {{x: {}}}}}}}}}}}}}\n",
                           kPlugins, schema))
        .codes();
  };
  CHECK(
      codes("{type: list, item_type: string, display_label: X, constraints: [{min_length: 1}]}") ==
      Codes{});
  CHECK(codes("{type: integer, default: text}") == Codes{105});
  CHECK(codes("{type: d, default: {}}") == Codes{107});
  CHECK(codes("{hidden: true}") == Codes{215});
}

TEST_CASE("defaults of operation inputs are completed, given values are not", "[dsl]") {
  const auto load = [](const char* given) {
    return Loaded(
        fmt::format("{}data_types: {{d: {{properties: {{q: {{default: 1}}}}}}}}\n"
                    "node_types: {{t: {{interfaces: {{i: {{op: {{implementation: pl.a, "
                    "inputs: {{x: {{type: d, default: {{}}}}}}}}}}}}}}}}\n"
                    "node_templates: {{n: {{type: t, interfaces: {{i: {{op: {}}}}}}}}}\n",
                    kPlugins, given));
  };
  CHECK(operation(load("{max_retries: 1}"))["inputs"]["x"] == json{{"q", 1}, {"type", "d"}});
  CHECK(operation(load("{inputs: {x: {}}}"))["inputs"]["x"] == json{{"type", "d"}});
}

TEST_CASE("the bare name is there when one interface alone has it", "[dsl]") {
  Loaded bp(std::string(kPlugins) +
            "node_types: {t: {interfaces: {a: {x: pl.x, y: pl.y}, b: {x: "
            "pl.z}}}}\nnode_templates: {n: {type: t}}\n");
  const json& operations = bp.node(0)["operations"];
  CHECK(operations.size() == 4);
  CHECK_FALSE(operations.contains("x"));
  CHECK(operations.contains("y"));
}

TEST_CASE("the executor is the operation's, else the plugin's", "[dsl]") {
  CHECK(operation(merge("pl.a", "-"))["executor"] == "central_deployment_agent");
  CHECK(operation(merge("{implementation: ha.a, executor: central_deployment_agent}",
                        "-"))["executor"] == "central_deployment_agent");
}

TEST_CASE("scripts are files, URLs and texts of several lines", "[dsl]") {
  const auto load = [](const char* mapping) {
    return Loaded(fmt::format("{}node_types: {{t: {{}}}}\nnode_templates: {{n: {{type: t, "
                              "interfaces: {{i: {{op: {}}}}}}}}}\n",
                              kPlugins, mapping),
                  {{"s/a.sh", "#!/bin/sh\n"}, {"pl.sh", ""}});
  };
  const Loaded file = load("s/a.sh");
  CHECK(operation(file)["plugin"] == "script");
  CHECK(operation(file)["operation"] == "script_runner.tasks.run");
  CHECK(operation(file)["executor"] == "auto");
  CHECK(operation(file)["inputs"] == json{{"script_path", "s/a.sh"}});
  CHECK(operation(load("http://h/a.sh"))["inputs"] == json{{"script_path", "http://h/a.sh"}});
  CHECK(operation(load("\"a\\nb\""))["inputs"] == json{{"script_source", "a\nb"}});
  // a file wins over a plugin whose name it starts with
  CHECK(operation(load("pl.sh"))["plugin"] == "script");
  CHECK(load("{implementation: s/a.sh, inputs: {script_path: x}}").codes() == Codes{60});
  CHECK(load("{implementation: s/a.sh, inputs: {script_source: x}}").codes() == Codes{60});
  // a line end after it makes no script of a mapping, any scheme makes an address of one
  CHECK(operation(load("\"pl.a\\n\""))["plugin"] == "pl");
  CHECK(operation(load("'odd:a'"))["inputs"] == json{{"script_path", "odd:a"}});
}

TEST_CASE("a mapping that leads nowhere is an error where it stands", "[dsl]") {
  CHECK(merge("-", "nope.x").errors() ==
        "blueprint.yaml:9:37 code 10: operation 'i.op' maps to 'nope.x', which is neither of a "
        "plugin nor a script\n");
  CHECK(merge("-", "pl").codes() == Codes{10});
  CHECK(Loaded("plugins: {a: {executor: central_deployment_agent, install: false}, a.b: {executor: "
               "central_deployment_agent, install: false}}\nnode_types: {t: {}}\nnode_templates: "
               "{n: {type: t, interfaces: {i: {op: a.b.c}}}}\n")
            .codes() == Codes{91});
  CHECK(Loaded("node_types: {t: {}}\nnode_templates: {n: {type: t, interfaces: {i: {op: "
               "'http://h/x'}}}}\n")
            .codes() == Codes{61});
}

TEST_CASE("a wrong mapping of a type is told once, however many nodes use it", "[dsl]") {
  Loaded bp(
      "node_types: {t: {interfaces: {i: {op: nope.x}}}}\n"
      "node_templates: {a: {type: t}, b: {type: t}, c: {type: t}}\n");
  CHECK(bp.codes() == Codes{10});
}

TEST_CASE("numbers and names in operations have their limits", "[dsl]") {
  CHECK(merge("{implementation: pl.a, max_retries: -2}", "-").codes() == Codes{0});
  CHECK(merge("{implementation: pl.a, max_retries: -1}", "-").codes() == Codes{});
  CHECK(merge("{implementation: pl.a, retry_interval: -1}", "-").codes() == Codes{0});
  CHECK(merge("{implementation: pl.a, timeout: -1}", "-").codes() == Codes{0});
  CHECK(merge("{implementation: pl.a, executor: nowhere}", "-").codes() == Codes{28});
  CHECK(merge("{implementation: pl.a, nonsense: 1}", "-").codes() == Codes{1});
}

TEST_CASE("a plugin on the host needs a host", "[dsl]") {
  const std::string types = std::string(kPlugins) +
                            "relationships: {cloudify.relationships.contained_in: {}}\n"
                            "node_types: {cloudify.nodes.Compute: {}, t: {interfaces: {i: {op: "
                            "ha.x}}}}\n";
  CHECK(Loaded(types + "node_templates: {n: {type: t}}\n").codes() == Codes{24});
  Loaded bp(types +
            "node_templates: {n: {type: t, relationships: [{type: "
            "cloudify.relationships.contained_in, target: h}]}, h: {type: "
            "cloudify.nodes.Compute}}\n");
  CHECK(bp.errors() == "");
  CHECK(bp.node(0)["host_id"] == "h");
  CHECK(bp.node(1)["host_id"] == "h");
}

TEST_CASE("an operation knows where it is declared", "[dsl]") {
  const Loaded bp = merge("pl.a", "-");
  CHECK(bp.plan->nodes[0].operations->at("i.op")->declared_at == "blueprint.yaml:7:28");
}
