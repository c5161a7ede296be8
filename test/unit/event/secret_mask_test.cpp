#include "event/secret_mask.hpp"

#include <catch2/catch.hpp>

using cfy::event::Event;
using cfy::event::SecretMask;
using nlohmann::json;

TEST_CASE("a value is hidden wherever it stands", "[secrets]") {
  SecretMask mask;
  mask.add("hunter2");
  CHECK(mask.text("hunter2") == "********");
  CHECK(mask.text("--password=hunter2,hunter2; hunter") == "--password=********,********; hunter");
  CHECK(mask.text("nothing here") == "nothing here");
}

TEST_CASE("a value that is too short to hide stays readable", "[secrets]") {
  SecretMask mask;
  mask.add("");
  mask.add("abc");
  CHECK(mask.text("abc") == "abc");
  mask.add("abcd");
  CHECK(mask.text("abc abcd") == "abc ********");
}

TEST_CASE("the longer of two values that begin alike is hidden whole", "[secrets]") {
  SecretMask mask;
  mask.add("secret");
  mask.add("secret-and-more");
  CHECK(mask.text("secret-and-more secret-and") == "******** ********-and");
}

TEST_CASE("a value is hidden as it stands in an address and in HTML", "[secrets]") {
  SecretMask mask;
  mask.add("p@ss/w<rd>&\"'");
  CHECK(mask.text("http://u:p%40ss%2Fw%3Crd%3E%26%22%27@host") == "http://u:********@host");
  CHECK(mask.text("http://host/p%40ss/w%3Crd%3E%26%22%27") == "http://host/********");
  CHECK(mask.text("<b>p@ss/w&lt;rd&gt;&amp;&#34;&#39;</b>") == "<b>********</b>");
  CHECK(mask.text("<b>p@ss/w&lt;rd&gt;&amp;&quot;&#x27;</b>") == "<b>********</b>");
}

TEST_CASE("long numbers in a value that is JSON are hidden", "[secrets]") {
  SecretMask mask;
  mask.add(R"({"account": 987654321, "port": 54321, "deep": [{"pin": -123456}]})");
  CHECK(mask.text("987654321 54321 -123456") == "******** 54321 ********");
  json value{{"a", 987654321}, {"b", 54321}, {"c", 9876543210}};
  CHECK(mask.apply(value));
  CHECK(value == json{{"a", "********"}, {"b", 54321}, {"c", 9876543210}});
}

TEST_CASE("of a text that goes on, what may begin a value is held", "[secrets]") {
  SecretMask mask;
  mask.add("hunter2");
  mask.add("hunter2-and-more");
  const auto check = [&](const char* text, const char* shown, const char* held) {
    const auto beginning = mask.beginning(text);
    CHECK(beginning.shown == shown);
    CHECK(beginning.held == held);
  };
  check("nothing", "nothing", "");
  check("a hun", "a ", "hun");
  check("a hunter2", "a ", "hunter2");
  check("a hunter2-and-x", "a ********-and-x", "");
  check("hunter2-and-more h", "******** ", "h");
  check("hunhunt", "hun", "hunt");
  check("", "", "");
}

TEST_CASE("each line of a value is hidden by itself", "[secrets]") {
  SecretMask mask;
  mask.add("-----BEGIN KEY-----\r\n  c2VjcmV0\nxy\n-----END KEY-----\n");
  CHECK(mask.text("<out> -----BEGIN KEY-----") == "<out> ********");
  CHECK(mask.text("<out> c2VjcmV0") == "<out> ********");
  CHECK(mask.text("<out> xy") == "<out> xy");
}

TEST_CASE("a value is hidden where it is escaped for JSON", "[secrets]") {
  const std::string value = "p\"ss\\w\u00f6rd\nsecond line";
  SecretMask mask;
  mask.add(value);
  for (const bool ascii_only : {false, true}) {
    const std::string text = json{{"a", {value}}}.dump(-1, ' ', ascii_only);
    CHECK(mask.text(text) == R"({"a":["********"]})");
  }
}

TEST_CASE("a value is hidden inside quotes of Python and of a shell", "[secrets]") {
  SecretMask mask;
  mask.add("it's a \"b\\c\t");
  CHECK(mask.text(R"({'r': 'it\'s a "b\\c\t'})") == "{'r': '********'}");
  mask.add("it's");
  CHECK(mask.text("+ echo 'it'\\''s'") == "+ echo '********'");
  mask.add("back\\slash");
  CHECK(mask.text(R"(['back\\slash'])") == "['********']");
}

TEST_CASE("the texts inside a JSON value are hidden, its numbers and keys are not", "[secrets]") {
  SecretMask mask;
  mask.add(R"({"user": "admin", "password": ["s3cret"], "port": 5432})");
  CHECK(mask.text("admin:s3cret@host:5432 password") == "********:********@host:5432 password");
}

TEST_CASE("a value that is JSON nested beyond reason is hidden as a text", "[secrets]") {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  SecretMask mask;
  mask.add(deep);
  CHECK(mask.text("<" + deep + ">") == "<********>");
}

TEST_CASE("values are hidden deep in JSON, in texts and in keys", "[secrets]") {
  SecretMask mask;
  mask.add("hunter2");
  json value = {{"a", {{{"b", "is hunter2"}}}}, {"hunter2", 1}};
  CHECK(mask.apply(value));
  CHECK(value == json{{"a", {{{"b", "is ********"}}}}, {"********", 1}});
  CHECK_FALSE(mask.apply(value));
}

TEST_CASE("the texts of an event are hidden, its context stays", "[secrets]") {
  SecretMask mask;
  mask.add("hunter2");
  Event event;
  event.text = "login with hunter2";
  event.context.node_id = "web_hunter2";
  event.context.task_error_causes = json::array({{{"message", "hunter2 is wrong"}}});
  event.context.additional = {{"with", "hunter2"}};
  mask.apply(event);
  CHECK(event.context.additional["with"] == "********");
  CHECK(event.text == "login with ********");
  CHECK(event.context.task_error_causes[0]["message"] == "******** is wrong");
  CHECK(event.context.node_id == "web_hunter2");
}

namespace {

// What is left of `text` when `value` is hidden in it.
std::string shown(const std::string& value, const std::string& text) {
  SecretMask mask;
  mask.add(value);
  return mask.text(text);
}

}  // namespace

TEST_CASE("a value is hidden as forms and addresses of any hand write it", "[secrets]") {
  const std::string value = "p@ss w:rd+\u00e9/%";
  CHECK(shown(value, "password=p%40ss+w%3Ard%2B%C3%A9%2F%25&x=1") == "password=********&x=1");
  CHECK(shown(value, "p%40ss%20w%3ard%2b%c3%A9/%25.") == "********.");
  CHECK(shown(value, "in=p%2540ss%2520w%253Ard%252B%25C3%25A9%252F%2525") == "in=********");
  CHECK(shown(value, "p%2540ss%2Bw%253Ard%252B%25C3%25A9%252F%2525") == "********");
  CHECK(shown(value, "p%40ss+w%3Ard%2B%C3%A9%2F%") == "********");
  CHECK(shown("one\ntwo", "one%0D%0Atwo one%0Atwo one\r\ntwo") == "******** ******** ********");
}

TEST_CASE("a value is hidden as shells quote it", "[secrets]") {
  CHECK(shown("p@ss w\"d&$x'y", R"(+ p@ss\ w\"d\&\$x\'y)") == "+ ********");  // bash's %q
  CHECK(shown("it's \xC3\xA9\n\x1b\a", R"($'it\'s \303\251\n\E\a')") == "$'********'");
  CHECK(shown("it's here", R"('it'\''s here' 'it'"'"'s here')") == "'********' '********'");
  CHECK(shown("it''s here", R"('it'\'''\''s here' 'it'"''"'s here')") == "'********' '********'");
  CHECK(shown("it''s here", R"('it'"'"''"'"'s here')") == "'********'");          // Python's shlex
  CHECK(shown("a\nb\xC3\xA9z", R"('a'$'\n''b'$'\303\251''z')") == "'********'");  // coreutils' %q
}

TEST_CASE("a value is hidden as Python and JavaScript show it", "[secrets]") {
  const std::string value = "\u00e9\u20ac\U0001f600'\"\\\n\t\x1f";
  CHECK(shown(value, R"('\xe9\u20ac\U0001f600\'"\\\n\t\x1f')") == "'********'");
  CHECK(shown(value, R"(b'\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\'"\\\n\t\x1f')") == "b'********'");
  CHECK(shown(value, R"("\u00e9\u20ac\ud83d\ude00'\"\\\n\t\u001f")") == "\"********\"");
  CHECK(shown(value, R"("\u{E9}\u{20ac}\u{1f600}'\"\\\n\t\x{1F}")") == "\"********\"");
}

TEST_CASE("a value is hidden in JSON in JSON in JSON", "[secrets]") {
  const std::string value = "a\"b\\c\nd\\\\\"e/\u00e9\U0001f600'";
  SecretMask mask;
  mask.add(value);
  std::string text = value, expected = "********";
  for (int level = 0; level < 4; ++level) {
    text = json{{"v", text}}.dump(-1, ' ', level % 2 == 0);
    expected = json{{"v", expected}}.dump();
    CHECK(mask.text(text) == expected);
  }
}

TEST_CASE("a value is hidden in HTML and XML with any of their entities", "[secrets]") {
  const std::string value = "<a href=\"x\">&'\u00e9\n";
  CHECK(shown(value, "&lt;a href=&quot;x&quot;&gt;&amp;&apos;&#233;&#10;") == "********");
  CHECK(shown(value, "&#60;a href=&#x22;x&#X22;&#x3e;&#38;&#39;&#xE9;&#xA;") == "********");
  CHECK(shown(value, "&amp;lt;a href=&amp;#34;x&amp;#34;&amp;gt;&amp;amp;'\u00e9\n") == "********");
}

TEST_CASE("a value is hidden in base64", "[secrets]") {
  CHECK(shown("hunter2!", "aHVudGVyMiE= aHVudGVyMiE aHVudGVyMiEK") == "******** ******** ********");
  CHECK(shown("\u00ff\u00fe~~?>", "w7/Dvn5+Pz4= w7_Dvn5-Pz4 w7%2FDvn5%2BPz4%3D") ==
        "******** ******** ********");
  // Between others, as in an Authorization header: all but the digits that are shared with them.
  CHECK(shown("hunter2-and-more", "dXNlcjpodW50ZXIyLWFuZC1tb3Jl") == "dXNlcjp********");
  CHECK(shown("hunter2-and-more", "dTpodW50ZXIyLWFuZC1tb3JlCg==") == "dTp********Cg==");
  CHECK(shown("abc", "YWJj") == "YWJj");
}

TEST_CASE("each line of long base64 is hidden", "[secrets]") {
  const std::string value = std::string(60, 'k') + "-0123456789";
  std::string line;
  while (line.size() < 76)
    line += "a2tr";
  CHECK(shown(value, line + "\na2trLTAxMjM0NTY3ODk=\n") == "********\n********\n");
}

TEST_CASE("bytes that are no text are hidden as they are shown", "[secrets]") {
  const std::string value = "ab\xff\xfe-cd";
  CHECK(shown(value, R"(ab\xff\xfe-cd ab\377\376-cd)") == "******** ********");
  CHECK(shown(value, "ab\uFFFD\uFFFD-cd ab\\udcff\\udcfe-cd") == "******** ********");
}

TEST_CASE("what merely resembles a value stays", "[secrets]") {
  CHECK(shown("number one", "C:\\number two\\number+one") == "C:\\number two\\********");
  CHECK(shown("100%", "10% 100 100%") == "10% 100 ********");
  CHECK(shown("a&b;c", "a&amp;b,c a&b;c") == "a&amp;b,c ********");
}

TEST_CASE("a form of a value that goes on is held", "[secrets]") {
  SecretMask mask;
  mask.add("p@ss'w&rd");
  for (const char* held :
       {"p%4", "p%40ss'\\", "p\\u00", "p@ss'\"", "p@ss'w&#3", "p@ss'w&am", "%"}) {
    const auto beginning = mask.beginning(std::string("- ") + held);
    CHECK(beginning.shown == "- ");
    CHECK(beginning.held == held);
  }
}

TEST_CASE("texts made to be read in many ways cost no more than others", "[secrets]") {
  SecretMask mask;
  mask.add(std::string(30, '\\') + "end");
  mask.add("''''''''''''''''''''''''\"\"\"\"end");
  mask.add("%25%25%25%25%25%2540&amp;&amp;&amp;");
  for (const char* piece : {"\\", "'", "\"", "%25", "%", "&amp;", "'\\''", "'\"'\"'"}) {
    std::string text;
    while (text.size() < 512)
      text += piece;
    CHECK(mask.text(text).size() <= text.size());
    CHECK(mask.beginning(text).shown.size() <= text.size());
  }
}

TEST_CASE("a thousand values are hidden", "[secrets]") {
  SecretMask mask;
  for (int i = 1000; i < 2000; ++i)
    mask.add("value-" + std::to_string(i));
  CHECK(mask.text("value-1000 value-1999 value-2000") == "******** ******** value-2000");
  mask.add("value-2000");
  CHECK(mask.text("value-1000 value-1999 value-2000") == "******** ******** ********");
}
