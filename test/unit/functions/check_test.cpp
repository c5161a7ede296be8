// What is said of functions before anything is evaluated.
#include "functions/check.hpp"

#include <map>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace cfy::functions;

namespace {

class Blueprint final : public Catalog {
 public:
  bool has_input(std::string_view name) const override { return name == "size"; }
  bool has_node(std::string_view name) const override { return nodes_.contains(name); }
  const json* find_properties(std::string_view node) const override {
    const auto found = nodes_.find(node);
    return found == nodes_.end() ? nullptr : &found->second;
  }
  std::vector<std::string> input_names() const override { return {"size"}; }
  std::vector<std::string> node_names() const override { return {"web", "db"}; }
  int dsl_minor() const override { return minor; }

  int minor = 5;

 private:
  std::map<std::string, json, std::less<>> nodes_ = {
      {"web", json::parse(R"({"ports": [80, 81], "url": {"get_input": "size"}})")},
      {"db", json::object()}};
};

cfy::schema::Problems check(const char* text, Place place = {Scope::node_template, "web", ""},
                            int minor = 5) {
  Blueprint blueprint;
  blueprint.minor = minor;
  cfy::schema::Problems problems;
  check_functions(json::parse(text), place, blueprint, problems);
  return problems;
}

std::string type_of(const char* text, Place place = {Scope::node_template, "web", ""}) {
  const auto problems = check(text, place);
  return problems.empty() ? "" : problems.front().type;
}

}  // namespace

TEST_CASE("get_input must name an input") {
  CHECK(type_of(R"({"get_input": "size"})").empty());
  CHECK(type_of(R"({"get_input": ["size", 0, "a"]})").empty());
  CHECK(type_of(R"({"get_input": "sise"})") == "UnknownInputError");
  CHECK(check(R"({"get_input": "sise"})").front().hint == "did you mean 'size'?");
  CHECK(type_of(R"({"get_input": {"concat": ["si", "ze"]}})").empty());
  CHECK(type_of(R"({"get_input": 5})") == "ValueError");
  CHECK(type_of(R"({"get_input": []})") == "ValueError");
}

TEST_CASE("get_property must lead to a property") {
  CHECK(type_of(R"({"get_property": ["SELF", "ports", 1]})").empty());
  CHECK(type_of(R"({"get_property": ["web", "ports", -1]})").empty());
  CHECK(type_of(R"({"get_property": ["web", "ports", 2]})") == "FunctionEvaluationError");
  CHECK(type_of(R"({"get_property": ["web", "ports", "x"]})") == "FunctionEvaluationError");
  CHECK(type_of(R"({"get_property": ["web", "prots"]})") == "FunctionEvaluationError");
  CHECK(check(R"({"get_property": ["web", "prots"]})").front().hint == "did you mean 'ports'?");
  CHECK(type_of(R"({"get_property": ["wep", "ports"]})") == "KeyError");
  CHECK(type_of(R"({"get_property": ["web", "url", "anything", "below"]})").empty());
  CHECK(type_of(R"({"get_property": ["web"]})") == "ValueError");
}

TEST_CASE("SELF is for nodes, SOURCE and TARGET are for relationships") {
  const Place relationship{Scope::relationship, "web", "db"};
  const Place outputs{Scope::outputs, "", ""};
  CHECK(type_of(R"({"get_attribute": ["SELF", "x"]})").empty());
  CHECK(type_of(R"({"get_attribute": ["SOURCE", "x"]})") == "ValueError");
  CHECK(type_of(R"({"get_attribute": ["TARGET", "x"]})", relationship).empty());
  CHECK(type_of(R"({"get_property": ["SOURCE", "ports"]})", relationship).empty());
  CHECK(type_of(R"({"get_property": ["TARGET", "ports"]})", relationship) ==
        "FunctionEvaluationError");
  CHECK(type_of(R"({"get_attribute": ["SELF", "x"]})", relationship) == "ValueError");
  CHECK(type_of(R"({"get_property": ["SELF", "ports"]})", outputs) == "ValueError");
  CHECK(type_of(R"({"get_attributes_list": ["SELF", "x"]})", outputs) == "ValueError");
}

TEST_CASE("attributes must be of nodes that exist") {
  CHECK(type_of(R"({"get_attribute": ["db", "x", "y", 0]})").empty());
  CHECK(type_of(R"({"get_attribute": ["dd", "x"]})") == "KeyError");
  CHECK(type_of(R"({"get_attribute": [{"get_input": "size"}, "x"]})").empty());
  CHECK(type_of(R"({"get_attributes_dict": ["db", "x", ["y", "z"]]})").empty());
  CHECK(type_of(R"({"get_attributes_dict": ["db", "y.z", ["y", "z"]]})") ==
        "FunctionEvaluationError");
}

TEST_CASE("concat and merge are younger than the DSL") {
  const Place place{Scope::outputs, "", ""};
  CHECK(check(R"({"concat": ["a"]})", place, 0).front().type == "FunctionValidationError");
  CHECK(check(R"({"concat": ["a"]})", place, 1).empty());
  CHECK(check(R"({"merge": [{}]})", place, 2).front().type == "FunctionValidationError");
  CHECK(check(R"({"merge": [{}, {"get_input": "size"}]})", place, 3).empty());
  CHECK(type_of(R"({"merge": [{}, 2]})") == "FunctionValidationError");
  CHECK(type_of(R"({"concat": "ab"})") == "ValueError");
}

TEST_CASE("the other functions look at their arguments") {
  CHECK(type_of(R"({"get_secret": "x"})").empty());
  CHECK(type_of(R"({"get_secret": ["x"]})") == "FunctionValidationError");
  CHECK(type_of(R"({"get_capability": ["d", "c", 0]})").empty());
  CHECK(type_of(R"({"get_capability": ["d"]})") == "ValueError");
  CHECK(type_of(R"({"get_group_capability": ["g", ["a", "b"]]})").empty());
  CHECK(type_of(R"({"get_group_capability": ["g", {"a": 1}]})") == "ValueError");
  CHECK(type_of(R"({"get_environment_capability": "c"})").empty());
  CHECK(type_of(R"({"get_environment_capability": ["c"]})") == "FunctionValidationError");
  CHECK(type_of(R"({"get_label": ["k", "0"]})").empty());
  CHECK(type_of(R"({"get_label": ["k", "x"]})") == "FunctionValidationError");
  CHECK(type_of(R"({"get_sys": ["deployment", "owner"]})").empty());
  CHECK(type_of(R"({"get_sys": ["deployment", "size"]})") == "UnknownSysPropertyError");
  CHECK(type_of(R"({"get_sys": ["planet", "name"]})") == "UnknownSysEntityError");
  CHECK(type_of(R"({"get_consumers": "count"})").empty());
  CHECK(type_of(R"({"get_consumers": "all"})") == "ValueError");
  CHECK(type_of(R"({"string_find": ["a"]})") == "FunctionValidationError");
  CHECK(type_of(R"({"string_replace": ["a", "b", "c", "d"]})") == "FunctionValidationError");
  CHECK(type_of(R"({"string_split": ["a", "b", 0]})").empty());
  CHECK(type_of(R"({"string_upper": 5})") == "FunctionValidationError");
}

TEST_CASE("all problems are found, each with its path") {
  const auto problems = check(
      R"({"a": [{"get_input": "x"}, {"concat": [{"get_input": "y"}]}], "b": {"get_inputs": 1}})");
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].path == cfy::schema::Path{"a", "0"});
  CHECK(problems[1].path == cfy::schema::Path{"a", "1", "concat", "0"});
}

TEST_CASE("requirements are collected in order, with repetitions") {
  json requirements = {{"secrets", json::array()}, {"parent_capabilities", json::array()}};
  collect_requirements(json::parse(R"([{"get_secret": "a"}, {"get_environment_capability": "c"},
      {"concat": [{"get_secret": ["b", "k"]}, {"get_secret": "a"}]}])"),
                       requirements);
  CHECK(requirements["secrets"] == json::parse(R"(["a", ["b", "k"], "a"])"));
  CHECK(requirements["parent_capabilities"] == json::parse(R"([["c"]])"));
}
