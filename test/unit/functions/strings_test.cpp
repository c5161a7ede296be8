// concat, merge and the string functions.
#include <limits>

#include <catch2/catch.hpp>

#include "fixture.hpp"
#include "functions/texts.hpp"

using namespace cfy::functions;

TEST_CASE("concat joins values as Python writes them") {
  World world;
  CHECK(prepared(world, R"({"concat": ["a", 1, 1.5, true, null, [1, "x"], {"k": "v"}]})") ==
        "a11.5TrueNone[1, 'x']{'k': 'v'}");
  CHECK(prepared(world, R"({"concat": []})") == "");
}

TEST_CASE("Python's texts of values") {
  CHECK(python_text(1.0) == "1.0");
  CHECK(python_text(1e16) == "1e+16");
  CHECK(python_text(1e-5) == "1e-05");
  CHECK(python_text(123456789.125) == "123456789.125");
  CHECK(python_text(-std::numeric_limits<double>::infinity()) == "-inf");
  CHECK(python_text(json({"it's", "a\"b'c", "l\n"})) == R"(["it's", 'a"b\'c', 'l\n'])");
  CHECK(python_text({{"$timestamp", "2020-01-02T03:04:05"}}) == "2020-01-02 03:04:05");
}

TEST_CASE("merge lets later maps win, at the first level") {
  World world;
  CHECK(prepared(world, R"({"merge": [{"a": {"x": 1}, "b": 1}, {"a": {"y": 2}}]})") ==
        json::parse(R"({"a": {"y": 2}, "b": 1})"));
  world.inputs["text"] = "x";
  CHECK(prepared(world, R"({"merge": [{"a": 1}, {"get_input": "text"}]})") == "fault: ValueError");
}

TEST_CASE("string_find counts characters") {
  World world;
  CHECK(prepared(world, R"({"string_find": ["äbc", "c"]})") == 2);
  CHECK(prepared(world, R"({"string_find": ["abc", "z"]})") == -1);
  CHECK(prepared(world, R"({"string_find": ["abc", ""]})") == 0);
}

TEST_CASE("string_replace replaces all, or as many as asked") {
  World world;
  CHECK(prepared(world, R"({"string_replace": ["a.b.c", ".", "--"]})") == "a--b--c");
  CHECK(prepared(world, R"({"string_replace": ["a.b.c", ".", "", 1]})") == "ab.c");
  CHECK(prepared(world, R"({"string_replace": ["a.b", ".", "-", 0]})") == "a.b");
  CHECK(prepared(world, R"({"string_replace": ["a.b", ".", "-", -1]})") == "a-b");
  CHECK(prepared(world, R"({"string_replace": ["äb", "", "-"]})") == "-ä-b-");
  CHECK(prepared(world, R"({"string_replace": ["ab", "", "-", 2]})") == "-a-b");
}

TEST_CASE("string_split gives the parts, or one of them") {
  World world;
  CHECK(prepared(world, R"({"string_split": ["a,b,", ","]})") == json({"a", "b", ""}));
  CHECK(prepared(world, R"({"string_split": ["a,b", ",", -1]})") == "b");
  CHECK(prepared(world, R"({"string_split": ["a,b", ",", 5]})") == "fault: IndexError");
  CHECK(prepared(world, R"({"string_split": ["a,b", ""]})") == "fault: ValueError");
}

TEST_CASE("string_lower and string_upper change the case") {
  World world;
  world.inputs["text"] = "AbC";
  CHECK(prepared(world, R"({"string_lower": {"get_input": "text"}})") == "abc");
  CHECK(prepared(world, R"({"string_upper": "abC1"})") == "ABC1");
  world.inputs["text"] = 5;
  CHECK(prepared(world, R"({"string_lower": {"get_input": "text"}})") ==
        "fault: FunctionValidationError");
}
