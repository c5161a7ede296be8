// Which inline scripts are worth asking a Python about.
#include "script/python_source.hpp"

#include <catch2/catch.hpp>

namespace {

using cfy::script::may_be_python;

TEST_CASE("a script with an import or a call may be Python", "[script]") {
  for (const char* text : {"import os",
                           "import os, sys\nos.environ",
                           "from cloudify import ctx\nctx",
                           "from . import x",
                           "  import os",
                           "x = 1; import os",
                           "print('x')",
                           "print( 1 )",
                           "print(\n  1)",
                           "x = float(3) != 2",
                           "ctx.logger.info(\"it costs $5\")",
                           "print('it\\'s $5')",
                           "'''a\n$long \"text\"'''\nprint(1)",
                           "# what's $this?\nprint(1)",
                           "print(1 << 2)",
                           "print(x << EOF)",
                           "with open(path) as file:\n  pass",
                           "print(1) if x else \\\n print(2)",
                           "@decorator(1)\ndef f():\n  pass",
                           "f'{x!r}'\nprint(1)",
                           "größe(1)"}) {
    INFO(text);
    CHECK(may_be_python(text));
  }
}

TEST_CASE("a shell script is not taken for Python, valid as it may be", "[script]") {
  for (const char* text : {"",
                           "exit",
                           "ls",
                           "A=1",
                           "make -j4",
                           "exit 0",
                           "echo hello",
                           "import",
                           "important file",
                           "f()",
                           "f() { ls; }",
                           "f() (ls)",
                           "f ()\n{\n ls\n}",
                           "(ls)",
                           "a=(1 2)",
                           "2(x)",
                           "if(true); then ls; fi",
                           "while(true) do ls; done",
                           "time(ls)",
                           "diff <(ls) <(ls)",
                           "echo f(x) $HOME",
                           "f(x) `ls`",
                           "f(x) && ls",
                           "f(x) || ls",
                           "case(x) in a) ls ;; esac",
                           "! f(x)",
                           "ls file?.txt f(x)",
                           "echo f\\(x\\)",
                           "echo 'f(x)'",
                           "echo \"print(1)\"",
                           "# f(x)\nls",
                           "echo 'f(x)\ng(y)'\nh(z)",
                           "echo it's",
                           "awk '{print substr(1, 2)}' file",
                           "python3 -c 'print(1)'",
                           "echo 'import os'",
                           "echo \\\nimport",
                           "cat > x.py <<EOF\nimport os\nprint(1)\nEOF\n",
                           "cat << 'EOF'\nimport os\nEOF",
                           "cat <<-EOF\n\timport os\n\tEOF\nls",
                           "cat <<\\EOF\nf(x)\nEOF"}) {
    INFO(text);
    CHECK_FALSE(may_be_python(text));
  }
}

}  // namespace
