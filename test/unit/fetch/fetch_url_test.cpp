#include "fetch/fetch_url.hpp"

#include <catch2/catch.hpp>

using cfy::fetch::fetch_url;

TEST_CASE("a URL that nobody answers is an error that names it", "[fetch]") {
  cfy::fetch::FetchOptions once;
  once.attempts = 1;
  const auto fetched = fetch_url("http://127.0.0.1:1/a.yaml", once);
  REQUIRE_FALSE(fetched.ok());
  CHECK(fetched.error().message().starts_with("cannot fetch 'http://127.0.0.1:1/a.yaml': "));
}

TEST_CASE("only network schemes are fetched", "[fetch]") {
  CHECK_FALSE(fetch_url("file:///etc/hostname").ok());
  CHECK_FALSE(fetch_url("nonsense://a").ok());
}
