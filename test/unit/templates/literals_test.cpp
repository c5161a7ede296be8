// Texts, numbers and collections as expressions have them.
#include <catch2/catch.hpp>

#include "table.hpp"

namespace {

using cfy::test::check_table;

TEST_CASE("texts have the escapes of Python", "[templates]") {
  check_table({{"{{ '\\x41\\u00e4\\101\\U0001F600' }}", "AäA😀"},
               {"{{ 'a\\\nb' }}", "ab"},
               {"{{ '\\q\\d' }} {{ '\\a\\b\\f\\v'|length }} {{ 'C:\\\\dir' }}", "\\q\\d 4 C:\\dir"},
               {"{{ '\\0'|length }}{{ '\\1018' }}", "1A8"}});
}

TEST_CASE("numbers", "[templates]") {
  check_table(
      {{"{{ 0x1f }} {{ 0b101 }} {{ 0o17 }} {{ 1_000 }} {{ 1e3 }} {{ 1.5e-3 }} {{ 2E2 }} {{ 00 }}",
        "31 5 15 1000 1000.0 0.0015 200.0 0"},
       {"{{ nodes.0.id }} {{ [[1, 2]].0.1 }} {{ 1e15 }} {{ 1e16 }} {{ 1e-5 }}",
        "n1 2 1000000000000000.0 1e+16 1e-05"},
       {"{{ '%s' % 9223372036854775807 }}", "9223372036854775807"}});
}

TEST_CASE("tuples, ranges and the views of dicts are printed as what they are", "[templates]") {
  check_table(
      {{"{{ (1, 2) }} {{ (1,) }} {{ () }} {{ 1, 2 }} {{ 1, }} {{ (1) }} {{ [(1, 'a')] }}",
        "(1, 2) (1,) () (1, 2) (1,) 1 [(1, 'a')]"},
       {"{{ range(3) }} {{ range(1, 7, 2) }} {{ range(3, 0, -1)|list }} {{ range(3)[-1] }} {{ "
        "range(9)[2:4]|list }}",
        "range(0, 3) range(1, 7, 2) [3, 2, 1] 2 [2, 3]"},
       {"{{ map.items() }} {{ map.keys() }} {{ map.values() }} {{ map.items()|list }}",
        "dict_items([('a', 1), ('b', 2)]) dict_keys(['a', 'b']) dict_values([1, 2]) [('a', 1), "
        "('b', 2)]"},
       {"{{ map.keys()[0] is defined }} {{ map.items()|length }} {{ ('a', 1) in map.items() }} {{ "
        "'a' in map.keys() }}",
        "False 2 True True"},
       {"{{ (1, 2) == [1, 2] }} {{ (1, 2) == (1, 2) }} {{ range(2) == [0, 1] }} {{ range(2) == "
        "range(0, 2) }}",
        "False True False True"},
       {"{{ (1, 2) + (3,) }} {{ (1, 2) * 2 }} {{ 2 * [1] }} {{ (1, 2, 3)[1:] }} {{ (1, 2)|tojson "
        "}} {{ (2, 1)|sort }}",
        "(1, 2, 3) (1, 2, 1, 2) [1, 1] (2, 3) [1, 2] [1, 2]"},
       {"{{ range(3) is sequence }} {{ map.items() is sequence }} {{ map.items() is iterable }}",
        "True False True"}});
}

TEST_CASE("dicts keep the order in which they are written, and take any scalar as a key",
          "[templates]") {
  check_table({{"{{ {'b': 1, 'a': 2} }} {{ {80: 'http', none: 1}[80] }} {{ {1: 2}[1.0] }} {{ {'a': "
                "1, 'a': 2} }}",
                "{'b': 1, 'a': 2} http 2 {'a': 2}"},
               {"{{ dict(map, c=3) }} {{ dict(map, **{'a': 9}) }} {{ dict([('x', 1)]) }} {{ "
                "dict(**map) }} {{ dict() }}",
                "{'a': 1, 'b': 2, 'c': 3} {'a': 9, 'b': 2} {'x': 1} {'a': 1, 'b': 2} {}"},
               {"{{ {1: 2}|tojson }} {{ {none: true}|tojson }}", "{\"1\": 2} {\"null\": true}"}});
}

TEST_CASE("control characters are shown with their code", "[templates]") {
  check_table({{"{{ ['\\x00\\x1f\\x7f', 'a\\nb'] }}", "['\\x00\\x1f\\x7f', 'a\\nb']"}});
}

}  // namespace
