// Parameters of workflows.
#include "deploy/parameters.hpp"

#include "fixture.hpp"

using namespace cfy::deploy;
using cfy::plan::Plan;

namespace {

Plan plan_with_workflow(const char* schemas) {
  Plan plan;
  plan.inputs = {{"speed", "fast"}};
  plan.workflows["scale"].parameters = json::parse(schemas);
  plan.workflows["install"];
  plan.declared_at["workflows.scale.parameters.delta"] = "b.yaml:7:5";
  return plan;
}

struct Checked {
  std::optional<json> parameters;
  std::vector<cfy::base::Diagnostic> found;
};

Checked check(const char* schemas, GivenValues given, ParameterOptions options = {},
              const char* workflow = "scale") {
  cfy::base::Diagnostics diagnostics;
  Checked checked;
  checked.parameters =
      check_parameters(plan_with_workflow(schemas), workflow, given, options, diagnostics);
  checked.found = diagnostics.all();
  return checked;
}

Checked check(const char* schemas, const char* given) {
  return check(schemas, to_given(json::parse(given)));
}

}  // namespace

TEST_CASE("defaults fill what is not given, null is one, and what is optional stays absent") {
  const char* schemas = R"({"a": {"default": 1}, "b": {"default": null}, "c": {"required": false},
                            "d": {"default": {"x": 1, "y": 2}}})";
  CHECK(check(schemas, "{}").parameters ==
        json::parse(R"({"a": 1, "b": null, "d": {"x": 1, "y": 2}})"));
  CHECK(check(schemas, R"({"d": {"x": 9}})").parameters->at("d") == json({{"x", 9}}));
}

TEST_CASE("all mandatory parameters that are missing and all unknown ones are told at once") {
  const Checked checked = check(R"({"delta": {}, "name": {}})", R"({"detla": 1, "zzz": 2})");
  CHECK_FALSE(checked.parameters.has_value());
  REQUIRE(checked.found.size() == 4);
  CHECK(checked.found[0].message ==
        "parameter 'delta' is mandatory and was not given (declared b.yaml:7:5)");
  CHECK(checked.found[1].path == "workflows.scale.parameters.name");
  CHECK(checked.found[2].message == "parameter 'detla' is not declared by workflow 'scale'");
  CHECK(checked.found[2].hint == "did you mean 'delta'?");
  CHECK(checked.found[3].hint ==
        "others than the declared ones are passed on with --allow-custom-parameters");
}

TEST_CASE("custom parameters pass when allowed") {
  ParameterOptions options;
  options.allow_custom = true;
  CHECK(check("{}", {{"x", {"5", true}}}, options).parameters == json({{"x", 5}}));
}

TEST_CASE("values are converted and checked like on a server") {
  const char* schemas =
      R"({"n": {"type": "integer", "constraints": [{"less_than": 9}], "default": 1},
                            "s": {"type": "string", "default": ""}, "f": {"type": "boolean", "default": false}})";
  CHECK(check(schemas, R"({"n": "5", "f": "True"})").parameters ==
        json::parse(R"({"n": 5, "s": "", "f": true})"));
  CHECK(check(schemas, R"({"n": 10})").found.size() == 1);
  CHECK(check(schemas, R"({"s": 5})").found.front().message ==
        "parameter 's' must be string, got integer 5");
  CHECK(check(schemas, {{"s", {"5", true}}}).parameters->at("s") == "5");
}

TEST_CASE("a default is taken as it is, even where it breaks its schema") {
  CHECK(check(R"({"n": {"type": "integer", "default": "x"}})", "{}").parameters ==
        json({{"n", "x"}}));
}

TEST_CASE("functions in defaults and in given values are evaluated") {
  const char* schemas = R"({"a": {"default": {"get_input": "speed"}}, "b": {}})";
  CHECK(check(schemas, R"({"b": {"concat": ["very ", {"get_input": "speed"}]}})").parameters ==
        json({{"a", "fast"}, {"b", "very fast"}}));
  CHECK(check(schemas, R"({"b": {"get_input": "none"}})").found.front().type ==
        "UnknownInputError");
}

TEST_CASE("an unknown workflow is answered with those that exist") {
  const Checked checked = check("{}", {}, {}, "instal");
  REQUIRE(checked.found.size() == 1);
  CHECK(checked.found[0].message == "there is no workflow 'instal'; workflows: install, scale");
  CHECK(checked.found[0].hint == "did you mean 'install'?");
}
