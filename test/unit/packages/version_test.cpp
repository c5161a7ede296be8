#include "packages/version.hpp"

#include <catch2/catch.hpp>

using cfy::packages::find_newest;
using cfy::packages::Version;
using cfy::packages::VersionRange;

namespace {

bool allows(const char* range, const char* version) {
  const auto parsed = VersionRange::parse(range);
  REQUIRE(parsed.ok());
  return parsed->allows(Version(version));
}

std::string newest(const std::vector<std::string>& texts, const char* range) {
  const std::vector<Version> versions(texts.begin(), texts.end());
  const Version* found = find_newest(versions, *VersionRange::parse(range));
  return found == nullptr ? "none" : found->text();
}

}  // namespace

TEST_CASE("versions have the order of Python's packages", "[packages]") {
  const std::vector<std::string> ascending = {"nightly", "0.9",    "1.0.dev1",  "1.0a1", "1.0b2",
                                              "1.0rc1",  "1.0",    "1.0.post1", "1.0.1", "1.9",
                                              "1.10",    "2020.1", "1!0.1"};
  for (std::size_t i = 0; i < ascending.size(); ++i)
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      INFO(ascending[i] << " and " << ascending[j]);
      CHECK(std::is_lt(Version(ascending[i]).compare(Version(ascending[j]))) == (i < j));
    }
  CHECK(std::is_eq(Version("1.2").compare(Version("1.2.0"))));
  CHECK(std::is_eq(Version("v1.2").compare(Version("1.2+build.7"))));
  CHECK(std::is_eq(Version("1.0-1").compare(Version("1.0.post1"))));
}

TEST_CASE("a range takes what all its parts allow", "[packages]") {
  CHECK(allows("", "1.2"));
  CHECK(allows("1.2", "1.2.0"));
  CHECK_FALSE(allows("1.2", "1.2.1"));
  CHECK(allows(" >=1.2 , <2.0 ", "1.10"));
  CHECK_FALSE(allows(">=1.2,<2.0", "2.0"));
  CHECK_FALSE(allows(">=1.2,<2.0", "2.0rc1"));
  CHECK(allows("<2.0rc2", "2.0rc1"));
  CHECK(allows("==1.*", "1.7.3"));
  CHECK_FALSE(allows("!=1.*", "1.7.3"));
  CHECK(allows("!=1.0", "1.1"));
  CHECK(allows("~=1.4.2", "1.4.9"));
  CHECK_FALSE(allows("~=1.4.2", "1.5"));
  CHECK(allows("~=1.4", "1.5"));
  CHECK(allows("nightly", "nightly"));
  CHECK_FALSE(allows(">=1", "nightly"));
}

TEST_CASE("what is no range is an error that shows how to write one", "[packages]") {
  for (const char* text : {"=1.2", ">=", ">=abc", "~=1", "<1.*", "1.2,,2", ">= 1 < 2"}) {
    INFO(text);
    const auto parsed = VersionRange::parse(text);
    REQUIRE_FALSE(parsed.ok());
    CHECK_THAT(parsed.error().message(), Catch::Contains("as in '>=1.2,<2'"));
  }
}

TEST_CASE("the newest version wins, a pre-release only where nothing else fits", "[packages]") {
  CHECK(newest({"1.9", "1.10", "1.2"}, "") == "1.10");
  CHECK(newest({"1.9", "1.10", "2.0"}, "<2") == "1.10");
  CHECK(newest({"1.9", "2.0rc1"}, "") == "1.9");
  CHECK(newest({"2.0rc1", "2.0b1"}, "") == "2.0rc1");
  CHECK(newest({"1.9"}, ">2") == "none");
}
