// Templates that would take the machine's memory, its time or the stack.
#include <catch2/catch.hpp>

#include "templates/render.hpp"

namespace {

using Catch::Contains;
using nlohmann::json;

std::string failure(const std::string& text, const cfy::templates::Limits& limits = {}) {
  const auto rendered = cfy::templates::render("t", text, json::object(), limits);
  return rendered ? "rendered " + std::to_string(rendered->size()) : rendered.error().message();
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i)
    all += text;
  return all;
}

TEST_CASE("a template that makes too much is stopped", "[templates]") {
  const std::string too_large = "t:1: the template makes a text of more than 67108864 bytes";
  CHECK(failure("{{ 'x' * 1000000000000 }}") == too_large);
  CHECK(failure("{{ [1] * 9223372036854775807 }}") == too_large);
  CHECK(failure("{{ 'x'|center(1000000000000) }}") == too_large);
  CHECK(failure("{{ 'x'|indent(1000000000000) }}") == too_large);
  CHECK_THAT(failure("{% set a = 'x' * 1000000 %}{% for i in range(100) %}{{ a }}{% endfor %}"),
             Contains("more than 67108864 bytes"));
  CHECK(failure("{{ range(1000000000) }}") == "t:1: range() gives 100000 numbers at most");
}

TEST_CASE("a template that takes too long is stopped", "[templates]") {
  const std::string loops = repeated("{% for i in range(1000) %}", 5);
  CHECK_THAT(failure(loops + repeated("{% endfor %}", 5), {.output_bytes = 1000, .steps = 10'000}),
             Contains("gave up after 10000 steps"));
}

TEST_CASE("what is nested too deeply is refused", "[templates]") {
  CHECK_THAT(failure("{{ " + repeated("(", 5000) + " }}"), Contains("too"));
  CHECK_THAT(failure("{{ " + repeated("[", 900) + repeated("]", 900) + " }}"),
             Contains("nested too deeply"));
  CHECK_THAT(failure("{{ " + repeated("not ", 1900) + "1 }}"), Contains("nested too deeply"));
  CHECK_THAT(failure("{{ " + repeated("-", 1900) + "1 }}"), Contains("nested too deeply"));
  CHECK(failure("{{ 1" + repeated("+1", 100'000) + " }}") == "t:1: this expression is too long");
  CHECK_THAT(failure("{% set a = [] %}" + repeated("{% set a = [a] %}", 5000) + "{{ a }}"),
             Contains("the value is nested too deeply"));
  CHECK_THAT(failure(repeated("{% if 1 %}", 5000)), Contains("nested too deeply"));
}

}  // namespace
