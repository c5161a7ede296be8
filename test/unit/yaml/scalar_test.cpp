#include <catch2/catch.hpp>

#include "yaml_fixture.hpp"

using cfy::yaml::Loaded;
using nlohmann::json;

namespace {
json scalar(const std::string& text) {
  return Loaded("v: " + text + "\n").json()["v"];
}
}  // namespace

TEST_CASE("booleans are those of YAML 1.1", "[yaml]") {
  for (const char* text : {"yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})
    CHECK(scalar(text) == json(true));
  for (const char* text : {"no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})
    CHECK(scalar(text) == json(false));
  for (const char* text : {"y", "n", "tRue", "yEs", "oFF"})
    CHECK(scalar(text) == json(text));
}

TEST_CASE("integers have five bases and underscores", "[yaml]") {
  CHECK(scalar("12") == 12);
  CHECK(scalar("+12") == 12);
  CHECK(scalar("-7") == -7);
  CHECK(scalar("010") == 8);
  CHECK(scalar("08") == "08");
  CHECK(scalar("0o10") == "0o10");
  CHECK(scalar("0x1F") == 31);
  CHECK(scalar("0b101") == 5);
  CHECK(scalar("1_000") == 1000);
  CHECK(scalar("1:30") == 90);
  CHECK(scalar("22:22") == 1342);
  CHECK(scalar("10:20:30") == 37230);
  CHECK(scalar("1:60") == "1:60");
  CHECK(scalar("0") == 0);
}

TEST_CASE("integers beyond 64 bits keep their digits", "[yaml]") {
  CHECK(scalar("18446744073709551615") == json(18446744073709551615ULL));
  CHECK(scalar("-9223372036854775808") == json(std::numeric_limits<std::int64_t>::min()));
  CHECK(scalar("123456789012345678901234") == "123456789012345678901234");
  CHECK(scalar("0x100000000000000000000") == "1208925819614629174706176");
}

TEST_CASE("a float needs its dot and a sign in its exponent", "[yaml]") {
  CHECK(scalar("1.5") == 1.5);
  CHECK(scalar("5.") == 5.0);
  CHECK(scalar("5.").is_number_float());
  CHECK(scalar(".5") == 0.5);
  CHECK(scalar("1e3") == "1e3");
  CHECK(scalar("1.0e3") == "1.0e3");
  CHECK(scalar("1.0e+3") == 1000.0);
  CHECK(scalar("-.5") == "-.5");
  CHECK(scalar("1:30.5") == 90.5);
  CHECK(scalar("1.2.3") == "1.2.3");
  CHECK(scalar(".inf") == json{{"$float", "inf"}});
  CHECK(scalar("-.INF") == json{{"$float", "-inf"}});
  CHECK(scalar(".NaN") == json{{"$float", "nan"}});
}

TEST_CASE("nulls are written in five ways", "[yaml]") {
  for (const char* text : {"null", "Null", "NULL", "~", ""})
    CHECK(scalar(text).is_null());
  CHECK(scalar("none") == "none");
  CHECK(scalar("\"null\"") == "null");
}

TEST_CASE("dates and times are printed as ISO 8601", "[yaml]") {
  const auto time = [](const char* text) { return json{{"$timestamp", text}}; };
  CHECK(scalar("2020-01-02") == time("2020-01-02"));
  CHECK(scalar("2020-01-02 03:04:05") == time("2020-01-02T03:04:05"));
  CHECK(scalar("2020-01-02T03:04:05Z") == time("2020-01-02T03:04:05+00:00"));
  CHECK(scalar("2020-01-02t3:04:05.25 -5:30") == time("2020-01-02T03:04:05.250000-05:30"));
  CHECK(scalar("2020-1-2") == "2020-1-2");
}

TEST_CASE("a date that does not exist is a mistake", "[yaml]") {
  CHECK(Loaded("a: 2021-02-29").first() == "1:4 '2021-02-29' is not a date that exists");
}

TEST_CASE("tags choose the type", "[yaml]") {
  CHECK(scalar("!!str 12") == "12");
  CHECK(scalar("!!float \"1\"") == 1.0);
  CHECK(scalar("!!int \"0x10\"") == 16);
  CHECK(scalar("!!bool 'Yes'") == true);
  CHECK(scalar("!!null x").is_null());
  CHECK(scalar("!!set {b, a}") == json({"a", "b"}));
  CHECK(scalar("!!binary aGVsbG8=") == json{{"$binary", "aGVsbG8="}});
  CHECK(scalar("!!omap [a: 1, b: 2]") == json::parse(R"([["a",1],["b",2]])"));
}

TEST_CASE("a tag that is unknown or does not fit is a mistake", "[yaml]") {
  CHECK(Loaded("a: !thing 1").first() == "1:4 unknown tag '!thing'");
  CHECK(Loaded("a: !!thing 1").first() == "1:4 unknown tag '!!thing'");
  CHECK(Loaded("a: !!int x").first() == "1:4 'x' is not an integer that can be read");
  CHECK(Loaded("a: !!float x").first() == "1:4 'x' is not a float that can be read");
  CHECK(Loaded("a: !!bool x").first() == "1:4 'x' is not a boolean");
  CHECK(Loaded("a: !!binary '*'").first() == "1:4 this is not base64");
  CHECK(Loaded("a: !!str {}").first() == "1:4 the tag 'tag:yaml.org,2002:str' does not fit a dict");
  CHECK(Loaded("a: !!str []").first() == "1:4 the tag 'tag:yaml.org,2002:str' does not fit a list");
  CHECK(Loaded("a: !!omap [1]").first() == "1:12 each item must be a dict with one entry here");
  CHECK(Loaded("a: =").first() == "1:4 '=' alone has no meaning here; quote it to write the text");
  CHECK(Loaded("a: <<").first() ==
        "1:4 '<<' has a meaning as a key only; quote it to write the text");
}
