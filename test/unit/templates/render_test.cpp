// Values and operators. Expectations are what Jinja2 makes of the same text.
#include <catch2/catch.hpp>

#include "table.hpp"

namespace {

using cfy::test::check_table;

TEST_CASE("values are printed as Python prints them", "[templates]") {
  check_table(
      {{"plain text", "plain text"},
       {"", ""},
       {"{{ name }}", "web"},
       {"a{{name}}b{{ port }}", "awebb8080"},
       {"{{ yes }} {{ nothing }} {{ ratio }} {{ 2.0 }}", "True None 1.5 2.0"},
       {"{{ list }} {{ map }}", "[3, 1, 2] {'a': 1, 'b': 2}"},
       {"[{{ missing }}]", "[]"},
       {"[{{ map.missing }}]", "[]"},
       {"{{ ctx.node.properties.port }}", "80"},
       {"{{ ctx.node.properties['a-b'] }}", "dashed"},
       {"{{ ctx['instance'].id }}", "web_1"},
       {"{{ nodes[1].ip.v4 }} {{ nodes[-1]['id'] }} {{ nodes.0.id }}", "10.0.0.2 n2 n1"},
       {"{{ name[0] }}{{ name[-1] }}{{ umlaut[1] }}", "wbÖ"},
       {"{{ list[1:] }} {{ name[:2] }} {{ name[::-1] }} {{ list[:-1] }}", "[1, 2] we bew [3, 1]"},
       {"{{ 'a' 'b' }} {{ \"it's\" }} {{ 'q\\'q' }} {{ 'x\\ny' }}", "ab it's q'q x\ny"},
       {"{{ [1, 'a', none] }} {{ {'k': [1]} }} {{ (1, 2)[0] }}", "[1, 'a', None] {'k': [1]} 1"},
       {"{{ {'a': {'b': 1}} }}", "{'a': {'b': 1}}"},
       {"{{ '}}' }}{{ '%}' }}", "}}%}"},
       {"{ name } {x} { {", "{ name } {x} { {"}});
}

TEST_CASE("operators mean what they mean in Python", "[templates]") {
  check_table(
      {{"{{ 1 + 2 * 3 }} {{ (1 + 2) * 3 }} {{ 2 ** 10 }}", "7 9 1024"},
       {"{{ 7 / 2 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % 3 }} {{ -7 % 3 }}", "3.5 3 -4 1 2"},
       {"{{ 4 / 2 }} {{ 2 ** -1 }} {{ 1.5 + 1 }}", "2.0 0.5 2.5"},
       {"{{ 'a' + 'b' }} {{ 'a' ~ 1 ~ none }} {{ 'ab' * 2 }} {{ [1] + [2] }}",
        "ab a1None abab [1, 2]"},
       {"{{ 1 == 1.0 }} {{ 1 == true }} {{ '1' == 1 }} {{ 'a' != 'b' }}", "True True False True"},
       {"{{ 1 < 2 <= 2 }} {{ 'a' < 'b' }} {{ 3 > 4 }} {{ [1, 2] < [1, 3] }}",
        "True True False True"},
       {"{{ 1 in list }} {{ 9 not in list }} {{ 'a' in map }} {{ 'we' in name }}",
        "True True True True"},
       {"{{ not yes }} {{ yes and name }} {{ zero or 'x' }} {{ not zero and yes }}",
        "False web x True"},
       {"{{ 'a' if yes else 'b' }} {{ 'a' if zero else 'b' }} [{{ 'a' if zero }}]", "a b []"},
       {"{{ -port }} {{ +port }} {{ - ratio }}", "-8080 8080 -1.5"},
       {"{{ missing == none }} {{ missing != 1 }}", "False True"},
       {"{{ 1 if 2 in list else 3 }}", "1"}});
}

}  // namespace
