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
