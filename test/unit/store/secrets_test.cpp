#include <fstream>
#include <sstream>

#include "store_fixture.hpp"

using namespace cfy::store;
using cfy::base::ErrorKind;

namespace {

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

}  // namespace

TEST_CASE("a secret reads back byte by byte", "[store]") {
  StoreFixture f;
  const std::string value = "two\nlines and 'quotes'\n";
  must(f.store->secrets().set("key", value, 5));
  CHECK(must(f.store->secrets().get("key")) == value);
  CHECK(must(f.store->secrets().find("key")) == value);
  CHECK_FALSE(must(f.store->secrets().find("other")).has_value());
}

TEST_CASE("a secret that is set again keeps its time of creation", "[store]") {
  StoreFixture f;
  must(f.store->secrets().set("key", "old", 5));
  must(f.store->secrets().set("key", "new", 7));
  must(f.store->secrets().set("another", "x", 6));
  const auto rows = must(f.store->secrets().list());
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].name == "another");
  CHECK(rows[1].created_ms == 5);
  CHECK(rows[1].updated_ms == 7);
  CHECK(must(f.store->secrets().values())[1].second == "new");
}

TEST_CASE("an unknown secret is refused with the near name", "[store]") {
  StoreFixture f;
  must(f.store->secrets().set("db_password", "x", 5));
  const auto error = error_of(f.store->secrets().get("db_pasword"));
  CHECK(error.kind() == ErrorKind::not_found);
  CHECK(error.message() == "there is no secret 'db_pasword'; did you mean 'db_password'?");
  CHECK_FALSE(f.store->secrets().remove("db_pasword"));
}

TEST_CASE("a deleted or replaced value is gone from the files", "[store]") {
  StoreFixture f;
  must(f.store->secrets().set("key", "needle-one", 5));
  must(f.store->secrets().set("key", "needle-two", 6));
  must(f.store->secrets().remove("key"));
  for (const char* name : {"state.db", "state.db-wal"})
    CHECK(bytes_of(f.dir.path() / "state" / name).find("needle") == std::string::npos);
}
