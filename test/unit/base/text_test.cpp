#include "base/text.hpp"

#include <catch2/catch.hpp>

namespace base = cfy::base;

TEST_CASE("the nearest name is suggested", "[base]") {
  const std::vector<std::string> names = {"cloudify.nodes.WebServer", "cloudify.nodes.Compute"};
  CHECK(base::did_you_mean("cloudify.nodes.WebServr", names) ==
        "did you mean 'cloudify.nodes.WebServer'?");
}

TEST_CASE("nothing is suggested when no name is near", "[base]") {
  CHECK(base::did_you_mean("install", {"scale", "heal"}).empty());
}

TEST_CASE("swapped letters are one mistake", "[base]") {
  CHECK(base::find_near_name("isntall", {"install", "uninstall"}) == "install");
}

TEST_CASE("a word of one letter is near another of one letter", "[base]") {
  CHECK(base::find_near_name("x", {"y"}) == "y");
  CHECK_FALSE(base::find_near_name("x", {"abc"}));
}

TEST_CASE("bytes that are not UTF-8 become visible escapes", "[base]") {
  CHECK(base::to_valid_utf8("a\xffz") == "a\\xffz");
  CHECK(base::to_valid_utf8("gr\xc3\xbc\xc3\x9f") == "gr\xc3\xbc\xc3\x9f");
  CHECK(base::to_valid_utf8("cut \xe2\x82") == "cut \\xe2\\x82");
  CHECK(base::to_valid_utf8("\xed\xa0\x80") == "\\xed\\xa0\\x80");  // a surrogate is not UTF-8
  CHECK(base::to_valid_utf8("\xc0\xaf") == "\\xc0\\xaf");           // nor is an overlong slash
  CHECK(base::is_valid_utf8("gr\xc3\xbc\xc3\x9f"));
  CHECK(base::is_valid_utf8(""));
  CHECK_FALSE(base::is_valid_utf8("a\xff"));
  CHECK_FALSE(base::is_valid_utf8("cut \xe2\x82"));
}

TEST_CASE("a word is quoted for a shell", "[base]") {
  CHECK(base::shell_quoted("a b") == "'a b'");
  CHECK(base::shell_quoted("it's $x") == "'it'\\''s $x'");
  CHECK(base::shell_quoted("") == "''");
  CHECK(base::shell_escaped("it's") == "it'\\''s");
}

TEST_CASE("a text is quoted as Python does it", "[base]") {
  CHECK(base::python_quoted("plain") == "'plain'");
  CHECK(base::python_quoted("it's") == "\"it's\"");
  CHECK(base::python_quoted("both ' and \"") == "'both \\' and \"'");
  CHECK(base::python_quoted("a\n\t\r\\") == "'a\\n\\t\\r\\\\'");
  CHECK(base::python_quoted("\x1b[0m\x7f") == "'\\x1b[0m\\x7f'");
  CHECK(base::python_escaped("it's", '\'') == "it\\'s");
  CHECK(base::python_escaped("it's", '"') == "it's");
}

TEST_CASE("split keeps empty parts", "[base]") {
  CHECK(base::split("a..b", '.') == std::vector<std::string>{"a", "", "b"});
  CHECK(base::split("", '.') == std::vector<std::string>{""});
}
