// Methods and functions. Expectations are what Jinja2 makes of the same text.
#include <catch2/catch.hpp>

#include "table.hpp"

namespace {

using cfy::test::check_table;

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
       {"{{ name is string and port is number }}", "True"},
       {"{{ 2.0 is even }} {{ 7.5 is divisibleby 2.5 }} {{ -3 is odd }} {{ (1, 2) in map }}",
        "True True True False"},
       {"{{ 1 is sameas 1 }} {{ 1 is sameas true }} {{ [] is sameas [] }} {{ list is sameas list "
        "}}",
        "True False False True"}});
}

TEST_CASE("methods and functions", "[templates]") {
  check_table(
      {{"{{ range(3) }} {{ range(1, 7, 2) }} {{ range(3, 0, -1) }}",
        "range(0, 3) range(1, 7, 2) range(3, 0, -1)"},
       {"{{ dict(a=1) }} {{ map.get('a') }} {{ map.get('x') }} {{ map.get('x', 5) }}",
        "{'a': 1} 1 None 5"},
       {"{{ map.items() }} {{ map.keys() }} {{ map.values() }}",
        "dict_items([('a', 1), ('b', 2)]) dict_keys(['a', 'b']) dict_values([1, 2])"},
       {"{{ 'a,b'.split(',') }} {{ ' a  b '.split() }} {{ 'a,b,c'.split(',', 1) }}",
        "['a', 'b'] ['a', 'b'] ['a', 'b,c']"},
       {"{{ name.upper() }} {{ ' x '.strip() }} {{ name.startswith('w') }} {{ name.endswith('x') "
        "}}",
        "WEB x True False"},
       {"{{ ','.join(words) }} {{ name.replace('w', 'v') }} {{ name.find('b') }}", "b,a,C veb 2"}});
}

TEST_CASE("methods of texts", "[templates]") {
  check_table(
      {{"{{ '7'.zfill(3) }} {{ '-7'.zfill(4) }} {{ 'ab'.ljust(4, '.') }} {{ 'ab'.rjust(4) }} {{ "
        "'ab'.center(5, '*') }}",
        "007 -007 ab..   ab **ab*"},
       {"{{ '12'.isdigit() }} {{ ''.isdigit() }} {{ 'ab'.isalpha() }} {{ 'a1'.isalnum() }} {{ ' "
        "'.isspace() }} {{ 'AB1'.isupper() }} {{ '1'.islower() }}",
        "True False True True True True False"},
       {"{{ 'a,b,c'.rsplit(',', 1) }} {{ ' a  b c '.rsplit(none, 1) }} {{ ' a  b c '.split(none, "
        "1) }} {{ ''.split(',') }} {{ 'aaa'.rsplit('aa') }} {{ ',a,'.rsplit(',') }}",
        "['a,b', 'c'] [' a  b', 'c'] ['a', 'b c '] [''] ['a', ''] ['', 'a', '']"},
       {"{{ 'a=b=c'.partition('=') }} {{ 'a=b=c'.rpartition('=') }} {{ 'abc'.partition('=') }} {{ "
        "'abc'.rpartition('=') }}",
        "('a', '=', 'b=c') ('a=b', '=', 'c') ('abc', '', '') ('', '', 'abc')"},
       {"{{ 'a.b'.index('.') }} {{ 'abab'.rindex('b') }} {{ 'abab'.rfind('b') }} {{ "
        "'abc'.find('x') }} {{ 'äbc'.find('b') }} {{ 'abc'.count('') }}",
        "1 3 3 -1 1 4"},
       {"{{ 'abc'.endswith(('c', 'd')) }} {{ 'abc'.removeprefix('a') }} {{ "
        "'abc'.removesuffix('bc') }} {{ 'aBc'.swapcase() }} {{ \"they're\".title() }} {{ "
        "\"they're\"|title }}",
        "True bc a AbC They'Re They're"},
       {"{{ 'a\\nb\\r\\nc\\n'.splitlines() }} {{ 'a\\nb'.splitlines(true) }} {{ "
        "'xxaxx'.lstrip('x') }} {{ 'aaa'.strip('a') }}|",
        "['a', 'b', 'c'] ['a\\n', 'b'] axx |"},
       {"{{ 'abc'.replace('', '-') }} {{ 'aaa'.replace('a', 'b', 2) }}", "-a-b-c- bba"}});
}

TEST_CASE("methods of lists and dicts", "[templates]") {
  check_table({{"{{ list.index(1) }} {{ list.count(3) }} {{ (1, 2).index(2) }} {{ list.copy() }} "
                "{{ map.copy() }} {{ range(5).index(3) }}",
                "1 1 1 [3, 1, 2] {'a': 1, 'b': 2} 3"},
               {"{{ {'a': {'b': 1}}.get('a', {}).get('b') }} {{ map.get('x', {}) }}", "1 {}"}});
}

TEST_CASE("joiner and cycler", "[templates]") {
  check_table(
      {{"{% set j = joiner('|') %}{% for x in list %}{{ j() }}{{ x }}{% endfor %}", "3|1|2"},
       {"{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.current }}{{ c.next() }}{{ "
        "c.reset() }}{{ c.current }}",
        "abaaNonea"}});
}

TEST_CASE("other methods are refused", "[templates]") {
  check_table(
      {{"{{ list.append(1) }}",
        "error: t:1: list has no method 'append' that templates may call: nothing changes a value; "
        "{% set %} makes new ones, namespace() keeps them across loops"},
       {"{{ map.update({}) }}",
        "error: t:1: dict has no method 'update' that templates may call: nothing changes a value; "
        "{% set %} makes new ones, namespace() keeps them across loops"},
       {"{{ name.encode() }}", "error: t:1: str has no method 'encode' that templates may call"},
       {"{{ name.nope() }}", "error: t:1: str has no method 'nope' that templates may call"},
       {"{{ port.nope() }}", "error: t:1: int has no method 'nope' that templates may call"},
       {"{{ name.upper }}", "error: t:1: 'upper' of str is a method: it needs brackets"},
       {"{{ map.items }}", "error: t:1: 'items' of dict is a method: it needs brackets"},
       {"{{ range }}", "error: t:1: 'range' is no variable"},
       {"{{ 'a'.index('x') }}", "error: t:1: index() does not find 'x'"},
       {"{{ list.index(9) }}", "error: t:1: index() does not find 9"},
       {"{{ ','.join(list) }}", "error: t:1: each item that join() takes must be a text, not int"},
       {"{{ dict(1) }}", "error: t:1: int has no items to go over"},
       {"{{ dict(map, map) }}", "error: t:1: 'dict' takes one argument without a name at most"},
       {"{{ cycler() }}", "error: t:1: cycler() needs values, without names"},
       {"{{ name() }}", "error: t:1: 'name' cannot be called: it is str"},
       {"{{ '%s %s' % ('a',) }}", "error: t:1: the format has more places than values"},
       {"{{ '%s' % ('a', 'b') }}", "error: t:1: not all values have a place in the format"},
       {"{{ '%q' % 1 }}", "error: t:1: formats know no '%q'"},
       {"{{ '%d' % 'a' }}", "error: t:1: '%d' needs a number, not str"},
       {"{{ '%(zz)s' % map }}", "error: t:1: the format wants 'zz'"},
       {"{{ '{}'.format() }}", "error: t:1: the format has more places than values"},
       {"{{ '{x}'.format() }}", "error: t:1: the format wants 'x'"},
       {"{{ '{'.format() }}", "error: t:1: a single '{' in the format"},
       {"{{ '{:d}'.format('a') }}", "error: t:1: a text cannot be formatted as 'd'"},
       {"{{ '{:{}}'.format(1, 2) }}",
        "error: t:1: fields within the fields of a format are not supported"}});
}

}  // namespace
