#include "base/names.hpp"

#include <set>

#include <catch2/catch.hpp>

#include "base/text.hpp"

namespace base = cfy::base;

TEST_CASE("an id is a name", "[base]") {
  for (const std::string& id : {std::string("a"), std::string("web-shop_2.0"), std::string("0"),
                                std::string("_x"), std::string(256, 'a')})
    CHECK(base::check_id("the deployment", id));
}

TEST_CASE("an id is no path and nothing that looks like an option", "[base]") {
  for (const std::string& id :
       {std::string(), std::string("."), std::string(".."), std::string("../x"),
        std::string("/tmp/x"), std::string("a/b"), std::string(".hidden"), std::string("-x"),
        std::string("a b"), std::string("a\nb"), std::string("a\0b", 3), std::string("caf\xC3\xA9"),
        std::string("\xFF"), std::string(257, 'a'), std::string("1.0+x")}) {
    const auto checked = base::check_id("the deployment", id);
    INFO(id);
    REQUIRE_FALSE(checked.ok());
    CHECK(checked.error().kind() == base::ErrorKind::invalid);
    CHECK(base::is_valid_utf8(checked.error().message()));
    CHECK(checked.error().message().find('\n') == std::string::npos);
  }
  CHECK(base::check_id("the version", "1!1.0+x", "+!~"));
}

TEST_CASE("the name of a folder becomes the nearest id", "[base]") {
  CHECK(base::to_id("shop-1.0") == "shop-1.0");
  CHECK(base::to_id("my app") == "my-app");
  CHECK(base::to_id("my  (new) app!") == "my-new-app");
  CHECK(base::to_id(".hidden") == "hidden");
  CHECK(base::to_id("caf\xC3\xA9 1") == "caf-1");
  CHECK(base::to_id("\xE6\x97\xA5") == "deployment");
  CHECK(base::to_id("..") == "deployment");
  CHECK(base::check_id("it", base::to_id(std::string(300, 'a') + "b c")));
  CHECK(base::check_id("it", base::to_id(std::string(255, 'a') + " b")));
}

TEST_CASE("a good name is a part of a path as it is", "[base]") {
  for (const char* name : {"shop", "web_x81k2a", "my app", "caf\xC3\xA9", "a.b", "-x", "a+b"})
    CHECK(base::to_path_part(name) == name);
}

TEST_CASE("any name is one part of a path, and each its own", "[base]") {
  std::set<std::string> parts;
  const std::string a(300, 'a');
  const std::string accents = "\xC3\xA9";
  std::string many_accents = "x";
  for (int i = 0; i < 200; ++i)
    many_accents += accents;
  const std::set<std::string> names = {"",
                                       ".",
                                       "..",
                                       "...",
                                       "/",
                                       "//",
                                       "../..",
                                       "%2E",
                                       "%",
                                       "a/b",
                                       "a%2Fb",
                                       "/etc",
                                       std::string("a\0b", 3),
                                       "a\nb",
                                       "\xFF\xFE",
                                       a,
                                       a + "b",
                                       std::string(255, 'a'),
                                       std::string(256, 'a'),
                                       std::string(200, '/'),
                                       many_accents};
  for (const std::string& name : names) {
    const std::string part = base::to_path_part(name);
    INFO(part);
    CHECK(part.size() <= 255);
    CHECK(!part.empty());
    CHECK(part[0] != '.');
    CHECK(part.find('/') == std::string::npos);
    CHECK(part.find('\0') == std::string::npos);
    CHECK(base::is_valid_utf8(part));
    parts.insert(part);
  }
  CHECK(parts.size() == names.size());
  CHECK(base::to_path_part("..") == "%2E.");
  CHECK(base::to_path_part("a/b") == "a%2Fb");
}
