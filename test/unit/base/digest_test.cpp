#include "base/digest.hpp"

#include <catch2/catch.hpp>

#include "support/temp_dir.hpp"

namespace {

std::string digest_of(std::initializer_list<std::string_view> texts) {
  cfy::base::Digest digest;
  for (const std::string_view text : texts)
    digest.add(text);
  return digest.to_string();
}

}  // namespace

TEST_CASE("a digest is the same for the same texts only", "[digest]") {
  CHECK(digest_of({"a", "b"}) == digest_of({"a", "b"}));
  CHECK(digest_of({"a", "b"}) != digest_of({"b", "a"}));
  CHECK(digest_of({"a", "b"}) != digest_of({"ab"}));
  CHECK(digest_of({"ab", ""}) != digest_of({"ab"}));
}

TEST_CASE("a digest is what earlier versions stored", "[digest]") {
  CHECK(digest_of({}) == "cbf29ce484222325");
  CHECK(digest_of({"a"}) == "dedf9f982e43402d");
}

TEST_CASE("the digest of a file follows its bytes", "[digest]") {
  const cfy::test::TempDir folder;
  const auto of = [&](std::string_view text) {
    return cfy::base::digest_of_file(folder.write("file", text)).value();
  };
  const std::string large(300'001, 'x');
  CHECK(of(large) == of(large));
  CHECK(of(large) != of(large + "x"));
  CHECK(of("12345678") != of("12345679"));
  CHECK(of("a") != of(std::string("a\0", 2)));
  CHECK(of("") != of(std::string(8, '\0')));
  CHECK_FALSE(cfy::base::digest_of_file(folder.path() / "none").ok());
}
