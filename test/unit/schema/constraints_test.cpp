// Constraints: their form and what they ask of values.
#include "schema/constraints.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace cfy::schema;

namespace {

Problems check(const json& value, const char* schema, const ValueLookup& lookup = {}) {
  Problems problems;
  check_constraints(value, json::parse(schema), lookup, problems);
  return problems;
}

bool obeys(const json& value, const char* constraint) {
  return check(value, (std::string(R"({"constraints": [)") + constraint + "]}").c_str()).empty();
}

std::optional<int> code_of(const char* definition) {
  const auto problem = check_constraint(json::parse(definition));
  REQUIRE(problem.has_value());
  return problem->code;
}

}  // namespace

TEST_CASE("constraints are one operator and an argument that suits it") {
  CHECK_FALSE(check_constraint({{"less_than", 5}}).has_value());
  CHECK_FALSE(check_constraint({{"pattern", "a+"}, {"error_message", "no"}}).has_value());
  CHECK_FALSE(check_constraint({{"max_length", {{"get_input", "x"}}}}).has_value());
  CHECK(code_of(R"({"less_than": "5"})") == 212);
  CHECK(code_of(R"({"equal": "a"})") == 212);
  CHECK(code_of(R"({"in_range": [1, "UNBOUNDED"]})") == 212);
  CHECK(code_of(R"({"in_range": [1]})") == 212);
  CHECK(code_of(R"({"valid_values": "a"})") == 212);
  CHECK(code_of(R"({"pattern": "("})") == 212);
  CHECK(code_of(R"({"name_pattern": "x"})") == 212);
  CHECK(code_of(R"({"less_then": 5})") == 103);
  CHECK(code_of(R"({"less_than": 5, "equal": 3})") == 103);
  CHECK(code_of(R"([1])") == 1);
  CHECK(check_constraint({{"less_then", 5}})->hint == "did you mean 'less_than'?");
}

TEST_CASE("numbers are compared") {
  CHECK(obeys(3, R"({"equal": 3.0})"));
  CHECK_FALSE(obeys(3, R"({"greater_than": 3})"));
  CHECK(obeys(3, R"({"greater_or_equal": 3})"));
  CHECK(obeys(2.5, R"({"less_than": 3})"));
  CHECK_FALSE(obeys(4, R"({"less_or_equal": 3})"));
  CHECK(obeys(3, R"({"in_range": [1, 3]})"));
  CHECK_FALSE(obeys(4, R"({"in_range": [1, 3]})"));
  CHECK_FALSE(obeys("3", R"({"less_than": 5})"));
}

TEST_CASE("lengths, values and patterns") {
  CHECK(obeys("abc", R"({"length": 3})"));
  CHECK(obeys("äöü", R"({"length": 3})"));
  CHECK_FALSE(obeys(json({1, 2}), R"({"max_length": 1})"));
  CHECK(obeys(json({{"a", 1}}), R"({"min_length": 1})"));
  CHECK_FALSE(obeys(5, R"({"min_length": 1})"));
  CHECK(obeys("a", R"({"valid_values": ["a", "b"]})"));
  CHECK_FALSE(obeys("c", R"({"valid_values": ["a", "b"]})"));
  CHECK(obeys("ab", R"({"pattern": "a"})"));
  CHECK_FALSE(obeys("ba", R"({"pattern": "a"})"));
  CHECK_FALSE(obeys(1, R"({"pattern": "1"})"));
}

TEST_CASE("every constraint that is broken is told, in the author's words if there are some") {
  const auto problems = check(9, R"({"constraints": [{"less_than": 5}, {"valid_values": [1]},
                                     {"equal": 2, "error_message": "only two will do"}]})");
  REQUIRE(problems.size() == 3);
  CHECK(problems[0].type == "ConstraintException");
  CHECK_FALSE(problems[0].code.has_value());
  CHECK(problems[0].message == "is integer 9, which violates the constraint less_than: 5");
  CHECK(problems[2].message == "is integer 9, which is invalid: only two will do");
}

TEST_CASE("an item type is asked of each item, and so are the constraints") {
  const char* schema =
      R"({"type": "list", "item_type": "integer", "constraints": [{"less_than": 5}]})";
  CHECK(check({1, 2}, schema).empty());
  const auto problems = check({1, "a", 7}, schema);
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].code == 105);
  CHECK(problems[0].path == Path{"1"});
  CHECK(problems[1].path == Path{"2"});
}

TEST_CASE("a function cannot be the value of what has constraints") {
  CHECK(check({{"get_input", "x"}}, R"({"constraints": [{"less_than": 5}]})").front().code == 213);
  CHECK(check({{"get_input", "x"}}, "{}").empty());
}

TEST_CASE("values that name things are looked up") {
  const char* schema = R"({"type": "node_id", "constraints": [{"deployment_id": "d"}]})";
  CHECK(check("n", schema).empty());
  const ValueLookup only_m = [](std::string_view type, const json& value, const json& constraints) {
    return type == "node_id" && value == "m" && constraints.size() == 1;
  };
  CHECK(check("m", schema, only_m).empty());
  CHECK(check("n", schema, only_m).size() == 1);
}
