#include <atomic>
#include <latch>

#include <catch2/catch.hpp>

#include "blueprint_fixture.hpp"

using namespace cfy::dsl;

namespace {
std::vector<std::string> node_names(const Loaded& bp) {
  std::vector<std::string> names;
  for (const json& node : bp.as_json.at("nodes"))
    names.push_back(node.at("id"));
  return names;
}
const File kType = {"type.yaml", "node_types: {t: {}}\n"};
}  // namespace

TEST_CASE("imports are followed breadth first, each file once", "[dsl]") {
  Loaded bp("imports: [type.yaml, a.yaml, b.yaml]\nnode_templates: {m: {type: t}}\n",
            {kType,
             {"a.yaml", "imports: [c.yaml, blueprint.yaml]\nnode_templates: {a: {type: t}}\n"},
             {"b.yaml", "imports: [c.yaml, a.yaml]\nnode_templates: {b: {type: t}}\n"},
             {"c.yaml", "node_templates: {c: {type: t}}\n"}});
  CHECK(bp.errors() == "");
  CHECK(node_names(bp) == std::vector<std::string>{"m", "a", "b", "c"});
}

TEST_CASE("an import is searched beside its importer first", "[dsl]") {
  Loaded bp("imports: [sub/a.yaml]\nnode_templates: {n: {type: inner}}\n",
            {{"sub/a.yaml", "imports: [b.yaml]\n"},
             {"sub/b.yaml", "node_types: {inner: {}}\n"},
             {"b.yaml", "node_types: {outer: {}}\n"}});
  CHECK(bp.errors() == "");
}

TEST_CASE("a file may be named by its address", "[dsl]") {
  cfy::test::TempDir elsewhere;
  const std::string path = elsewhere.write("type.yaml", kType.text).string();
  for (const char* scheme : {"file://", "file:"})
    CHECK(
        Loaded(fmt::format("imports: ['{}{}']\nnode_templates: {{n: {{type: t}}}}\n", scheme, path))
            .errors() == "");
}

TEST_CASE("in resource folders a file for the DSL version comes first", "[dsl]") {
  LoadOptions options;
  options.resource_roots = {"resources"};
  Loaded bp(
      "tosca_definitions_version: cloudify_dsl_1_3\nimports: [a.yaml, lib/b.yaml]\n"
      "node_templates: {n: {type: plain}, m: {type: versioned}}\n",
      {{"a.yaml", "node_types: {plain: {}}\n"},
       {"a_1_3.yaml", "node_types: {wrong: {}}\n"},
       {"resources/lib/b.yaml", "node_types: {wrong: {}}\n"},
       {"resources/lib/b_1_3.yaml", "node_types: {versioned: {}}\n"}},
      options);
  CHECK(bp.errors() == "");
}

TEST_CASE("what cannot be imported is an error at the import", "[dsl]") {
  CHECK(Loaded("imports: [gone.yaml]\n").errors() ==
        "blueprint.yaml:2:11 code 13: cannot import 'gone.yaml': there is no file 'gone.yaml'\n");
  CHECK(Loaded("imports: ['http://a/b.yaml']\n").errors() ==
        "blueprint.yaml:2:11 code 13: cannot import 'http://a/b.yaml': imports from the network "
        "are not possible here\n");
  CHECK(Loaded("imports: ['plugin:x']\n").errors() ==
        "blueprint.yaml:2:11 code 13: cannot import 'plugin:x': no plugin 'x' is installed\n");
  CHECK(Loaded("imports: ['ns--blueprint:x']\n").errors() ==
        "blueprint.yaml:2:11 code 13: cannot import 'blueprint:x': no blueprint 'x' is known\n");
}

TEST_CASE("names that an unread import may bring are not called unknown", "[dsl]") {
  const char* main =
      "node_templates:\n"
      "  a: {type: gone, relationships: [{type: gone, target: gone}], interfaces: {i: {o: "
      "gone.x}}}\n"
      "  b: {typ: gone}\n"
      "outputs: {o: {value: {get_attribute: [gone, x]}}, p: {value: {get_input: gone}}}\n"
      "workflows: {w: gone.x}\n"
      "groups: {g: {members: [gone]}}\n";
  CHECK(Loaded(std::string("imports: [gone.yaml]\n") + main).codes() == Codes{13, 1, 1});
  CHECK(Loaded(std::string("imports: [bad.yaml]\n") + main, {{"bad.yaml", "a: [\n"}}).codes() ==
        Codes{-1, 1, 1});
  CHECK(Loaded(main).codes().size() > 5);
}

TEST_CASE("imports have one form", "[dsl]") {
  CHECK(Loaded("imports: x.yaml\n").codes() == Codes{1});
  CHECK(Loaded("imports: [[x]]\n").codes() == Codes{1});
  CHECK(Loaded("imports: [x.yaml, x.yaml]\n").codes() == Codes{2, 13});
  CHECK(Loaded("imports: [{a: {}, b: {}}]\n").codes() == Codes{220});
  CHECK(Loaded("imports: [{a: text}]\n").codes() == Codes{1});
  CHECK(Loaded("imports: [null]\n").codes() == Codes{220});
  CHECK(Loaded("imports: [a--b--c.yaml]\n").codes() == Codes{212});
  CHECK(Loaded("imports: ['blueprint:b']\n").codes() == Codes{213});
  CHECK(Loaded("imports: ['n--blueprint:b', 'n--blueprint:c']\n").codes() == Codes{13, 214});
  CHECK(Loaded("imports: ['--type.yaml']\nnode_templates: {n: {type: t}}\n", {kType}).errors() ==
        "");
}

TEST_CASE("properties of an import are plain values or functions", "[dsl]") {
  const auto codes = [](const char* properties, const char* version = "cloudify_dsl_1_5") {
    return Loaded(fmt::format("tosca_definitions_version: {}\nimports: [{{p.yaml: {}}}]\n", version,
                              properties),
                  {{"p.yaml",
                    "plugins: {p: {executor: host_agent, install: false, properties: {s: {type: "
                    "string}, i: {type: integer}, l: {type: list}, d: {type: dict}}}}\n"}})
        .codes();
  };
  CHECK(codes("{s: text, i: true, l: []}") == Codes{});
  CHECK(codes("{s: 5, i: {get_input: x}}") == Codes{});
  CHECK(codes("{s: [a]}") == Codes{221});
  CHECK(codes("{i: text}") == Codes{221});
  CHECK(codes("{z: 1}") == Codes{221});
  CHECK(codes("{d: {get_input: x}}") == Codes{220});
  CHECK(codes("{s: {a: 1}}") == Codes{220, 221});
  CHECK(codes("{s: null}") == Codes{220, 221});
  CHECK(codes("null") == Codes{});
  // files whose plugins have no properties do not mind
  Loaded none("imports: [{p.yaml: {a: 1}}]\n",
              {{"p.yaml", "plugins: {p: {executor: host_agent, install: false}}\n"}});
  CHECK(none.errors() == "");
  CHECK(none.warnings() != "");
}

TEST_CASE("properties of an import need DSL 1.5, their absence does not", "[dsl]") {
  const auto codes = [](const char* properties) {
    return Loaded(fmt::format("tosca_definitions_version: cloudify_dsl_1_4\n"
                              "imports: [{{type.yaml: {}}}]\n",
                              properties),
                  {kType})
        .codes();
  };
  CHECK(codes("{}") == Codes{102});
  CHECK(codes("null") == Codes{});
}

TEST_CASE("a file with the root of all nodes brings the basic types", "[dsl]") {
  const File types = {"t.yaml",
                      "plugins: {script: {executor: host_agent, install: false}}\n"
                      "node_types: {cloudify.nodes.Root: {}}\n"};
  // what it defines comes before what the blueprint has under the name
  Loaded bp(
      "imports: [t.yaml]\n"
      "plugins: {script: {executor: central_deployment_agent, install: false}}\n",
      {types});
  CHECK(bp.errors() == "");
  CHECK(bp.plan->plugins.at("script").executor == "host_agent");
  CHECK(Loaded("imports: [ns--t.yaml]\n", {types}).codes() == Codes{214});
  CHECK(Loaded("imports: [ns--t.yaml]\n",
               {{"t.yaml", "metadata: {cloudify_types: true}\nnode_types: {a: {}}\n"}})
            .codes() == Codes{});
}

TEST_CASE("a section without a value cannot be put together with that of another file", "[dsl]") {
  CHECK(Loaded("imports: [a.yaml]\ninputs:\n", {{"a.yaml", "inputs: {a: {}}\n"}}).codes() ==
        Codes{0});
  CHECK(Loaded("imports: [a.yaml]\ninputs: {a: {}}\n", {{"a.yaml", "inputs:\n"}}).codes() ==
        Codes{0});
  CHECK(Loaded("imports: [a.yaml]\ninputs:\n", {{"a.yaml", "inputs: {}\n"}}).codes() == Codes{});
  CHECK(Loaded("imports: [a.yaml]\n", {{"a.yaml", "inputs:\n"}}).codes() == Codes{});
}

TEST_CASE("an imported file may not be newer than the main file", "[dsl]") {
  const auto codes = [](const char* main, const char* imported) {
    return Loaded(fmt::format("tosca_definitions_version: {}\nimports: [a.yaml]\n", main),
                  {{"a.yaml", fmt::format("tosca_definitions_version: {}\n", imported)}})
        .codes();
  };
  CHECK(codes("cloudify_dsl_1_3", "cloudify_dsl_1_5") == Codes{28});
  CHECK(codes("cloudify_dsl_1_5", "cloudify_dsl_1_3") == Codes{});
  CHECK(codes("cloudify_dsl_1_5", "cloudify_dsl_9") == Codes{29});
  CHECK(codes("cloudify_dsl_1_5", "") == Codes{1});
}

TEST_CASE("the importing file's description and metadata count", "[dsl]") {
  Loaded bp("imports: [a.yaml]\ndescription: main\nmetadata: {x: 1}\n",
            {{"a.yaml", "description: other\nmetadata: {y: 2}\n"}});
  CHECK(bp.as_json["description"] == "main");
  CHECK(bp.as_json["metadata"] == json{{"x", 1}});
}

TEST_CASE("names that start with cloudify. are taken from the later file", "[dsl]") {
  Loaded bp(
      "imports: [a.yaml]\nnode_types: {cloudify.nodes.X: {}}\n"
      "node_templates: {n: {type: cloudify.nodes.X}}\n",
      {{"a.yaml", "node_types: {cloudify.nodes.X: {properties: {p: {default: 1}}}}\n"}});
  CHECK(bp.node(0)["properties"] == json{{"p", 1}});
}

TEST_CASE("labels and resource tags are taken from the first file", "[dsl]") {
  Loaded bp("imports: [a.yaml]\nlabels: {a: {values: [x]}}\nresource_tags: {t: 1}\n",
            {{"a.yaml", "labels: {a: {values: [y]}, b: {values: [z]}}\nresource_tags: {t: 2}\n"}});
  CHECK(bp.as_json["labels"] == json{{"a", {{"values", {"x"}}}}, {"b", {{"values", {"z"}}}}});
  CHECK(bp.as_json["resource_tags"] == json{{"t", 1}});
}

TEST_CASE("before DSL 1.3 inputs stand in one file only", "[dsl]") {
  const auto codes = [](const char* version) {
    return Loaded(fmt::format(
                      "tosca_definitions_version: {}\nimports: [a.yaml]\ninputs: {{a: {{}}}}\n",
                      version),
                  {{"a.yaml", "inputs: {b: {}}\n"}})
        .codes();
  };
  CHECK(codes("cloudify_dsl_1_2") == Codes{3});
  CHECK(codes("cloudify_dsl_1_3") == Codes{});
}

TEST_CASE("dsl_definitions count in the main file only", "[dsl]") {
  const char* old = "tosca_definitions_version: cloudify_dsl_1_0\n";
  CHECK(Loaded(std::string(old) + "imports: [a.yaml]\n", {{"a.yaml", "dsl_definitions: {a: 1}\n"}})
            .codes() == Codes{});
  CHECK(Loaded(std::string(old) + "dsl_definitions: {a: 1}\n").codes() == Codes{102});
  CHECK(Loaded("dsl_definitions: text\n").codes() == Codes{1});
  CHECK(Loaded("dsl_definitions: [a]\n").codes() == Codes{});
}

TEST_CASE("policies stand in one file only", "[dsl]") {
  CHECK(Loaded("imports: [a.yaml]\npolicies: {}\n", {{"a.yaml", "policies: {}\n"}}).codes() ==
        Codes{3});
}

TEST_CASE("an importing file may add relationships to an imported node", "[dsl]") {
  const char* types = "node_types: {t: {}}\nrelationships: {r: {}}\n";
  Loaded bp(std::string(types) +
                "imports: [a.yaml]\n"
                "node_templates: {a: {relationships: [{type: r, target: b}]}, b: {type: t}}\n",
            {{"a.yaml", "node_templates: {a: {type: t}}\n"}});
  CHECK(bp.errors() == "");
  CHECK(bp.node(0)["relationships"].size() == 1);
  Loaded other_way(std::string(types) +
                       "imports: [a.yaml]\nnode_templates: {a: {type: t, relationships: [{type: r, "
                       "target: b}]}, b: {type: t}}\n",
                   {{"a.yaml", "node_templates: {a: {relationships: [{type: r, target: b}]}}\n"}});
  CHECK(other_way.errors() == "");
  CHECK(other_way.node(0)["type"] == "t");
  CHECK(other_way.node(0)["relationships"].size() == 2);
  CHECK(Loaded(std::string(types) + "imports: [a.yaml]\nnode_templates: {a: {relationships: []}}\n",
               {{"a.yaml", "node_templates: {a: {properties: {}}}\n"}})
            .codes() == Codes{4, 1});
  Loaded wrong(std::string(types) + "imports: [a.yaml]\nnode_templates: {a: {type: t}}\n",
               {{"a.yaml", "node_templates: {a: {relationships: []}}\n"}});
  CHECK(wrong.codes() == Codes{4});
}

TEST_CASE("resolver rules replace a prefix; the text as written comes last", "[dsl]") {
  LoadOptions options;
  options.import_rules = {{"http://old/", "gone/"}, {"http://old/", "new/"}};
  Loaded bp("imports: ['http://old/a.yaml']\nnode_templates: {n: {type: t}}\n",
            {{"new/a.yaml", "node_types: {t: {}}\n"}}, options);
  CHECK(bp.errors() == "");
}

TEST_CASE("a rule may lead to the bundled types, and a failing one is told", "[dsl]") {
  LoadOptions options;
  options.import_rules = {{"plugin:p", "gone.yaml"}, {"http://old/types", "cloudify/types/types"}};
  Loaded bp(
      "imports: ['http://old/types.yaml']\n"
      "node_templates: {n: {type: cloudify.nodes.Root}}\n",
      {}, options);
  CHECK(bp.errors() == "");
  CHECK(Loaded("imports: ['plugin:p']\n", {}, options).errors() ==
        "blueprint.yaml:2:11 code 13: cannot import 'plugin:p': no plugin 'p' is installed; by an "
        "import rule, 'gone.yaml': there is no file 'gone.yaml'\n");
}

TEST_CASE("without fallback a URL is only read where a rule leads to it", "[dsl]") {
  LoadOptions options;
  options.reads_unmatched_urls = false;
  options.import_rules = {{"http://old/", "new/"}};
  options.fetch_url = [](const std::string&) { return std::string("node_types: {}\n"); };
  CHECK(Loaded("imports: ['http://old/a.yaml', b.yaml]\n", {{"new/a.yaml", ""}, {"b.yaml", ""}},
               options)
            .errors() == "");
  CHECK(Loaded("imports: ['http://other/a.yaml']\n", {}, options).errors() ==
        "blueprint.yaml:2:11 code 13: cannot import 'http://other/a.yaml': no import rule leads to "
        "it, and 'fallback' is off\n");
}

TEST_CASE("the old addresses of the basic types mean the bundled ones", "[dsl]") {
  for (const char* url : {"http://www.getcloudify.org/spec/cloudify/3.4/types.yaml",
                          "https://cloudify.co/spec/cloudify/5.0.5/types.yaml",
                          "https://raw.githubusercontent.com/cloudify-cosmo/cloudify-manager/4.2/"
                          "resources/rest-service/cloudify/types/types.yaml",
                          "https://github.com/someone/cloudify-manager/raw/feature/x/resources/"
                          "rest-service/cloudify/types/types.yaml"}) {
    INFO(url);
    CHECK(Loaded(fmt::format("imports: ['{}', cloudify/types/types.yaml]\n"
                             "node_templates: {{n: {{type: cloudify.nodes.Root}}}}\n",
                             url))
              .errors() == "");
  }
  for (const char* url : {"http://www.getcloudify.org/spec/aws-plugin/1.4/plugin.yaml",
                          "https://raw.githubusercontent.com/a/b/c/types.yaml",
                          "http://getcloudify.org.example.com/spec/cloudify/3.4/types.yaml"})
    CHECK(Loaded(fmt::format("imports: ['{}']\n", url)).codes() == Codes{13});
}

TEST_CASE("an installed plugin stands in for an address of its plugin.yaml that fails", "[dsl]") {
  cfy::test::TempDir store;
  const auto file = store.write("plugin.yaml", "node_types: {metal: {}}\n");
  LoadOptions options;
  std::atomic<int> fetched = 0;
  options.fetch_url = [&](const std::string& url) -> cfy::base::Result<std::string> {
    ++fetched;
    return cfy::base::make_error(cfy::base::ErrorKind::io, "cannot fetch '{}': gone", url);
  };
  options.find_plugin =
      [&](const PluginImport& import) -> cfy::base::Result<std::filesystem::path> {
    if (import.name == "cloudify-metal-plugin" &&
        import.versions == std::vector<std::string>{"==1.3"})
      return file;
    return cfy::base::make_error(cfy::base::ErrorKind::not_found, "none");
  };
  const auto load = [&](const std::string& url) {
    return Loaded(fmt::format("imports: ['{}']\nnode_templates: {{n: {{type: metal}}}}\n", url), {},
                  options)
        .errors();
  };
  for (const char* url :
       {"https://raw.githubusercontent.com/anyone/cloudify-metal-plugin/1.3/plugin.yaml",
        "https://raw.githubusercontent.com/anyone/cloudify-metal-plugin/refs/tags/v1.3/plugin.yaml",
        "https://github.com/x/cloudify-metal-plugin/releases/download/v1.3/plugin_1_4.yaml",
        "http://repository.example.org/wagons/cloudify-metal-plugin/1.3/plugin.yaml?raw=1"})
    CHECK(load(url) == "");
  CHECK(fetched == 4);
  CHECK(load("http://www.getcloudify.org/spec/metal-plugin/1.3/plugin.yaml") == "");
  CHECK(fetched == 4);
  for (const char* url :
       {"http://www.getcloudify.org/spec/metal-plugin/1.4/plugin.yaml",
        "https://raw.githubusercontent.com/anyone/cloudify-metal-plugin/master/plugin.yaml",
        "https://raw.githubusercontent.com/anyone/metal/1.3/plugin.yaml",
        "https://raw.githubusercontent.com/anyone/cloudify-metal-plugin/1.3/types.yaml",
        "https://cloudify-metal-plugin/1.3/plugin.yaml"}) {
    INFO(url);
    CHECK(load(url).find(fmt::format("cannot import '{}': gone\n", url)) != std::string::npos);
  }
}

TEST_CASE("the addresses that one file imports are fetched side by side, each once", "[dsl]") {
  std::latch all_asked(3);
  LoadOptions options;
  std::atomic<int> fetched = 0;
  options.fetch_url = [&](const std::string& url) -> cfy::base::Result<std::string> {
    ++fetched;
    all_asked.arrive_and_wait();
    if (url.ends_with("c.yaml")) return cfy::base::Error(cfy::base::ErrorKind::io, "no");
    return fmt::format("node_types: {{{}: {{}}}}\n", url.substr(9, 1));
  };
  Loaded bp(
      "imports: ['http://h/a.yaml', 'http://h/b.yaml', 'http://h/c.yaml']\n"
      "node_templates: {n: {type: a}, m: {type: b}}\n",
      {}, options);
  CHECK(bp.errors() == "blueprint.yaml:2:49 code 13: cannot import 'http://h/c.yaml': no\n");
  CHECK(fetched == 3);
}

TEST_CASE("URLs go through the hook, and names inside are relative to them", "[dsl]") {
  LoadOptions options;
  std::vector<std::string> fetched;
  options.fetch_url = [&](const std::string& url) -> cfy::base::Result<std::string> {
    fetched.push_back(url);
    return std::string(url.ends_with("a.yaml") ? "imports: [b.yaml]\n" : "node_types: {t: {}}\n");
  };
  Loaded bp("imports: ['http://h/x/a.yaml']\nnode_templates: {n: {type: t}}\n", {}, options);
  CHECK(bp.errors() == "");
  CHECK(fetched == std::vector<std::string>{"http://h/x/a.yaml", "http://h/x/b.yaml"});
}

TEST_CASE("a plugin import asks for the plugin's file by name and version", "[dsl]") {
  LoadOptions options;
  std::string asked;
  cfy::test::TempDir store;
  const auto file = store.write("plugin.yaml",
                                "plugins: {p: {executor: central_deployment_agent, "
                                "install: false, properties: {key: {type: string}}}}\n");
  options.find_plugin =
      [&](const PluginImport& import) -> cfy::base::Result<std::filesystem::path> {
    asked = fmt::format("{}@{}@{}", import.name, fmt::join(import.versions, "|"), import.dsl_minor);
    return file;
  };
  Loaded bp("imports: [{'plugin:p?version=1.2': {key: secret}}]\n", {}, options);
  CHECK(bp.errors() == "");
  CHECK(asked == "p@1.2@5");
  Loaded(
      "tosca_definitions_version: cloudify_dsl_1_3\nimports: "
      "['plugin:p?version=%3E%3D1&distribution=centos&version=<2']\n",
      {}, options);
  CHECK(asked == "p@>=1|<2@3");
  CHECK(Loaded("imports: ['plugin:p?vers=1']\n", {}, options).errors() ==
        "blueprint.yaml:2:11 code 13: cannot import 'plugin:p?vers=1': 'vers' is no parameter of a "
        "plugin import; there are: version, distribution\n");
  CHECK(Loaded("imports: ['plugin:?version=1']\n", {}, options).codes() == Codes{13});
  CHECK(bp.plan->plugins.at("p").properties["key"]["value"] == "secret");
  CHECK(Loaded("imports: [{'plugin:p': {kye: 1}}]\n", {}, options).errors() ==
        "blueprint.yaml:2:25 code 221: the plugin 'p' has no property 'kye'\n");
}
