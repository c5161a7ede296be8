// Inputs of a deployment.
#include "fixture.hpp"

using namespace cfy::deploy;
using cfy::plan::Plan;

namespace {

Plan make_plan(const char* schemas) {
  Plan plan;
  plan.input_schemas = json::parse(schemas);
  plan.data_types = json::parse(
      R"({"address": {"properties": {"host": {"type": "string"}, "port": {"type": "integer", "default": 80}}},
          "ready": {"properties": {"a": {"default": 1}}}})");
  plan.declared_at["inputs.size"] = "blueprint.yaml:5:3";
  return plan;
}

PrepareOptions with(const char* inputs) {
  PrepareOptions options;
  options.inputs = to_given(json::parse(inputs));
  return options;
}

PrepareOptions with_text(const std::string& name, const std::string& text) {
  PrepareOptions options;
  options.inputs[name] = {text, true};
  return options;
}

}  // namespace

TEST_CASE("given inputs win, then defaults, then those of the data type") {
  const Plan plan = make_plan(R"({"a": {"default": 1}, "b": {"default": 2}, "c": {"type": "ready"},
                                  "d": {"required": false}, "e": {"type": "address"}})");
  CHECK(
      prepared(plan, with(R"({"a": 5, "e": {"host": "h"}})")).inputs ==
      json::parse(R"({"a": 5, "b": 2, "c": {"a": 1}, "d": null, "e": {"host": "h", "port": 80}})"));
}

TEST_CASE("all inputs that are missing or unknown are told at once") {
  const auto found =
      refused(make_plan(R"({"size": {}, "name": {"default": null}, "list": {"type": "list"}})"),
              with(R"({"sise": 1})"));
  REQUIRE(found.size() == 4);
  CHECK(found[0].type == "MissingRequiredInputError");
  CHECK(found[0].path == "inputs.list");
  CHECK(found[2].message ==
        "input 'size' is required and was not given (declared blueprint.yaml:5:3)");
  CHECK(found[3].type == "UnknownInputError");
  CHECK(found[3].hint == "did you mean 'size'?");
}

TEST_CASE("values must suit the type, or they have code 214") {
  const auto found =
      refused(make_plan(R"({"size": {"type": "integer"}, "at": {"type": "address"}})"),
              with(R"({"size": "5", "at": {"prot": 1}})"));
  REQUIRE(found.size() == 3);
  CHECK(found[0].path == "inputs.at.prot");
  for (const auto& one : found)
    CHECK(one.code == 214);
  CHECK(found[2].message ==
        "input 'size' must be integer, got string \"5\" (declared blueprint.yaml:5:3)");
}

TEST_CASE("null given for an input is a value, not its absence") {
  CHECK(prepared(make_plan(R"({"a": {"default": 1}})"), with(R"({"a": null})"))
            .inputs["a"]
            .is_null());
  CHECK(refused(make_plan(R"({"a": {"type": "integer"}})"), with(R"({"a": null})")).size() == 1);
}

TEST_CASE("constraints of inputs hold, also for those computed from other inputs") {
  const Plan plan = make_plan(R"({"a": {"default": 5},
      "b": {"type": "integer", "constraints": [{"less_than": {"get_input": "a"}}]}})");
  CHECK(prepared(plan, with(R"({"b": 4})")).inputs["b"] == 4);
  CHECK(refused(plan, with(R"({"b": 6})")).front().type == "ConstraintException");
  CHECK(refused(plan, with(R"({"b": {"get_input": "a"}})")).front().code == 213);
}

TEST_CASE("texts are converted when asked to") {
  const Plan plan = make_plan(R"({"a": {"type": "integer"}})");
  PrepareOptions options = with(R"({"a": "5"})");
  CHECK(refused(plan, options).size() == 1);
  options.input_options.auto_correct_types = true;
  CHECK(prepared(plan, options).inputs["a"] == 5);
}

TEST_CASE("texts of the command line become what is declared") {
  CHECK(prepared(make_plan(R"({"a": {"type": "integer"}})"), with_text("a", "5")).inputs["a"] == 5);
  CHECK(prepared(make_plan(R"({"a": {"type": "boolean"}})"), with_text("a", "yes")).inputs["a"] ==
        true);
  CHECK(prepared(make_plan(R"({"a": {"type": "string"}})"), with_text("a", "5")).inputs["a"] ==
        "5");
  CHECK(prepared(make_plan(R"({"a": {"type": "list"}})"), with_text("a", "[1]")).inputs["a"] ==
        json({1}));
  CHECK(prepared(make_plan(R"({"a": {}})"), with_text("a", "5")).inputs["a"] == 5);
  CHECK(prepared(make_plan(R"({"a": {}})"), with_text("a", "plain text")).inputs["a"] ==
        "plain text");
  CHECK(prepared(make_plan(R"({"a": {"type": "address"}})"), with_text("a", R"({"host": "h"})"))
            .inputs["a"]["port"] == 80);
  CHECK(refused(make_plan(R"({"a": {"type": "list"}})"), with_text("a", "x")).size() == 1);
}

TEST_CASE("who knows YAML can read texts of the command line") {
  PrepareOptions options = with_text("a", "x");
  options.input_options.read_text = [](std::string_view text) { return json({text, 1}); };
  CHECK(prepared(make_plan(R"({"a": {}})"), options).inputs["a"] == json({"x", 1}));
}

TEST_CASE("a value given in a file is wrong there, and its declaration is named") {
  Plan plan = make_plan(R"({"size": {"type": "integer"}})");
  const auto declared = cfy::base::SourceRange{cfy::base::FileId{1}, 5, 3, 5, 7};
  const auto given = cfy::base::SourceRange{cfy::base::FileId{2}, 1, 7, 1, 9};
  plan.places["inputs.size"] = declared;
  PrepareOptions options = with(R"({"size": "five"})");
  options.inputs["size"].value_at = given;
  const auto found = refused(plan, options);
  REQUIRE(found.size() == 1);
  CHECK(found[0].message == "input 'size' must be integer, got string \"five\"");
  CHECK(found[0].range == given);
  REQUIRE(found[0].notes.size() == 1);
  CHECK(found[0].notes[0].range == declared);
}

TEST_CASE("a value of the command line is wrong where its input is declared") {
  Plan plan = make_plan(R"({"size": {"type": "integer"}})");
  plan.places["inputs.size"] = {cfy::base::FileId{1}, 5, 3, 5, 7};
  const auto found = refused(plan, with_text("size", "five"));
  REQUIRE(found.size() == 1);
  CHECK(found[0].range == plan.places["inputs.size"]);
  CHECK(found[0].notes.empty());
}
