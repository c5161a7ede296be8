// Built-in types, the form of functions, and texts for messages.
#include "schema/types.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "schema/function_form.hpp"
#include "schema/problem.hpp"

using namespace cfy::schema;

TEST_CASE("values suit built-in types as at the parse stage") {
  CHECK(suits_builtin_type(5, "integer"));
  CHECK_FALSE(suits_builtin_type(true, "integer"));
  CHECK_FALSE(suits_builtin_type(5.0, "integer"));
  CHECK_FALSE(suits_builtin_type("5", "integer"));
  CHECK(suits_builtin_type(5, "float"));
  CHECK(suits_builtin_type(5.5, "float"));
  CHECK_FALSE(suits_builtin_type(false, "float"));
  CHECK(suits_builtin_type(false, "boolean"));
  CHECK_FALSE(suits_builtin_type(0, "boolean"));
  CHECK(suits_builtin_type(json::array(), "list"));
  CHECK(suits_builtin_type(json::object(), "dict"));
  CHECK_FALSE(suits_builtin_type(json::array(), "dict"));
  CHECK(suits_builtin_type("a+", "regex"));
  CHECK_FALSE(suits_builtin_type("a(", "regex"));
  CHECK_FALSE(suits_builtin_type(1, "regex"));
}

TEST_CASE("strings and types that name things take any value") {
  for (const char* type : {"string", "textarea", "node_id", "operation_name"})
    for (const json& value : {json("x"), json(1), json::array({1}), json::object(), json()})
      CHECK(suits_builtin_type(value, type));
}

TEST_CASE("a timestamp is a scalar, not a map") {
  const json date = {{"$timestamp", "2020-01-02"}};
  CHECK_FALSE(suits_builtin_type(date, "dict"));
  CHECK(suits_builtin_type(date, "string"));
  CHECK(suits_builtin_type({{"$float", "inf"}}, "float"));
  CHECK(describe(date) == "timestamp 2020-01-02");
}

TEST_CASE("id types came with later versions") {
  CHECK(builtin_type_since("integer") == 0);
  CHECK(builtin_type_since("secret_key") == 4);
  CHECK(builtin_type_since("operation_name") == 5);
  CHECK_FALSE(is_builtin_type("my.type"));
}

TEST_CASE("values are described by kind and text, long ones cut") {
  CHECK(describe(5) == "integer 5");
  CHECK(describe("80a") == "string \"80a\"");
  CHECK(describe(nullptr) == "null");
  CHECK(describe(json::array()) == "an empty list");
  CHECK(describe(json({{"a", 1}})) == "dict {\"a\":1}");
  CHECK(describe(std::string(500, 'x')).size() < 80);
}

TEST_CASE("a function is a map of a function's name, and perhaps a type") {
  CHECK(is_function({{"get_input", "x"}}));
  CHECK(find_function({{"get_input", "x"}, {"type", "integer"}})->name == "get_input");
  CHECK(*find_function({{"get_input", "x"}, {"type", "integer"}})->arguments == "x");
  CHECK_FALSE(is_function({{"get_inputs", "x"}}));
  CHECK_FALSE(is_function({{"get_input", "x"}, {"other", 1}}));
  CHECK_FALSE(is_function({{"get_input", "x"}, {"concat", json::array()}}));
  CHECK_FALSE(is_function({{"type", "x"}}));
  CHECK_FALSE(is_function("get_input"));
  CHECK(contains_function({{"a", {1, {{"concat", {1}}}}}}));
  CHECK_FALSE(contains_function({{"a", {1, {{"b", 2}}}}}));
}

TEST_CASE("a problem is told as one sentence") {
  CHECK(to_sentence("input 'x'", {{}, "", "must be integer, got null", {}, ""}) ==
        "input 'x' must be integer, got null");
  CHECK(to_sentence("input 'x'", {{}, "", "must be integer", {"b", "0", "d"}, ""}) ==
        "input 'x': 'b[0].d' must be integer");
}
