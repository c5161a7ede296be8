#include <catch2/catch.hpp>

#include "yaml_fixture.hpp"

using cfy::yaml::Loaded;

TEST_CASE("megabytes of brackets are refused at once", "[yaml]") {
  CHECK(Loaded(std::string(10'000'000, '[')).first() ==
        "1:10001 this is not valid YAML: more than 10000 brackets are open here; is this a "
        "blueprint?");
}

TEST_CASE("deep nesting is refused", "[yaml]") {
  const std::string deep = Loaded(std::string(2'000, '[')).first();
  CHECK(deep.ends_with("nested too deeply"));
  CHECK_FALSE(deep.starts_with("1:2001 "));  // where it is too deep, not where the text ends
  std::string dashes;
  for (int i = 0; i < 2'000; ++i)
    dashes += "- ";
  CHECK(Loaded(dashes).first().ends_with("nested too deeply"));
}

TEST_CASE("a billion laughs are refused", "[yaml]") {
  std::string text = "a0: &a0 [lol, lol]\n";
  for (int i = 1; i < 40; ++i)
    text += fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}]\n", i, i - 1);
  CHECK(Loaded(text).first().find("stand for more than 1000000 values") != std::string::npos);
}

TEST_CASE("bytes that are no text are refused", "[yaml]") {
  CHECK(Loaded(std::string("a: \0b", 5)).first() ==
        "1:4 this is not valid YAML: the byte 0x00 does not belong into a text file");
  CHECK(Loaded("\x7F"
               "ELF")
            .first()
            .starts_with("1:1 this is not valid YAML: the byte 0x7f"));
  CHECK(Loaded("a: 1\nb: \xFF\n").first() == "2:4 this is not valid YAML: this is not valid UTF-8");
}
