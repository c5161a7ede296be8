// Values against schemas and data types.
#include "schema/complete.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace cfy::schema;

namespace {

const json kTypes = json::parse(R"({
  "address": {"properties": {
    "host": {"type": "string"},
    "port": {"type": "integer", "default": 80},
    "path": {"type": "string", "required": false}}},
  "service": {"properties": {
    "at": {"type": "address", "default": {"port": 80}},
    "name": {"type": "string", "default": "web"}}}
})");

struct Checked {
  json value;
  Problems problems;
};

Checked complete(const json& value, const char* type, bool require_all = true) {
  Checked checked;
  checked.value = complete_value(value, type, nullptr, {&kTypes, require_all}, checked.problems);
  return checked;
}

Checked complete_map(const char* given, const char* schemas) {
  Checked checked;
  checked.value = complete_properties(json::parse(given), json::parse(schemas), {&kTypes, true},
                                      checked.problems);
  return checked;
}

}  // namespace

TEST_CASE("a value of a data type gets the defaults of the type") {
  CHECK(complete({{"host", "a"}}, "address").value == json({{"host", "a"}, {"port", 80}}));
  CHECK(complete({{"at", {{"host", "h"}}}}, "service").value ==
        json::parse(R"({"at": {"host": "h", "port": 80}, "name": "web"})"));
}

TEST_CASE("what is missing, unknown or ill-typed is reported with its path") {
  const Checked checked = complete({{"at", {{"prot", 1}, {"port", "x"}}}}, "service");
  REQUIRE(checked.problems.size() == 3);
  CHECK(checked.problems[0].code == 106);
  CHECK(checked.problems[0].path == Path{"at", "prot"});
  CHECK(checked.problems[0].hint == "did you mean 'port'?");
  CHECK(checked.problems[1].code == 107);
  CHECK(checked.problems[1].path == Path{"at"});
  CHECK(checked.problems[2].code == 105);
  CHECK(checked.problems[2].path == Path{"at", "port"});
  CHECK(checked.problems[2].message == "must be integer, got string \"x\"");
}

TEST_CASE("a value with a problem is given back as it was") {
  CHECK(complete({{"port", "x"}, {"host", "h"}}, "address").value ==
        json({{"port", "x"}, {"host", "h"}}));
}

TEST_CASE("defaults of types may be incomplete") {
  CHECK(complete(json::object(), "address", false).problems.empty());
  Problems problems;
  const auto value = complete_default({{"type", "service"}}, {&kTypes, false}, problems);
  CHECK(problems.empty());
  CHECK(value == json::parse(R"({"at": {"port": 80}, "name": "web"})"));
  CHECK_FALSE(complete_default({{"type", "integer"}}, {&kTypes, false}, problems).has_value());
}

TEST_CASE("functions are not checked") {
  CHECK(complete({{"get_input", "x"}}, "address").problems.empty());
  CHECK(complete({{"get_input", "x"}}, "integer").problems.empty());
}

TEST_CASE("null suits strings and untyped properties only") {
  CHECK(complete(nullptr, "").problems.empty());
  CHECK(complete(nullptr, "string").problems.empty());
  CHECK(complete(nullptr, "integer").problems.size() == 1);
  CHECK(complete(nullptr, "address").problems.size() == 1);
}

TEST_CASE("an unknown type is named with the one that was meant") {
  const Checked checked = complete(1, "adress");
  REQUIRE(checked.problems.size() == 1);
  CHECK(checked.problems[0].code == 103);
  CHECK(checked.problems[0].hint == "did you mean 'address'?");
}

TEST_CASE("properties that are not required and have no default stay absent") {
  const Checked checked =
      complete_map("{}", R"({"a": {"required": false}, "b": {"default": null}})");
  CHECK(checked.problems.empty());
  CHECK(checked.value == json({{"b", nullptr}}));
}

TEST_CASE("use_external_resource makes all properties optional") {
  const char* schemas =
      R"({"use_external_resource": {"type": "boolean", "default": false}, "size": {}})";
  CHECK(complete_map("{}", schemas).problems.front().code == 107);
  CHECK(complete_map(R"({"use_external_resource": true})", schemas).problems.empty());
  CHECK(complete_map(R"({"use_external_resource": {"get_input": "x"}})", schemas)
            .problems.front()
            .code == 219);
}

TEST_CASE("a derived schema replaces the base's by name, but merges defaults of one data type") {
  const json base = json::parse(R"({
    "size": {"type": "integer", "default": 1},
    "at": {"type": "address", "default": {"host": "base", "port": 1}},
    "kept": {"default": "k"}})");
  const json derived = json::parse(R"({
    "size": {"type": "string"},
    "at": {"type": "address", "default": {"port": 2}, "initial_default": {"port": 2}}})");
  const json merged = merge_property_schemas(base, derived, {&kTypes, false});
  CHECK(merged["size"] == json({{"type", "string"}}));
  CHECK(merged["kept"]["default"] == "k");
  CHECK(merged["at"]["default"] == json({{"host", "base"}, {"port", 2}}));
}
