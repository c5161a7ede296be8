// What is not there prints nothing and has no items; every other use is an error.
#include <catch2/catch.hpp>

#include "table.hpp"

namespace {

using cfy::test::check_table;

TEST_CASE("what is undefined is empty", "[templates]") {
  check_table(
      {{"[{% for x in missing %}{{ x }}{% endfor %}] {{ missing|length }} [{{ missing|join(',') "
        "}}] {{ missing|list }}",
        "[] 0 [] []"},
       {"{{ missing == none }} {{ missing == other }} {{ missing != 1 }} {{ missing is none }} {{ "
        "not missing }} {{ missing or 2 }}",
        "False True True False True 2"},
       {"{{ 'a' ~ missing ~ 'b' }} {{ 'x' if missing else 'y' }} [{{ 'a' if zero }}]", "ab y []"},
       {"{{ missing in [1] }} {{ missing in [other] }} {{ 1 in missing }} {{ missing in map }}",
        "False True False False"},
       {"{{ [missing] }} {{ [missing, 1]|join('-') }} {{ {'a': missing} }} {{ '%s|' % missing }}",
        "[Undefined] -1 {'a': Undefined} |"},
       {"{{ missing|first }}|{{ missing|last }}|{{ missing|sort }}|{{ missing|max }}|{{ "
        "missing|sum }}|{{ missing|map('upper')|list }}",
        "||[]||0|[]"},
       {"{{ missing|upper }}|{{ missing|trim }}|{{ missing|replace('a', 'b') }}|{{ missing|e }}|{{ "
        "missing|groupby('a') }}",
        "||||[]"},
       {"{{ missing is iterable }} {{ missing is sequence }} {{ missing is string }} {{ missing is "
        "mapping }}",
        "True True False False"},
       {"{{ missing|default }}|{{ none|default('x') }}|{{ none|default('x', true) }}|{{ "
        "missing|default(other) }}",
        "|None|x|"},
       {"[{{ missing|truncate(3) }}] {{ nodes|sort(attribute='x')|map(attribute='id')|join }}",
        "[] n1n2"},
       {"{{ map.missing is defined }} {{ list[7] is defined }} [{{ port.foo }}] [{{ "
        "nodes|map(attribute='x')|join }}]",
        "False False [] []"}});
}

TEST_CASE("other uses of it are errors", "[templates]") {
  check_table({{"{{ missing + 1 }}", "error: t:1: 'missing' is undefined"},
               {"{{ missing * 2 }}", "error: t:1: 'missing' is undefined"},
               {"{{ missing < 1 }}", "error: t:1: 'missing' is undefined"},
               {"{{ missing >= other }}", "error: t:1: 'missing' is undefined"},
               {"{{ missing .a }}", "error: t:1: 'missing' is undefined"},
               {"{{ missing ['a'] }}", "error: t:1: 'missing' is undefined"},
               {"{{ missing [1:] }}", "error: t:1: 'missing' is undefined"},
               {"{{ missing () }}",
                "error: t:1: there is no function 'missing': templates may call range(), dict(), "
                "namespace(), joiner(), cycler() and their macros"},
               {"{{ missing .a() }}", "error: t:1: 'missing' is undefined"},
               {"{{ missing in 'abc' }}", "error: t:1: 'missing' is undefined"},
               {"{{ missing |int }}", "error: t:1: 'missing' is undefined"},
               {"{{ missing |float }}", "error: t:1: 'missing' is undefined"},
               {"{{ missing |abs }}", "error: t:1: 'missing' is undefined"},
               {"{{ missing |round }}", "error: t:1: 'missing' is undefined"},
               {"{{ missing |tojson }}", "error: t:1: 'missing' is undefined"},
               {"{{ missing |dictsort }}", "error: t:1: 'missing' is undefined"},
               {"{{ missing |indent }}", "error: t:1: 'missing' is undefined"},
               {"{{ missing is odd }}", "error: t:1: 'missing' is undefined"},
               {"{{ 1 + missing }}", "error: t:1: 'missing' is undefined"},
               {"{{ -missing }}", "error: t:1: 'missing' is undefined"},
               {"{{ 1 < missing }}", "error: t:1: 'missing' is undefined"},
               {"{{ range(missing) }}", "error: t:1: 'missing' is undefined"},
               {"{{ map.missing.a }}", "error: t:1: 'missing' is undefined"},
               {"{{ nodes|map(attribute='x.y')|list }}", "error: t:1: 'x' is undefined"},
               {"{{ [1, missing]|sort }}", "error: t:1: 'missing' is undefined"}});
}

}  // namespace
