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
  CHECK(failure("{{ 'x'.ljust(1000000000000) }}") == too_large);
  CHECK(failure("{{ 'x'.zfill(1000000000000) }}") == too_large);
  CHECK_THAT(failure("{{ '%99999d' % 1 }}"), Contains("at most 10000"));
  CHECK_THAT(failure("{{ '{:99999}'.format(1) }}"), Contains("at most 10000"));
  CHECK_THAT(failure("{{ ('x' * 1000001)|wordwrap(1) }}"),
             Contains("more than 1000000 characters"));
  CHECK_THAT(failure("{{ ('\n' * 1000001)|indent }}"), Contains("more than 1000000 characters"));
  CHECK(failure("{{ range(1000000000) }}") == "t:1: range() gives 100000 numbers at most");
}

TEST_CASE("a template that takes too long is stopped", "[templates]") {
  const std::string loops = repeated("{% for i in range(1000) %}", 5);
  CHECK_THAT(failure(loops + repeated("{% endfor %}", 5), {.output_bytes = 1000, .steps = 10'000}),
             Contains("gave up after 10000 steps"));
  CHECK_THAT(failure("{{ [1]|batch(1000000000000, 0) }}"), Contains("gave up"));
  CHECK_THAT(failure("{{ [1]|slice(1000000000000) }}"), Contains("gave up"));
  CHECK_THAT(failure("{{ range(100000)|unique|length }}"), Contains("gave up"));
  CHECK_THAT(failure("{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}"),
             Contains("what the template calls is nested too deeply"));
}

TEST_CASE("what goes through a large value takes steps by its size", "[templates]") {
  const std::string large = "{% set t = 'x' * 2000000 %}{% for i in range(1000) %}";
  for (const char* use : {"t|length", "t is upper", "t.count('y')", "t ~ i", "t + 'x'", "t[-1]"}) {
    INFO(use);
    const std::string text = large + "{% set x = " + use + " %}{% endfor %}";
    CHECK_THAT(failure(text, {.output_bytes = 10'000'000, .steps = 10'000}),
               Contains("gave up after 10000 steps"));
  }
}

TEST_CASE("what grows within a template is stopped", "[templates]") {
  const std::string loop = "{% for i in range(100000) %}", end = "{% endfor %}";
  CHECK_THAT(failure("{% set ns = namespace(x=['x' * 1000000]) %}" + loop +
                     "{% set ns.x = ns.x + ns.x %}" + end),
             Contains("the value has more than 67108864 bytes"));
  CHECK_THAT(
      failure("{% set ns = namespace(x=[1]) %}" + loop + "{% set ns.x = [ns.x, ns.x] %}" + end),
      Contains("the value has more than 67108864 bytes"));
  CHECK_THAT(
      failure("{% set ns = namespace(x='a') %}" + loop + "{% set ns.x = ns.x ~ ns.x %}" + end),
      Contains("more than 67108864 bytes"));
  CHECK_THAT(failure(loop + "{% set x = namespace() %}{% set y = joiner() %}" + end),
             Contains("more than 100000 macros and namespaces"));
  CHECK_THAT(
      failure("{% set big = 'x' * 60000000 %}{% set ns = namespace(a=big, b=big, c=big, d=big, "
              "e=big) %}"),
      Contains("the namespace has become too large"));
  CHECK(failure("{% set ns = namespace() %}" + loop + "{% set ns.x = ns %}" + end) == "rendered 0");
  CHECK(failure("{{ (range(20000)|groupby('x', default=1)|length) + "
                "(range(20000)|batch(3)|length) }}") == "rendered 4");
}

TEST_CASE("a variable that is nested too deeply is refused where it is used", "[templates]") {
  json deep = json::array();
  for (int i = 0; i < 600; ++i)
    deep = json::array({std::move(deep)});
  const json variables{{"deep", deep}, {"other", 1}};
  CHECK(*cfy::templates::render("t", "{{ other }}", variables) == "1");
  const auto rendered = cfy::templates::render("t", "\n{{ deep }}", variables);
  REQUIRE_FALSE(rendered);
  CHECK(rendered.error().message() == "t:2: the value is nested too deeply");
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
  CHECK_THAT(failure("{% for " + repeated("(", 500) + "a" + repeated(")", 500) + " in [] %}"),
             Contains("nested too deeply"));
  const std::string maps = "{{ 'x'|map(*(['map'] * 500)) }}";
  CHECK_THAT(failure(maps), Contains("nested too deeply"));
  const std::string blocks = repeated("{% if 1 %}", 90), ends = repeated("{% endif %}", 90);
  CHECK_THAT(failure("{% macro f() %}" + blocks + "{{ f() }}" + ends + "{% endmacro %}{{ f() }}"),
             Contains("nested too deeply"));
  CHECK_THAT(failure("{% macro f() %}{{ 1" + repeated("|default(1)", 300) +
                     "|default(f())}}{% endmacro %}{{ f() }}"),
             Contains("nested too deeply"));
  CHECK_THAT(
      failure("{% for x in [1] recursive %}" + blocks + "{{ loop([1]) }}" + ends + "{% endfor %}"),
      Contains("nested too deeply"));
}

}  // namespace
