// Statements. Expectations are what Jinja2 makes of the same text.
#include <catch2/catch.hpp>

#include "table.hpp"

namespace {

using cfy::test::check_table;

TEST_CASE("if, for and set", "[templates]") {
  check_table(
      {{"{% if zero %}a{% elif port > 80 %}b{% else %}c{% endif %}", "b"},
       {"{% if zero %}a{% endif %}.", "."},
       {"{% for x in list %}{{ x }},{% endfor %}", "3,1,2,"},
       {"{% for x in [] %}a{% else %}none{% endfor %}", "none"},
       {"{% for x in missing %}a{% else %}none{% endfor %}", "none"},
       {"{% for k, v in map.items() %}{{ k }}={{ v }};{% endfor %}", "a=1;b=2;"},
       {"{% for k in map %}{{ k }}{% endfor %}", "ab"},
       {"{% for x in list if x > 1 %}{{ loop.index }}:{{ x }} {% endfor %}", "1:3 2:2 "},
       {"{% for x in list %}{{ loop.index0 }}{{ loop.revindex }}{{ loop.first }}{{ loop.last }}{{ "
        "loop.length }} {% endfor %}",
        "03TrueFalse3 12FalseFalse3 21FalseTrue3 "},
       {"{% for x in list %}{{ loop.previtem }}-{{ loop.nextitem|default('end') }} {% endfor %}",
        "-1 3-2 1-end "},
       {"{% for a in [1, 2] %}{% for b in 'xy' %}{{ a }}{{ b }} {% endfor %}{% endfor %}",
        "1x 1y 2x 2y "},
       {"{% set x = 5 %}{{ x }}{% set a, b = [1, 2] %}{{ a }}{{ b }}", "512"},
       {"{% set x = 1 %}{% for i in list %}{% set x = 2 %}{% endfor %}{{ x }}", "1"},
       {"{% set x = 1 %}{% if yes %}{% set x = 2 %}{% endif %}{{ x }}", "2"},
       {"{% set t %}a{{ name }}{% endset %}[{{ t }}]", "[aweb]"}});
}

TEST_CASE("what loops know", "[templates]") {
  check_table(
      {{"{% for x in list %}{{ loop.cycle('odd', 'even') }} {% endfor %}", "odd even odd "},
       {"{% for x in [1, 1, 2] %}{% if loop.changed(x) %}{{ x }}{% endif %}{% endfor %}", "12"},
       {"{% for n in tree recursive %}{{ n.n }}@{{ loop.depth }}{% if n.kids %}({{ loop(n.kids) "
        "}}){% endif %}{% endfor %}",
        "a@1(b@2)c@1"},
       {"{% for x in list %}{% set outer = loop %}{% for y in 'ab' %}{{ outer.index }}.{{ "
        "loop.index }} {% endfor %}{% endfor %}",
        "1.1 1.2 2.1 2.2 3.1 3.2 "},
       {"{% for x in [[1], [2]] %}{{ loop.previtem }}{{ loop.nextitem }}{% endfor %}", "[2][1]"},
       {"{% for i, (a, b) in [(1, (2, 3))] %}{{ i }}{{ a }}{{ b }}{% endfor %}{% for a, b, c in "
        "[(1, 2, 3)] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
        "123123"},
       {"{% for x in 1, 2, 3 if x > 1 %}{{ loop.index }}{{ x }}{% endfor %}", "1223"},
       {"{% set x = 1 %}{% for i in list %}{{ x }}{% set x = x + 1 %}{{ x }}{% endfor %}{{ x }}",
        "1212121"}});
}

TEST_CASE("namespaces keep what loops set", "[templates]") {
  check_table(
      {{"{% set ns = namespace(found=false, n=0) %}{% for x in list %}{% if x == 1 %}{% set "
        "ns.found = true %}{% endif %}{% set ns.n = ns.n + x %}{% endfor %}{{ ns.found }} {{ ns.n "
        "}}",
        "True 6"},
       {"{% set ns = namespace({'a': 1}, b=2) %}{{ ns.a }}{{ ns.b }}{{ ns['a'] }}[{{ ns.c }}]",
        "121[]"},
       {"{% set ns = namespace() %}{% set ns.a, b = 1, 2 %}{{ ns.a }}{{ b }}{% set ns.c %}block{% "
        "endset %}{{ ns.c }}",
        "12block"}});
}

TEST_CASE("macros", "[templates]") {
  check_table({{"{% macro f(a, b=2, c=a) %}[{{ a }},{{ b }},{{ c }}]{% endmacro %}{{ f(1) }}{{ "
                "f(1, 3) }}{{ f(b=5, a=6) }}{{ f() }}",
                "[1,2,1][1,3,1][6,5,6][,2,]"},
               {"{% macro f(a) %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ f(1, 2, x=3) }}",
                "(2,){'x': 3}"},
               {"{% macro f(a) %}{{ a }}{{ x }}{% endmacro %}{% set x = 'later' %}{{ f(1) }}{% for "
                "x in list %}{{ f(x) }}{% endfor %}",
                "1later3later1later2later"},
               {"{% macro fact(n) %}{% if n > 1 %}{{ n * fact(n - 1)|int }}{% else %}1{% endif "
                "%}{% endmacro %}{{ fact(5) }}",
                "120"},
               {"{% macro f(xs) %}{% for x in xs %}{{ caller(x) }};{% endfor %}{% endmacro %}{% "
                "call(y) f(list) %}<{{ y }}>{% endcall %}",
                "<3>;<1>;<2>;"},
               {"{% macro f(a, b, c) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ f(*list) }}{{ f(1, "
                "*[2], c=3) }}{{ f(**{'a': 1}) }}",
                "3121231"},
               {"{% set x = 1 %}{% macro f() %}{% set x = 2 %}{{ x }}{% endmacro %}{{ f() }}{{ x "
                "}}{{ f.name }}",
                "21f"},
               {"{% if yes %}{% macro f() %}x{% endmacro %}{% endif %}{{ f()|upper }}", "X"}});
}

TEST_CASE("with, filter and set", "[templates]") {
  check_table({{"{% set a = 5 %}{% with a = 1, b = a %}{{ a }}{{ b }}{% set q = 2 %}{% endwith "
                "%}{{ a }}{{ q }}",
                "155"},
               {"{% filter indent(2)|upper %}a\nb{{ name }}{% endfilter %}", "A\n  BWEB"},
               {"{% set x | upper | replace('B', '_') %}ab{% endset %}{{ x }}", "A_"},
               {"{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set (a, b) = [3, 4] %}{{ a }}{{ b }}{% set "
                "c = 1, 2 %}{{ c }}",
                "1234(1, 2)"}});
}

TEST_CASE("comments, raw text and blanks", "[templates]") {
  check_table({{"a{# {{ name }} #}b", "ab"},
               {"{% raw %}{{ name }}{% if %}{% endraw %}", "{{ name }}{% if %}"},
               {"a {%- if yes %} b {%- endif -%} c", "a bc"},
               {"a {{- name -}} b", "awebb"},
               {"a {#- c -#} b", "ab"},
               {"a {%- raw -%} x {%- endraw -%} b", "axb"},
               {"{% for x in list -%}\n  {{ x }}\n{%- endfor %}", "312"},
               {"line\n", "line"},
               {"line\n\n", "line\n"},
               {"a\r\nb\r\n", "a\nb"},
               {"{{ 1 -}} x", "1x"}});
}

TEST_CASE("whitespace control", "[templates]") {
  check_table({{" a {%+ if yes %} b {%+ endif %} c", " a  b  c"},
               {" a {%- if yes +%} b {%- endif +%} c", " a b c"},
               {" a {{- 1 -}} b {{+ 1 }} c", " a1b 1 c"},
               {"a {# c #}{%- if yes %} b{% endif %}", "a  b"},
               {"a {#- c -#} b {#+ c +#} d", "ab  d"},
               {"a {% raw -%} x {%- endraw %} b", "a x b"},
               {"{#-#}x{#--#}", "x"},
               {"{%raw%}{{{%endraw%}", "{{"},
               {"{% raw %}{{ x }}{% raw %}{% endraw %}", "{{ x }}{% raw %}"},
               {"{{ {'a': {'b': 1}}}}{{ {'a': 2}.a}}", "{'a': {'b': 1}}2"}});
}

}  // namespace
