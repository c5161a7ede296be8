// Mistakes and what is not supported: always an error with the file and the line.
#include <catch2/catch.hpp>

#include "table.hpp"

namespace {

using cfy::test::check_table;

TEST_CASE("mistakes are told with their line", "[templates]") {
  check_table(
      {{"a\n{{ name", "error: t:2: this has no end: '}}' is missing"},
       {"{{ name | uper }}", "error: t:1: there is no filter 'uper'; did you mean 'upper'?"},
       {"{{ 1 is even2 }}", "error: t:1: there is no test 'even2'; did you mean 'even'?"},
       {"\n\n{% include 'x' %}",
        "error: t:3: {% include %} is not supported: templates have if, for, set, with, macro, "
        "call, filter and raw"},
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
        "error: t:1: there is no function 'open': templates may call range(), dict(), namespace(), "
        "joiner(), cycler() and their macros"},
       {"{{ name.__class__ }}", "error: t:1: '__class__' is Python's own and not for templates"},
       {"{% set ctx = 1 %}", "error: t:1: 'ctx' cannot be set"},
       {"{% for a, b in list %}{% endfor %}", "error: t:1: int has no items to go over"},
       {"{{ name|replace('a') }}",
        "error: t:1: 'replace' needs the text to replace and the one to put there"},
       {"{{ name|upper(1) }}", "error: t:1: 'upper' takes no arguments"},
       {"{# no end", "error: t:1: this comment {# has no end #}"},
       {"{% raw %}", "error: t:1: {% raw %} has no {% endraw %}"}});
}

TEST_CASE("mistakes in literals and calls", "[templates]") {
  check_table(
      {{"{{ '\\x4' }}", "error: t:1: '\\x' needs 2 hexadecimal digits"},
       {"{{ '\\u12' }}", "error: t:1: '\\u' needs 4 hexadecimal digits"},
       {"{{ '\\N{DASH}' }}", "error: t:1: \\N{name} is not supported: use \\u and the code"},
       {"{{ '\\ud800' }}", "error: t:1: there is no character with the code d800"},
       {"{{ 012 }}", "error: t:1: the number 012 must not start with 0"},
       {"{{ 1e999 }}", "error: t:1: the number 1e999 is too large"},
       {"{{ 99999999999999999999 }}", "error: t:1: the number 99999999999999999999 is too large"},
       {"{{ {[1]: 2} }}", "error: t:1: list cannot be the key of a dict"},
       {"{{ f(a=1, 2) }}", "error: t:1: an argument without a name comes after named ones"},
       {"{{ dict(**list) }}", "error: t:1: ** needs a dict, not list"},
       {"{{ [1,,] }}", "error: t:1: expected a value, found ','"},
       {"{{ 1 +}}", "error: t:1: expected a value, found the end"},
       {"{{ x is string is true }}", "error: t:1: one test cannot follow another: use 'and'"},
       {"{{ name|default(1, default_value=2) }}",
        "error: t:1: 'default' is given 'default_value' twice"},
       {"{{ (1, 2) + [3] }}", "error: t:1: '+' does not work on tuple and list"},
       {"{{ range(3)|tojson }}", "error: t:1: range has no form in JSON"},
       {"{{ 0 ** -1 }}", "error: t:1: division by zero"},
       {"{{ 1 {# c #} }}", "error: t:1: '#' means nothing here"},
       {"{{ map|attr('a') }}", "error: t:1: there is no filter 'attr'"},
       {"{{ list|random }}", "error: t:1: there is no filter 'random'"},
       {"{{ [1]|batch(0) }}", "error: t:1: the rows of 'batch' have one item at least"},
       {"{{ [1]|slice(0) }}", "error: t:1: 'slice' makes one column at least"},
       {"{{ '&copy;'|striptags }}", "error: t:1: 'striptags' does not know the entity &copy;"},
       {"{{ {'a b': 1}|xmlattr }}", "error: t:1: 'a b' cannot be the name of an attribute"}});
}

TEST_CASE("mistakes in statements", "[templates]") {
  check_table(
      {{"\n{% extends 'x' %}",
        "error: t:2: {% extends %} is not supported: templates have if, for, set, with, macro, "
        "call, filter and raw"},
       {"\n{% import 'x' as y %}",
        "error: t:2: {% import %} is not supported: templates have if, for, set, with, macro, "
        "call, filter and raw"},
       {"\n{% from 'x' import y %}",
        "error: t:2: {% from %} is not supported: templates have if, for, set, with, macro, call, "
        "filter and raw"},
       {"\n{% block b %}",
        "error: t:2: {% block %} is not supported: templates have if, for, set, with, macro, call, "
        "filter and raw"},
       {"\n{% autoescape true %}",
        "error: t:2: {% autoescape %} is not supported: templates have if, for, set, with, macro, "
        "call, filter and raw"},
       {"\n{% do list.append(1) %}",
        "error: t:2: {% do %} is not supported: templates have if, for, set, with, macro, call, "
        "filter and raw"},
       {"\n{% break %}",
        "error: t:2: {% break %} is not supported: templates have if, for, set, with, macro, call, "
        "filter and raw"},
       {"\n{% continue %}",
        "error: t:2: {% continue %} is not supported: templates have if, for, set, with, macro, "
        "call, filter and raw"},
       {"\n{% trans %}",
        "error: t:2: {% trans %} is not supported: templates have if, for, set, with, macro, call, "
        "filter and raw"},
       {"\n{% print 1 %}",
        "error: t:2: {% print %} is not supported: templates have if, for, set, with, macro, call, "
        "filter and raw"},
       {"\n{% set map.x = 1 %}",
        "error: t:2: attributes can be set of a namespace() only, and 'map' is none"},
       {"\n{% set nope.x = 1 %}",
        "error: t:2: attributes can be set of a namespace() only, and 'nope' is none"},
       {"\n{% set a.b.c = 1 %}", "error: t:2: expected the end, found '.'"},
       {"\n{% set a, b = 1, 2, 3 %}", "error: t:2: 2 names for 3 values"},
       {"\n{% for a, b in [1] %}", "error: t:2: {% for %} has no {% endfor %}"},
       {"{% for x in list %}{% continue %}{% endfor %}",
        "error: t:1: {% continue %} is not supported: templates have if, for, set, with, macro, "
        "call, filter and raw"},
       {"{% for a, b in [(1, 2, 3)] %}{% endfor %}", "error: t:1: 2 names for 3 values"},
       {"{% for x in 5 %}{% endfor %}", "error: t:1: int has no items to go over"},
       {"{% for loop in list %}{% endfor %}", "error: t:1: 'loop' cannot be set"},
       {"{% macro f %}{% endmacro %}", "error: t:1: expected '(', found the end"},
       {"{% macro f(a=1, b) %}{% endmacro %}",
        "error: t:1: a parameter without a default follows one that has it"},
       {"{% macro f(a, a) %}{% endmacro %}", "error: t:1: there are two parameters 'a'"},
       {"{% macro f(a) %}{% endmacro %}\n{{ f(1, 2) }}",
        "error: t:2: the macro 'f' takes one argument at most"},
       {"{% macro f(a) %}{% endmacro %}{{ f(b=2) }}",
        "error: t:1: the macro 'f' has no argument 'b'"},
       {"{% macro f() %}\n{{ 1 / 0 }}{% endmacro %}\n{{ f() }}", "error: t:2: division by zero"},
       {"{% macro f() %}{% endmacro %}{% call f() %}x{% endcall %}",
        "error: t:1: the macro 'f' does not use caller()"},
       {"{% call name() %}x{% endcall %}",
        "error: t:1: {% call %} needs a macro, and 'name' is none"},
       {"{% macro f() %}{% endmacro %}{{ f }}", "error: t:1: a macro cannot be printed"},
       {"{{ namespace() }}", "error: t:1: a namespace cannot be printed"},
       {"{% for x in list %}{{ loop(x) }}{% endfor %}",
        "error: t:1: loop() needs {% for ... recursive %}"},
       {"{% for x in list %}{{ loop }}{% endfor %}", "error: t:1: a loop cannot be printed"},
       {"{% set ns = namespace() %}{% for x in list %}{% set ns.l = loop %}{% endfor %}{{ "
        "ns.l.index }}",
        "error: t:1: 'loop' is used after its loop has ended"},
       {"{% filter nofilter %}a{% endfilter %}", "error: t:1: there is no filter 'nofilter'"},
       {"{% with a %}{% endwith %}", "error: t:1: expected '=', found the end"},
       {"{% endmacro %}", "error: t:1: {% endmacro %} belongs to nothing here"},
       {"{% raw %}{% raw %}{% endraw %}{% endraw %}",
        "error: t:1: {% endraw %} belongs to nothing here"},
       {"{{ self.x() }}", "error: t:1: 'self' is no variable"},
       {"{{ super() }}",
        "error: t:1: there is no function 'super': templates may call range(), dict(), "
        "namespace(), joiner(), cycler() and their macros"},
       {"{{ namespace|default('x') }}", "error: t:1: 'namespace' is no variable"}});
}

}  // namespace
