// Tables of templates and what they become. Expectations are what Jinja2 makes of the same text.
#include "templates/render.hpp"

#include <catch2/catch.hpp>

namespace {

using nlohmann::json;

const json kVariables = json::parse(R"({
  "name": "web", "empty": "", "zero": 0, "port": 8080, "ratio": 1.5, "yes": true, "nothing": null,
  "list": [3, 1, 2], "words": ["b", "a", "C"], "map": {"b": 2, "a": 1}, "umlaut": "äÖ",
  "nodes": [{"id": "n1", "up": true, "ip": {"v4": "10.0.0.1"}}, {"id": "n2", "up": false, "ip": {"v4": "10.0.0.2"}}],
  "ctx": {"node": {"properties": {"port": 80, "a-b": "dashed"}}, "instance": {"id": "web_1"}}
})");

struct Row {
  const char* text;
  const char* expected;
};

void check_table(const std::vector<Row>& table) {
  for (const Row& row : table) {
    INFO(row.text);
    const auto rendered = cfy::templates::render("t", row.text, kVariables);
    CHECK((rendered ? *rendered : "error: " + rendered.error().message()) == row.expected);
  }
}

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
        "[['a', 1], ['b', 2]] [['a', 1], ['b', 2]] [['b', 2], ['a', 1]]"},
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

TEST_CASE("tests", "[templates]") {
  check_table(
      {{"{{ name is defined }} {{ missing is defined }} {{ missing is not defined }} {{ missing is "
        "undefined }}",
        "True False True True"},
       {"{{ nothing is none }} {{ yes is true }} {{ yes is boolean }} {{ zero is false }}",
        "True True True False"},
       {"{{ port is number }} {{ port is integer }} {{ ratio is float }} {{ name is string }}",
        "True True True True"},
       {"{{ map is mapping }} {{ list is sequence }} {{ list is iterable }} {{ 1 is iterable }}",
        "True True True False"},
       {"{{ 3 is odd }} {{ 4 is even }} {{ 9 is divisibleby 3 }} {{ 9 is divisibleby(2) }}",
        "True True True False"},
       {"{{ 1 is eq 1 }} {{ 2 is gt(1) }} {{ 1 is in list }} {{ 'a' is lower }} {{ 'a' is upper }}",
        "True True True True False"},
       {"{{ name is string and port is number }}", "True"}});
}

TEST_CASE("methods and functions", "[templates]") {
  check_table(
      {{"{{ range(3) }} {{ range(1, 7, 2) }} {{ range(3, 0, -1) }}",
        "[0, 1, 2] [1, 3, 5] [3, 2, 1]"},
       {"{{ dict(a=1) }} {{ map.get('a') }} {{ map.get('x') }} {{ map.get('x', 5) }}",
        "{'a': 1} 1 None 5"},
       {"{{ map.items() }} {{ map.keys() }} {{ map.values() }}",
        "[['a', 1], ['b', 2]] ['a', 'b'] [1, 2]"},
       {"{{ 'a,b'.split(',') }} {{ ' a  b '.split() }} {{ 'a,b,c'.split(',', 1) }}",
        "['a', 'b'] ['a', 'b'] ['a', 'b,c']"},
       {"{{ name.upper() }} {{ ' x '.strip() }} {{ name.startswith('w') }} {{ name.endswith('x') "
        "}}",
        "WEB x True False"},
       {"{{ ','.join(words) }} {{ name.replace('w', 'v') }} {{ name.find('b') }}", "b,a,C veb 2"}});
}

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

TEST_CASE("mistakes are told with their line", "[templates]") {
  check_table(
      {{"a\n{{ name", "error: t:2: this has no end: '}}' is missing"},
       {"{{ name | uper }}", "error: t:1: there is no filter 'uper'; did you mean 'upper'?"},
       {"{{ 1 is even2 }}", "error: t:1: there is no test 'even2'; did you mean 'even'?"},
       {"\n\n{% include 'x' %}",
        "error: t:3: {% include %} is not supported: templates have if, for, set and raw"},
       {"{% macro f() %}{% endmacro %}",
        "error: t:1: {% macro %} is not supported: templates have if, for, set and raw"},
       {"{% if name %}x", "error: t:1: {% if %} has no {% endif %}"},
       {"{% for x in list %}\n{% endif %}", "error: t:2: {% endif %} belongs to nothing here"},
       {"{% endfor %}", "error: t:1: {% endfor %} belongs to nothing here"},
       {"{{ missing.part }}", "error: t:1: 'missing' is undefined"},
       {"a\n{{ map.x.y }}", "error: t:2: 'x' is undefined"},
       {"{{ missing + 1 }}", "error: t:1: 'missing' is undefined"},
       {"{{ 1 + 'a' }}", "error: t:1: '+' does not work on int and str"},
       {"{{ 1 < 'a' }}", "error: t:1: int and str have no order to compare by"},
       {"{{ 1 / 0 }}", "error: t:1: division by zero"},
       {"{{ 2 ** 64 }}", "error: t:1: the number is too large"},
       {"{{ }}", "error: t:1: expected a value, found the end"},
       {"{{ a b }}", "error: t:1: expected the end, found 'b'"},
       {"{{ 'a }}", "error: t:1: this text has no closing '"},
       {"{{ a) }}", "error: t:1: ')' closes nothing that is open"},
       {"{{ $ }}", "error: t:1: '$' means nothing here"},
       {"{{ open('/etc/passwd') }}",
        "error: t:1: there is no function 'open': templates may call range() and dict()"},
       {"{{ name.format(1) }}", "error: t:1: str has no method 'format' that templates may call"},
       {"{{ name.__class__ }}", ""},
       {"{% set ctx = 1 %}", "error: t:1: 'ctx' cannot be set"},
       {"{% for a, b in list %}{% endfor %}", "error: t:1: int has no items to go over"},
       {"{{ name|replace('a') }}",
        "error: t:1: 'replace' needs the text to replace and the one to put there"},
       {"{{ name|upper(1, 2) }}", "WEB"},
       {"{# no end", "error: t:1: this comment {# has no end #}"},
       {"{% raw %}", "error: t:1: {% raw %} has no {% endraw %}"}});
}

}  // namespace
