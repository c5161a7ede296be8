// Dotted paths: read, written, refused.
#include "script/property_path.hpp"

#include <catch2/catch.hpp>

namespace {

using cfy::script::find_at;
using cfy::script::parse_path;
using cfy::script::set_at;
using nlohmann::json;

const json kData = json::parse(R"({"a": {"b": [1, {"c": "x"}]}, "dash-ed": 1, "null": null})");

std::string read(const std::string& path) {
  const auto steps = parse_path(path);
  if (!steps) return "no path";
  const json* found = find_at(kData, *steps);
  return found == nullptr ? "nothing" : found->dump();
}

TEST_CASE("paths lead through objects and lists", "[property_path]") {
  CHECK(read("a.b[1].c") == "\"x\"");
  CHECK(read("a.b[0]") == "1");
  CHECK(read("a.b") == R"([1,{"c":"x"}])");
  CHECK(read("dash-ed") == "1");
  CHECK(read("null") == "null");
}

TEST_CASE("paths that lead nowhere find nothing", "[property_path]") {
  for (const char* path : {"x", "a.x", "a.b[2]", "a.b.c", "a[0]", "dash-ed.x", "a.b[1].c.d"})
    CHECK(read(path) == "nothing");
}

TEST_CASE("what is no path is told apart", "[property_path]") {
  for (const char* path :
       {"", ".", "a.", ".a", "a..b", "a[", "a[]", "a[x]", "a[1", "a[1]x", "a[-1]"})
    CHECK(read(path) == "no path");
}

std::string written(const std::string& path, const json& value, json root = json::object()) {
  return set_at(root, parse_path(path).value(), value) ? root.dump() : "refused " + root.dump();
}

TEST_CASE("setting makes the objects on the way", "[property_path]") {
  CHECK(written("a", 1) == R"({"a":1})");
  CHECK(written("a.b.c", 1) == R"({"a":{"b":{"c":1}}})");
  CHECK(written("a.b", 2, {{"a", {{"b", 1}, {"c", 1}}}}) == R"({"a":{"b":2,"c":1}})");
  CHECK(written("a[1].x", 2, json::parse(R"({"a":[0,{"x":1}]})")) == R"({"a":[0,{"x":2}]})");
  CHECK(written("a[1]", 2, json::parse(R"({"a":[0]})")) == R"({"a":[0,2]})");
}

TEST_CASE("setting what does not fit changes nothing", "[property_path]") {
  CHECK(written("a.b", 1, {{"a", "text"}}) == R"(refused {"a":"text"})");
  CHECK(written("a[0]", 1) == "refused {}");
  CHECK(written("x.y[3]", 1) == "refused {}");
  CHECK(written("a[2]", 1, json::parse(R"({"a":[0]})")) == R"(refused {"a":[0]})");
}

}  // namespace
