// Texts to declared types, and values of parameters.
#include "schema/convert.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace cfy::schema;

namespace {

struct CheckedParameter {
  json value;
  Problems problems;
};

CheckedParameter check_parameter(const json& value, const char* schema) {
  CheckedParameter checked;
  checked.value = check_execution_value(value, json::parse(schema), {}, {}, checked.problems);
  return checked;
}

}  // namespace

TEST_CASE("texts become numbers as Python reads them") {
  CHECK(convert_text("5", "integer") == json(5));
  CHECK(convert_text(" +1_000 ", "integer") == json(1000));
  CHECK(convert_text("5.5", "integer") == json("5.5"));
  CHECK(convert_text("5_", "integer") == json("5_"));
  CHECK(convert_text("", "integer") == json(""));
  CHECK(convert_text("5", "float") == json(5.0));
  CHECK(convert_text("1e3", "float") == json(1000.0));
  CHECK(convert_text("abc", "float") == json("abc"));
  CHECK(convert_text("TRUE", "boolean") == json(true));
  CHECK(convert_text("false", "boolean") == json(false));
  CHECK(convert_text("1", "boolean") == json("1"));
  CHECK(convert_text("5", "string") == json("5"));
  CHECK(convert_text(true, "integer") == json(true));
}

TEST_CASE("a parameter is converted, then checked") {
  CHECK(check_parameter("5", R"({"type": "integer"})").value == json(5));
  CHECK(check_parameter("x", R"({"type": "integer"})").problems.front().message ==
        "must be integer, got string \"x\"");
  CHECK(check_parameter(true, R"({"type": "integer"})").problems.size() == 1);
  CHECK(check_parameter(3, R"({"type": "float"})").value == json(3));
  CHECK(check_parameter("9", R"({"type": "integer", "constraints": [{"less_than": 5}]})")
            .problems.size() == 1);
}

TEST_CASE("a string parameter must be a string") {
  CHECK(check_parameter("x", R"({"type": "string"})").problems.empty());
  CHECK(check_parameter(5, R"({"type": "string"})").problems.size() == 1);
  CHECK(check_parameter(json::array(), R"({"type": "string"})").problems.size() == 1);
  CHECK(check_parameter(5, "{}").problems.empty());
}

TEST_CASE("items of a list with an item type are converted, too") {
  CHECK(check_parameter({"1", 2}, R"({"type": "list", "item_type": "integer"})").value ==
        json({1, 2}));
  CHECK(
      check_parameter({"1", "x"}, R"({"type": "list", "item_type": "integer"})").problems.size() ==
      1);
}

TEST_CASE("functions pass unchecked") {
  CHECK(check_parameter({{"get_input", "x"}}, R"({"type": "integer"})").problems.empty());
}

TEST_CASE("a given value of a data type takes nothing from the default that it replaces") {
  const json types = json::parse(
      R"({"directory": {"properties": {"host": {}, "port": {"type": "integer", "default": 389}}}})");
  CompleteOptions options;
  options.data_types = &types;
  Problems problems;
  check_execution_value(json::parse(R"({"port": 636})"),
                        json::parse(R"({"type": "directory", "default": {"host": "h"}})"), options,
                        {}, problems);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].code == 107);
}
