#include "base/ids.hpp"

#include <regex>
#include <set>

#include <catch2/catch.hpp>

namespace base = cfy::base;

TEST_CASE("uuids are version 4 and differ", "[base]") {
  const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i)
    seen.insert(base::make_uuid());
  CHECK(seen.size() == 100);
  for (const std::string& id : seen)
    CHECK(std::regex_match(id, form));
}

TEST_CASE("instance suffixes have the wanted length and letters", "[base]") {
  CHECK(std::regex_match(base::make_id_suffix(), std::regex("[a-z0-9]{6}")));
  CHECK(std::regex_match(base::make_id_suffix(40), std::regex("[a-z0-9]{40}")));
}
