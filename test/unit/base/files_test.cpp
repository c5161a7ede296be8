#include "base/files.hpp"

#include <catch2/catch.hpp>

#include "support/temp_dir.hpp"

namespace base = cfy::base;

TEST_CASE("a file comes back as it was saved", "[base]") {
  const cfy::test::TempDir dir;
  const std::string text("a\0b\n", 4);
  REQUIRE(base::save_file(dir.path() / "f", text));
  CHECK(*base::load_file(dir.path() / "f", 100) == text);
}

TEST_CASE("what is not a readable file of fair size is refused with its path", "[base]") {
  const cfy::test::TempDir dir;
  dir.write("big", "12345");
  CHECK(base::load_file(dir.path() / "none", 10).error().kind() == base::ErrorKind::not_found);
  CHECK(base::load_file(dir.path(), 10).error().message().find("is a folder") !=
        std::string::npos);
  CHECK(base::load_file("/dev/zero", 10).error().message().find("not a regular file") !=
        std::string::npos);
  CHECK(base::load_file(dir.path() / "big", 4).error().message().find("limit of 4") !=
        std::string::npos);
}

TEST_CASE("saving where no folder is says so", "[base]") {
  CHECK(base::save_file("/nowhere/at/all", "x").error().kind() == base::ErrorKind::io);
}
