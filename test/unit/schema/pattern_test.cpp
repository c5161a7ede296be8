// Regular expressions in Python's grammar.
#include "schema/pattern.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using cfy::schema::Match;
using cfy::schema::Pattern;

namespace {

bool matches(const char* pattern, const std::string& text) {
  const auto parsed = Pattern::parse(pattern);
  REQUIRE(parsed.has_value());
  return parsed->match_start(text) == Match::yes;
}

}  // namespace

TEST_CASE("a pattern must match at the start, not to the end") {
  CHECK(matches("a", "ab"));
  CHECK_FALSE(matches("a", "ba"));
  CHECK(matches("", "x"));
  CHECK(matches("ab$", "ab"));
  CHECK(matches("ab$", "ab\n"));
  CHECK_FALSE(matches(R"(ab\Z)", "ab\n"));
  CHECK_FALSE(matches("ab$", "abc"));
}

TEST_CASE("repetition, choice and sets") {
  CHECK(matches("(hi)|(ab)", "abc"));
  CHECK(matches("a{2,3}b", "aaab"));
  CHECK_FALSE(matches("a{2,3}b", "aaaab"));
  CHECK(matches("a{,2}$", ""));
  CHECK(matches("a{x", "a{x"));
  CHECK(matches("[a-c]+?d", "abcd"));
  CHECK(matches("[^a-c]", "d"));
  CHECK(matches("[]]", "]"));
  CHECK(matches("[a-]", "-"));
  CHECK(matches(R"([\w.-]+@\w+$)", "jo.doe@host"));
  CHECK(matches(R"(^\d{1,3}(\.\d{1,3}){3}$)", "10.0.0.1"));
  CHECK_FALSE(matches(R"(^\d{1,3}(\.\d{1,3}){3}$)", "10.0.0"));
  CHECK(matches("(a*)*b", "aab"));
  CHECK(matches("(?:ab|a)(?:c|bcd)$", "abcd"));
}

TEST_CASE("dot, line ends and flags") {
  CHECK_FALSE(matches("a.b", "a\nb"));
  CHECK(matches("(?s)a.b", "a\nb"));
  CHECK(matches("(?i)HeLLo", "hEllO"));
  CHECK(matches("(?i:A)b", "ab"));
  CHECK_FALSE(matches("(?i:A)b", "aB"));
  CHECK(matches("(?m)a$", "a\nb"));
  CHECK(matches("(?x) a b # comment", "ab"));
}

TEST_CASE("look-around, references and conditions") {
  CHECK(matches("(?=ab)a", "ab"));
  CHECK_FALSE(matches("(?!ab)a", "ab"));
  CHECK(matches("a(?<=a)b", "ab"));
  CHECK_FALSE(matches("a(?<!a)b", "ab"));
  CHECK(matches(R"((.)\1)", "aa"));
  CHECK_FALSE(matches(R"((.)\1)", "ab"));
  CHECK(matches("(?P<q>['\"])x(?P=q)", "'x'"));
  CHECK(matches("(<)?x(?(1)>|$)", "<x>"));
  CHECK_FALSE(matches("(<)?x(?(1)>|$)", "<x"));
  CHECK(matches(R"(\bword\b)", "word!"));
}

TEST_CASE("a character counts as one, whatever its bytes") {
  CHECK(matches("^.{3}$", "äöü"));
  CHECK(matches("[ä-ü]", "ö"));
  CHECK(matches("\\u00e4", "ä"));
}

TEST_CASE("what is no pattern is told so") {
  const std::vector<const char*> wrong = {"(",     ")",         "a**",  "*a",       "[a",
                                          "[z-a]", "a{3,2}",    "\\",   "(?P<1>a)", "(?<=a*)b",
                                          "\\q",   "(?P=none)", "(?z)", "\\1"};
  for (const char* pattern : wrong) {
    std::string error;
    CHECK_FALSE(Pattern::parse(pattern, &error).has_value());
    CHECK_FALSE(error.empty());
  }
}

TEST_CASE("hard patterns give up instead of running for ever") {
  const auto pattern = Pattern::parse("(a+)+$");
  REQUIRE(pattern.has_value());
  CHECK(pattern->match_start(std::string(40, 'a') + "b") == Match::too_hard);
  CHECK(Pattern::parse("(x|y)*z")->match_start(std::string(1'000'000, 'x') + "z") != Match::no);
  CHECK_FALSE(Pattern::parse("((a{1000}){1000}){1000}").has_value());
  CHECK_FALSE(Pattern::parse("((?:){9999999}){9999999}").has_value());
  CHECK_FALSE(Pattern::parse(std::string(10'000, '(')).has_value());
}
