// The texts that scripts see.
#include "base/json_text.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace {

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

}  // namespace
