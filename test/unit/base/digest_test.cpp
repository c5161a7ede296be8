#include "base/digest.hpp"

#include <catch2/catch.hpp>

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
