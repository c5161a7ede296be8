// The texts that scripts see.
#include "base/json_text.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace base = cfy::base;

namespace {

using cfy::base::plain_value;
using cfy::base::to_python_repr;
using cfy::base::to_python_text;
using cfy::base::to_spaced_json;
using nlohmann::json;

TEST_CASE("JSON for scripts has a blank after each comma and colon", "[json_text]") {
  CHECK(to_spaced_json(json::parse(R"({"a":[1,"b, :c",null],"d":{}})")) ==
        R"({"a": [1, "b, :c", null], "d": {}})");
  CHECK(to_spaced_json(json::array()) == "[]");
  CHECK(to_spaced_json(1.5) == "1.5");
  CHECK(to_spaced_json("ä\"") == R"("ä\"")");
}

TEST_CASE("values print the way the original prints them", "[json_text]") {
  CHECK(to_python_text("plain 'text'") == "plain 'text'");
  CHECK(to_python_text(true) == "True");
  CHECK(to_python_text(nullptr) == "None");
  CHECK(to_python_text(42) == "42");
  CHECK(to_python_text(json::parse(R"({"a":[1,"b",true,null]})")) == "{'a': [1, 'b', True, None]}");
  CHECK(to_python_text(json::array({"it's", "both ' and \"", "a\nb\\"})) ==
        R"(["it's", 'both \' and "', 'a\nb\\'])");
  CHECK(to_python_repr("it's") == "\"it's\"");
  CHECK(to_python_repr(json::array({1, "b"})) == "[1, 'b']");
  CHECK(to_python_text(json::array({std::string("\0\x1f\x7f", 3)})) == R"(['\x00\x1f\x7f'])");
  CHECK(to_python_text(json::array({1e15, 1e16, 2.0, 0.1, 1e-5, -0.0})) ==
        "[1000000000000000.0, 1e+16, 2.0, 0.1, 1e-05, -0.0]");
}

TEST_CASE("plain values hold what JSON lacks as texts", "[json_text]") {
  struct Row {
    const char *given, *plain;
  };
  const Row rows[] = {
      {R"({"$timestamp": "2024-05-06"})", R"("2024-05-06")"},
      {R"({"$float": "-inf"})", R"("-inf")"},
      {R"({"$binary": "aGk="})", R"("aGk=")"},
      {R"({"a": [{"b": {"$float": "nan"}}, 1]})", R"({"a": [{"b": "nan"}, 1]})"},
      {R"({"$timestamp": {"$float": "inf"}})", R"({"$timestamp": "inf"})"},
      {R"({"$float": "inf", "more": 1})", R"({"$float": "inf", "more": 1})"},
      {R"({"$float": 1})", R"({"$float": 1})"},
      {R"({"a": [null, true, 1.5, "$float", [], {}]})",
       R"({"a": [null, true, 1.5, "$float", [], {}]})"},
  };
  for (const Row& row : rows)
    CHECK(plain_value(json::parse(row.given)) == json::parse(row.plain));
}

TEST_CASE("a plain value is moved, not copied", "[json_text]") {
  json value = {{"list", {std::string(100, 'x'), 2}}};
  const void* before = &value["list"][0].get_ref<const std::string&>();
  const json plain = plain_value(std::move(value));
  CHECK(&plain["list"][0].get_ref<const std::string&>() == before);
}

}  // namespace

TEST_CASE("JSON is read up to a depth", "[base]") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(base::parse_json(nested(base::kDeepestJson)));
  const auto deep = base::parse_json(nested(base::kDeepestJson + 1));
  REQUIRE_FALSE(deep.ok());
  CHECK(deep.error().message() == "is nested more than 1000 levels deep");
  CHECK(base::parse_json(nested(base::kDeepestJson + 1), base::kDeepestOwnJson));
  CHECK_FALSE(base::parse_json(nested(500'000)).ok());
  CHECK_FALSE(base::parse_json(std::string(500'000, '{')).ok());
}

TEST_CASE("brackets in texts and beside each other are no depth", "[base]") {
  const std::string brackets(5000, '[');
  CHECK(*base::parse_json("\"" + brackets + "\\\"[\"") == brackets + "\"[");
  std::string wide = "[0";
  for (int i = 0; i < 5000; ++i)
    wide += ",[]";
  CHECK(base::parse_json(wide + "]")->size() == 5001);
}

TEST_CASE("what is no JSON says so", "[base]") {
  for (const char* text : {"", "[", "{'a': 1}", "1e999", "\xFF", "[1] 2"})
    CHECK(base::parse_json(text).error().message() == "is not JSON");
}
