// The command line of the program ctx.
#include <catch2/catch.hpp>

#include "ctx/arguments.hpp"

namespace {

using cfy::ctx::Arguments;
using cfy::ctx::parse_arguments;
using nlohmann::json;
using Words = std::vector<std::string>;

Arguments parsed(const Words& words) {
  const auto result = parse_arguments(words);
  REQUIRE(std::holds_alternative<Arguments>(result));
  return std::get<Arguments>(result);
}
std::string refused(const Words& words) {
  const auto result = parse_arguments(words);
  REQUIRE(std::holds_alternative<std::string>(result));
  return std::get<std::string>(result);
}

TEST_CASE("arguments are texts, and JSON behind the prefix", "[ctx]") {
  const std::vector<std::pair<Words, json>> table{
      {{"node", "properties", "a.b"}, {"node", "properties", "a.b"}},
      {{"returns", "@42"}, {"returns", 42}},
      {{"returns", R"(@{"a": [1, null]})"}, {"returns", {{"a", {1, nullptr}}}}},
      {{"returns", "@\"text\""}, {"returns", "text"}},
      {{"returns", ""}, {"returns", ""}},
      {{"returns", "a@1"}, {"returns", "a@1"}},
      {{"--json-arg-prefix", "%", "returns", "%1", "@1"}, {"returns", 1, "@1"}},
      {{"returns", "%%1", "--json-arg-prefix=%%"}, {"returns", 1}},
      {{"logger", "info", "--", "-j", "--"}, {"logger", "info", "-j", "--"}},
      {{"-j", "instance", "id"}, {"instance", "id"}},
      {{"instance", "id", "-j"}, {"instance", "id"}}};
  for (const auto& [words, args] : table) {
    INFO(json(words));
    CHECK(parsed(words).args == args);
  }
}

TEST_CASE("options may stand anywhere, with a blank or =", "[ctx]") {
  CHECK(parsed({"a"}).timeout_s == 30);
  CHECK(parsed({"-t", "2.5", "a"}).timeout_s == 2.5);
  CHECK(parsed({"a", "--timeout=7"}).timeout_s == 7);
  CHECK(parsed({"--socket-url", "http://x", "a"}).socket_url == "http://x");
  CHECK(parsed({"--socket-url=http://x"}).socket_url == "http://x");
  CHECK(parsed({"--json-output", "a"}).json_output);
  CHECK_FALSE(parsed({"a"}).json_output);
  CHECK(parsed({"--help"}).help);
}

TEST_CASE("what makes no sense is refused in a sentence", "[ctx]") {
  CHECK(refused({"returns", "@{"}) == "'@{' starts with @, and what follows is not JSON");
  CHECK(refused({"-t", "soon", "a"}) == "the timeout must be a number of seconds, not 'soon'");
  CHECK(refused({"-t", "-1", "a"}) == "the timeout must be a number of seconds, not '-1'");
  CHECK(refused({"a", "-t"}) == "-t needs a value");
  CHECK(refused({"a", "--socket-url"}) == "--socket-url needs a value");
}

}  // namespace
