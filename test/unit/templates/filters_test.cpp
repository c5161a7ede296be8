// Filters. Expectations are what Jinja2 makes of the same text.
#include <catch2/catch.hpp>

#include "table.hpp"

namespace {

using cfy::test::check_table;

TEST_CASE("filters", "[templates]") {
  check_table(
      {{"{{ missing|default('d') }} {{ empty|default('d') }}|{{ empty|default('d', true) }}",
        "d |d"},
       {"{{ map.x|d('y') }} {{ missing|default(value|default('z')) }}", "y z"},
       {"{{ name|upper }} {{ 'ABC'|lower }} {{ 'hello world'|title }} {{ 'aBC'|capitalize }}",
        "WEB abc Hello World Abc"},
       {"[{{ '  x '|trim }}] [{{ 'xxaxx'|trim('x') }}]", "[x] [a]"},
       {"{{ list|join(', ') }} {{ words|join }} {{ nodes|join('|', attribute='id') }}",
        "3, 1, 2 baC n1|n2"},
       {"{{ list|length }} {{ map|count }} {{ umlaut|length }}", "3 2 2"},
       {"{{ 'a.b.c'|replace('.', '-') }} {{ 'aaa'|replace('a', 'b', 2) }}", "a-b-c bba"},
       {"{{ map|tojson }} {{ 'a<b>&\\''|tojson }} {{ none|tojson }} {{ 'ä'|tojson }}",
        "{\"a\": 1, \"b\": 2} \"a\\u003cb\\u003e\\u0026\\u0027\" null \"\\u00e4\""},
       {"{{ {'a': [1]}|tojson(indent=2) }}", "{\n  \"a\": [\n    1\n  ]\n}"},
       {"{{ '42'|int + 1 }} {{ 'x'|int }} {{ 'x'|int(7) }} {{ '3.9'|int }} {{ 'ff'|int(0, 16) }} "
        "{{ 3.9|int }}",
        "43 0 7 3 255 3"},
       {"{{ '1.5'|float }} {{ 'x'|float }} {{ 2|float }}", "1.5 0.0 2.0"},
       {"{{ 5|string + 'x' }} {{ yes|string }}", "5x True"},
       {"{{ list|first }} {{ list|last }} {{ name|first }} [{{ []|first }}]", "3 2 w []"},
       {"{{ list|sort }} {{ words|sort }} {{ words|sort(case_sensitive=true) }} {{ "
        "list|sort(reverse=true) }}",
        "[1, 2, 3] ['a', 'b', 'C'] ['C', 'a', 'b'] [3, 2, 1]"},
       {"{{ nodes|sort(attribute='ip.v4', reverse=true)|map(attribute='id')|list }}",
        "['n2', 'n1']"},
       {"{{ list|reverse|list }} {{ name|reverse }}", "[2, 1, 3] bew"},
       {"{{ list|min }} {{ list|max }} {{ list|sum }} {{ [1.5, 1]|sum }}", "1 3 6 2.5"},
       {"{{ [1, 1, 2]|unique|list }} {{ 'aab'|unique|join }}", "[1, 2] ab"},
       {"{{ map|items|list }} {{ map|dictsort }} {{ map|dictsort(by='value', reverse=true) }}",
        "[('a', 1), ('b', 2)] [('a', 1), ('b', 2)] [('b', 2), ('a', 1)]"},
       {"{{ words|map('upper')|join }} {{ nodes|map(attribute='x', default='-')|join }}", "BAC --"},
       {"{{ nodes|selectattr('up')|map(attribute='id')|join }} {{ "
        "nodes|rejectattr('up')|map(attribute='id')|join }}",
        "n1 n2"},
       {"{{ nodes|selectattr('id', 'equalto', 'n2')|list|length }}", "1"},
       {"{{ list|select('odd')|list }} {{ list|reject('gt', 1)|list }}", "[3, 1] [1]"},
       {"{{ -3|abs }} {{ 2.5|round }} {{ 2.567|round(2) }} {{ 2.1|round(method='ceil') }}",
        "3 2.0 2.57 3.0"},
       {"{{ 'a\nb\n\nc'|indent }}|{{ 'a\nb'|indent(2, true) }}", "a\n    b\n\n    c|  a\n  b"},
       {"{{ '<a href=\"x\">'|e }} {{ '<'|safe }}", "&lt;a href=&#34;x&#34;&gt; <"},
       {"{{ 'a b/c?'|urlencode }} {{ 'one two'|wordcount }} [{{ 'x'|center(5) }}]",
        "a%20b/c%3F 2 [  x  ]"},
       {"{{ 'one two three four'|truncate(12) }} {{ 'abcdefghijklmno'|truncate(6, true) }}",
        "one two... abc..."},
       {"{{ name|upper|lower|length + 1 }}", "4"}});
}

TEST_CASE("filters for rows and groups", "[templates]") {
  check_table(
      {{"{% for g in nodes|groupby('up') %}{{ g.grouper }}:{{ g.list|map(attribute='id')|join "
        "}};{% endfor %}",
        "False:n2;True:n1;"},
       {"{% for up, members in nodes|groupby('up') %}{{ up }}{{ members|length }}{% endfor %} {{ "
        "words|groupby(0) }}",
        "False1True1 [('a', ['a']), ('b', ['b']), ('C', ['C'])]"},
       {"{{ ['b', 'B', 'a']|groupby(0) }} {{ ['b', 'B']|groupby(0, case_sensitive=true)|length }} "
        "{{ nodes|groupby('x', default=1)|map('first')|list }}",
        "[('a', ['a']), ('b', ['b', 'B'])] 2 [1]"},
       {"{{ range(5)|batch(2)|list }} {{ range(5)|batch(2, 'x')|list }} {{ []|batch(2)|list }} {{ "
        "[1]|batch(2, none)|list }}",
        "[[0, 1], [2, 3], [4]] [[0, 1], [2, 3], [4, 'x']] [] [[1]]"},
       {"{{ range(7)|slice(3)|list }} {{ range(7)|slice(3, 'x')|list }} {{ range(2)|slice(3, "
        "0)|list }}",
        "[[0, 1, 2], [3, 4], [5, 6]] [[0, 1, 2], [3, 4, 'x'], [5, 6, 'x']] [[0], [1], [0]]"},
       {"{{ nodes|sum(attribute='up') }} {{ list|sum(start=10) }} {{ [[1], [2]]|sum(start=[]) }}",
        "1 16 [1, 2]"},
       {"{{ nodes|map(attribute='ip.v6', default='-')|list }} {{ [[1, 2], [3]]|map('sum')|list }} "
        "{{ [[1, 2]]|map(attribute=1)|list }}",
        "['-', '-'] [3, 3] [2]"},
       {"{{ nodes|sort(attribute='up,id')|map(attribute='id')|join }} {{ words|sort(true) }} {{ "
        "[(2, 1), (1, 2)]|sort }}",
        "n2n1 ['C', 'b', 'a'] [(1, 2), (2, 1)]"},
       {"{{ nodes|unique(attribute='x')|list|length }} {{ ['a', 'A']|unique(true)|list }} {{ "
        "words|max(true) }} {{ nodes|max(attribute='id') == nodes[1] }}",
        "1 ['a', 'A'] b True"},
       {"{{ {'b': 1, 'A': 3}|dictsort }} {{ {'b': 1, 'A': 3}|dictsort(true) }} {{ {'b': 1, 'A': "
        "3}|dictsort(by='value') }}",
        "[('A', 3), ('b', 1)] [('A', 3), ('b', 1)] [('b', 1), ('A', 3)]"}});
}

TEST_CASE("filters for numbers", "[templates]") {
  check_table(
      {{"{{ 0|filesizeformat }} {{ 1|filesizeformat }} {{ 13000|filesizeformat }} {{ "
        "1048576|filesizeformat(true) }} {{ 1e30|filesizeformat }} {{ '1500'|filesizeformat }}",
        "0 Bytes 1 Byte 13.0 kB 1.0 MiB 1000000.0 YB 1.5 kB"},
       {"{{ 42|round }} {{ 2.675|round(2) }} {{ 1250|round(-2) }} {{ 2.5|round }} {{ 3.5|round }} "
        "{{ 42.55|round(1, 'floor') }}",
        "42 2.67 1200 2.0 4.0 42.5"},
       {"{{ '0x1f'|int(base=16) }} {{ '0x1f'|int }} {{ '0o17'|int(0, 8) }} {{ '1_000'|int }} {{ "
        "'x'|int(none) }} {{ '1e3'|int }} {{ '0x10'|float }} {{ '--5'|int }}",
        "31 0 15 1000 None 1000 0.0 0"},
       {"{{ true|abs }} {{ -3.5|abs }} {{ 'x'|float('d') }}", "1 3.5 d"}});
}

TEST_CASE("filters for lines", "[templates]") {
  check_table({{"{{ 'a\\n\\nb\\n'|indent(2) }}|{{ '\\na'|indent(2, true) }}|{{ "
                "'a\\n\\nb'|indent(2, blank=true) }}|{{ 'a\\nb'|indent('> ') }}",
                "a\n\n  b\n|  \n  a|a\n  \n  b|a\n> b"},
               {"{{ 'ab'|center(5) }}|{{ 'abc'|center(6) }}|", "  ab | abc  |"},
               {"{{ 'The quick brown-fox jumps over the lazy-dog'|wordwrap(9) }}",
                "The quick\nbrown-fox\njumps\nover the\nlazy-dog"},
               {"{{ 'a--b--c d---e x-y foo-bar-baz'|wordwrap(4) }}",
                "a--b\n--c\nd---\ne\nx-y\nfoo-\nbar-\nbaz"},
               {"{{ 'aaaaaaaaaa-bbb c'|wordwrap(4) }}|{{ 'aaaaaa b'|wordwrap(4, false) }}|{{ 'a b "
                "c'|wordwrap(3, wrapstring='; ') }}",
                "aaaa\naaaa\naa-\nbbb\nc|aaaaaa\nb|a b; c"},
               {"{{ '  lead  trail  '|wordwrap(6) }}|{{ 'ab-cd ef'|wordwrap(4, "
                "break_on_hyphens=false) }}|{{ 'one\\n\\ntwo'|wordwrap(5) }}",
                "  lead\ntrail|ab-c\nd ef|one\n\ntwo"}});
}

TEST_CASE("escaping leaves alone what is safe", "[templates]") {
  check_table(
      {{"{{ '<'|e }} {{ '<'|e|e }} {{ '<'|safe|e }} {{ '<'|e|forceescape }} {{ {'a': '<'}|tojson|e "
        "}}",
        "&lt; &lt; < &amp;lt; {\"a\": \"\\u003c\"}"},
       {"{{ ('<'|safe) + '<' }} {{ '<' + ('<'|safe) }} {{ ('<'|safe) ~ '<' }} {{ (('<'|safe) * "
        "2)|e }} {{ ('<%s>'|safe) % '<' }}",
        "<&lt; &lt;< << << <&lt;>"},
       {"{{ ('<b'|safe)[0]|e }} {{ ('<'|e)|upper|e }} {{ ('<'|safe)|indent|e }} {{ "
        "('<'|safe)|string|e }} {{ ('<'|safe)|replace('<', '>')|e }} {{ ('<'|safe)|title|e }}",
        "< &LT; < < &gt; &lt;"},
       {"{{ ['<'|e] }} {{ ('<'|e) is escaped }} {{ '<' is escaped }} {{ ('a'|safe) == 'a' }} {{ "
        "['<'|e]|join|e }}",
        "[Markup('&lt;')] True False True &amp;lt;"},
       {"{{ '<!-- c --><p>a  b</p>\\n &lt;x&gt; &#65;&#x42;'|striptags }} {{ 'a < b'|striptags }}",
        "a b <x> AB a < b"},
       {"{{ {'class': 'a<', 'id': none, 'x': missing, 'n': 5}|xmlattr }}|{{ {'a': "
        "1}|xmlattr(false) }}",
        " class=\"a&lt;\" n=\"5\"|a=\"1\""},
       {"{{ {'a': 'x y', 'b': 'ä&', 'c': '/'}|urlencode }} {{ [('a', 1)]|urlencode }} {{ 'a "
        "b/ä'|urlencode }} {{ 5|urlencode }}",
        "a=x+y&b=%C3%A4%26&c=%2F a=1 a%20b/%C3%A4 5"}});
}

TEST_CASE("texts with places for values", "[templates]") {
  check_table(
      {{"{{ '%s:%d' % ('a', 5) }} {{ '%s'|format('x') }} {{ '%(a)s'|format(a='x') }} {{ "
        "'%(a)s-%(b)03d' % map }}",
        "a:5 x x 1-002"},
       {"{{ '%05.2f|%-5s|%5s|%x|%X|%#o|%e|%g|%%' % (3.14159, 'ab', 'cd', 255, 255, 8, 12345.678, "
        "1e10) }}",
        "03.14|ab   |   cd|ff|FF|0o10|1.234568e+04|1e+10|%"},
       {"{{ '%+d|% d|%05d|%-5d|%.3d|%*d|%.2s|%c|%r' % (5, 6, -42, 42, 5, 4, 7, 'abc', 65, 'q') }}",
        "+5| 6|-0042|42   |005|   7|ab|A|'q'"},
       {"{{ '%s' % [1, 2] }} {{ '%s' % map }} {{ 'x' % map }} {{ '%d' % 3.7 }} {{ '%s' % none }}",
        "[1, 2] {'a': 1, 'b': 2} x 3 None"},
       {"{{ '{} {}'.format('a', 1) }} {{ '{0}{1}{0}'.format('a', 'b') }} {{ "
        "'{name}:{port:05d}'.format(name='x', port=80) }} {{ '{{}}'.format() }}",
        "a 1 aba x:00080 {}"},
       {"{{ '{:>5}|{:<5}|{:^5}|{:*^7}'.format('a', 'b', 'c', 'd') }} {{ "
        "'{:,}|{:.2f}|{:#x}|{:b}|{:.1%}|{:+d}'.format(1234567, 3.14159, 255, 5, 0.256, 5) }}",
        "    a|b    |  c  |***d*** 1,234,567|3.14|0xff|101|25.6%|+5"},
       {"{{ '{a[0]} {b[k]} {!r} {:5}|'.format('q', true, a=[1], b={'k': 'v'}) }} {{ "
        "'{:05.1f}|{:=+7d}|{:e}|{:.3}'.format(2.5, 42, 1234.5, 1.23456) }}",
        "1 v 'q'     1| 002.5|+    42|1.234500e+03|1.23"}});
}

}  // namespace
