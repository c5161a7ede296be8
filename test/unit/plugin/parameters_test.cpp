#include <catch2/catch.hpp>
#include <cfy/parameters.hpp>

using Catch::Contains;
using cfy::json;
using cfy::Parameters;

namespace {

const Parameters& given() {
  static const Parameters parameters(json{{"port", 80},
                                          {"text", "80a"},
                                          {"yes", true},
                                          {"ratio", 0.5},
                                          {"big", 5'000'000'000},
                                          {"minus", -1},
                                          {"nothing", nullptr},
                                          {"list", {"a", "b"}},
                                          {"dict", {{"a", 1}}}});
  return parameters;
}

template <typename T>
std::string refusal(const char* name) {
  try {
    static_cast<void>(given().get<T>(name));
  } catch (const cfy::NonRecoverable& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a parameter comes as the type that is asked for", "[plugin]") {
  CHECK(given().get<int>("port") == 80);
  CHECK(given().get<double>("port") == 80.0);
  CHECK(given().get<std::string>("text") == "80a");
  CHECK(given().get<bool>("yes"));
  CHECK(given().get<std::int64_t>("big") == 5'000'000'000);
  CHECK(given().get<std::vector<std::string>>("list") == std::vector<std::string>{"a", "b"});
  CHECK(given().get<std::map<std::string, int>>("dict").at("a") == 1);
  CHECK(given().get<json>("dict") == json{{"a", 1}});
  CHECK(given()["dict"]["a"] == 1);
}

TEST_CASE("a parameter of another type is refused with both types", "[plugin]") {
  CHECK_THAT(refusal<int>("text"),
             Contains("parameter 'text' must be an integer") && Contains("got string \"80a\""));
  CHECK_THAT(refusal<bool>("port"), Contains("must be a boolean, got number 80"));
  CHECK_THAT(refusal<int>("yes"), Contains("got boolean true"));
  CHECK_THAT(refusal<std::string>("nothing"), Contains("must be a string, got null"));
  CHECK_THAT(refusal<std::vector<int>>("list"), Contains("a list, each item an integer"));
}

TEST_CASE("a number that does not fit is refused, not cut", "[plugin]") {
  CHECK_THAT(refusal<int>("ratio"), Contains("got number 0.5"));
  CHECK_THAT(refusal<std::int32_t>("big"), Contains("to 2147483647, got number 5000000000"));
  CHECK_THAT(refusal<unsigned>("minus"), Contains("an integer from 0"));
}

TEST_CASE("a missing parameter is refused with what there is", "[plugin]") {
  CHECK_THAT(refusal<int>("prt"), Contains("parameter 'prt' is missing; given: big, dict"));
  CHECK_THROWS_WITH(Parameters(json::object(), "input")["x"], "input 'x' is missing; given: none");
}

TEST_CASE("optional values and defaults stand in for what is missing", "[plugin]") {
  CHECK(given().get<std::optional<int>>("port") == 80);
  CHECK(given().get<std::optional<int>>("nothing") == std::nullopt);
  CHECK(given().get<std::optional<int>>("absent") == std::nullopt);
  CHECK(given().get<int>("absent", 7) == 7);
  CHECK(given().get<int>("port", 7) == 80);
}

TEST_CASE("the rest is what was not named", "[plugin]") {
  const Parameters few(json{{"a", 1}, {"b", 2}, {"c", 3}});
  CHECK(few.rest({"a", "c"}) == json{{"b", 2}});
  CHECK(few.contains("a"));
  CHECK_FALSE(few.contains("d"));
  CHECK(Parameters(json()).all() == json::object());
}
