// Evaluation as such: inputs, properties, nesting, circles, limits.
#include <catch2/catch.hpp>

#include "fixture.hpp"

using namespace cfy::functions;

namespace {

World make_world() {
  World world;
  world.inputs = json::parse(
      R"({"size": 3, "deep": {"list": [1, {"k": "v"}]}, "chain": {"get_input": "size"}})");
  world.properties["web"] = json::parse(R"({"port": 80, "same": {"get_property": ["SELF", "port"]},
      "from_input": {"get_input": "deep"}, "secret": {"get_secret": "s"}})");
  world.properties["db"] =
      json::parse(R"({"port": 5432, "of_web": {"get_property": ["web", "same"]}})");
  return world;
}

}  // namespace

TEST_CASE("get_input gives the input, or a part of it") {
  World world = make_world();
  CHECK(prepared(world, R"({"get_input": "size"})") == 3);
  CHECK(prepared(world, R"({"get_input": ["deep", "list", -1, "k"]})") == "v");
  CHECK(prepared(world, R"({"get_input": "chain"})") == 3);
  CHECK(prepared(world, R"({"get_input": "none"})") == "fault: UnknownInputError");
  CHECK(prepared(world, R"({"get_input": ["deep", "zz"]})") == "fault: InputEvaluationError");
  CHECK(prepared(world, R"({"get_input": ["deep", "list", 7]})") == "fault: InputEvaluationError");
  CHECK(prepared(world, R"({"get_input": ["deep", "list", "a"]})") ==
        "fault: InputEvaluationError");
  CHECK(prepared(world, R"({"get_input": ["size", "a"]})") == "fault: FunctionEvaluationError");
}

TEST_CASE("get_input steps into what the value of an input gives") {
  World world = make_world();
  world.inputs.update(json::parse(R"({
      "same": {"get_input": "deep"}, "inner": {"list": {"get_input": ["same", "list"]}},
      "ring": {"get_input": ["ring", "a"]}, "late": {"get_secret": "s"}})"));
  CHECK(prepared(world, R"({"get_input": ["same", "list", 0]})") == 1);
  CHECK(prepared(world, R"({"get_input": ["inner", "list", 1, "k"]})") == "v");
  CHECK(prepared(world, R"({"get_input": ["same", "zz"]})") == "fault: InputEvaluationError");
  CHECK(prepared(world, R"({"get_input": ["ring", "a"]})") ==
        "fault: EvaluationRecursionLimitReached");
  const json late = json::parse(R"({"get_input": ["late", "a"]})");
  CHECK(prepared(world, late.dump().c_str()) == late);
}

TEST_CASE("get_input can ask for a type") {
  World world = make_world();
  CHECK(prepared(world, R"({"get_input": "chain", "type": "integer"})") == 3);
  CHECK(prepared(world, R"({"get_input": "chain", "type": "boolean"})") ==
        "fault: InputEvaluationError");
  CHECK(prepared(world, R"({"get_input": "size", "type": "integer"})") == 3);
  CHECK(prepared(world, R"({"get_input": "size", "type": "boolean"})") ==
        "fault: InputEvaluationError");
}

TEST_CASE("properties are evaluated in the scope of their own node") {
  World world = make_world();
  CHECK(prepared(world, R"({"get_property": ["db", "of_web"]})") == 80);
  CHECK(prepared(world, R"({"get_property": ["SELF", "same"]})", in_node("web")) == 80);
  Context relationship = in_node("db");
  relationship.scope = Scope::relationship;
  relationship.target_node = "web";
  CHECK(prepared(world, R"({"get_property": ["SOURCE", "port"]})", relationship) == 5432);
  CHECK(prepared(world, R"({"get_property": ["TARGET", "same"]})", relationship) == 80);
  CHECK(prepared(world, R"({"get_property": ["SELF", "port"]})", relationship) ==
        "fault: ValueError");
}

TEST_CASE("a path may lead through a function") {
  World world = make_world();
  CHECK(prepared(world, R"({"get_property": ["web", "from_input", "list", 0]})") == 1);
  CHECK(prepared(world, R"({"get_property": ["web", "from_input", "zz"]})") ==
        "fault: FunctionEvaluationError");
}

TEST_CASE("what has to wait for the run stays as written, and so does what is around it") {
  World world = make_world();
  const char* attribute = R"({"get_attribute": ["web", "ip"]})";
  CHECK(prepared(world, attribute) == json::parse(attribute));
  CHECK(prepared(world, R"({"concat": ["a", {"get_input": "size"}, {"get_secret": "s"}]})") ==
        json::parse(R"({"concat": ["a", 3, {"get_secret": "s"}]})"));
  const char* through_secret = R"({"get_property": ["web", "secret", "key"]})";
  CHECK(prepared(world, through_secret) == json::parse(through_secret));
  CHECK(prepared(world, R"({"get_property": ["web", "secret"]})") == json({{"get_secret", "s"}}));
  CHECK(prepared(world, R"({"string_upper": {"get_secret": "s"}})") ==
        "fault: FunctionEvaluationError");
  CHECK(prepared(world, R"({"get_input": {"get_secret": "s"}})") ==
        "fault: FunctionEvaluationError");
}

TEST_CASE("values are evaluated wherever they stand, other data stays") {
  World world = make_world();
  CHECK(prepared(world, R"({"a": [{"b": {"get_input": "size"}}], "c": {"get_inputs": "size"}})") ==
        json::parse(R"({"a": [{"b": 3}], "c": {"get_inputs": "size"}})"));
}

TEST_CASE("circles are found") {
  World world;
  world.properties["n"] = json::parse(R"({"a": {"get_property": ["SELF", "b"]},
      "b": {"get_property": ["SELF", "a"]}, "c": {"get_property": ["SELF", "c"]},
      "d": {"x": {"get_property": ["SELF", "d"]}}})");
  const std::string limit = "fault: EvaluationRecursionLimitReached";
  CHECK(prepared(world, R"({"get_property": ["SELF", "a"]})", in_node("n")) == limit);
  CHECK(prepared(world, R"({"get_property": ["SELF", "c"]})", in_node("n")) == limit);
  CHECK(prepared(world, R"({"get_property": ["SELF", "d"]})", in_node("n")) == limit);
}

namespace {

/// `text` with so many times `before` and `after` around it.
std::string wrapped(int times, const std::string& before, std::string text,
                    const std::string& after) {
  for (int i = 0; i < times; ++i)
    text = before + text + after;
  return text;
}

std::string message_of(const Answer& answer) {
  return answer.ok() ? "ok" : answer.fault->message;
}

}  // namespace

TEST_CASE("functions may be nested fifty deep, data deeper") {
  World world = make_world();
  const std::string size = R"({"get_input": "size"})";
  const std::string evaluations = "the evaluation of payload is nested deeper than 50 evaluations";
  const std::string levels = "the evaluation of payload meets data nested deeper than 1000 levels";
  struct Row {
    int times;
    const char *before, *after;
    std::string message;
  };
  const Row rows[] = {{49, R"({"concat": [)", "]}", "ok"},
                      {50, R"({"concat": [)", "]}", evaluations},
                      {49, R"([{"merge": [{"a": [)", "]}]}]", "ok"},
                      {50, R"([{"merge": [{"a": [)", "]}]}]", evaluations},
                      {900, "[", "]", "ok"},
                      {400, R"([{"a": )", "}]", "ok"},
                      {5'000, "[", "]", levels}};
  for (const Row& row : rows) {
    CAPTURE(row.times, row.before);
    const std::string text = wrapped(row.times, row.before, size, row.after);
    for (const Stage stage : {Stage::deployment, Stage::runtime})
      CHECK(message_of(evaluate(world, text.c_str(), {}, stage)) == row.message);
  }
}

TEST_CASE("deep data that functions give has the same limits") {
  World world = make_world();
  world.add_instance("web", "web_1",
                     {{"deep", json::parse(wrapped(60, R"({"a": )", "1", "}"))},
                      {"deepest", json::parse(wrapped(1'500, "[", "1", "]"))}});
  CHECK(evaluated(world, R"({"get_attribute": ["web", "deep"]})") ==
        world.runtime["web_1"]["deep"]);
  const std::string limit = "fault: EvaluationRecursionLimitReached";
  CHECK(evaluated(world, R"({"get_attribute": ["web", "deepest"]})") == limit);

  // Each property gives 400 levels and, within them, the next property.
  json& properties = world.properties["web"];
  for (const char* next : {"b", "c", "d"}) {
    const std::string function =
        *next == 'd' ? "1" : R"({"get_property": ["web", ")" + std::string(next) + R"("]})";
    properties[std::string(1, static_cast<char>(*next - 1))] =
        json::parse(wrapped(400, "[", function, "]"));
  }
  CHECK(prepared(world, R"({"get_property": ["web", "b"]})") ==
        json::parse(wrapped(800, "[", "1", "]")));
  CHECK(prepared(world, R"({"get_property": ["web", "a"]})") == limit);
}

TEST_CASE("functions that double their data end with an error, not with the memory") {
  World world;
  json& properties = world.properties["n"] = json::object();
  properties["p0"] = std::string(1000, 'x');
  for (int i = 1; i <= 40; ++i) {
    const json one = {{"get_property", {"SELF", "p" + std::to_string(i - 1)}}};
    properties["p" + std::to_string(i)] = {{"concat", {one, one}}};
  }
  CHECK(prepared(world, R"({"get_property": ["SELF", "p40"]})", in_node("n")) ==
        "fault: EvaluationRecursionLimitReached");
}
