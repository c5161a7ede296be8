#include "base/files.hpp"

#include <fstream>
#include <thread>

#include <catch2/catch.hpp>
#include <sys/stat.h>

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
  CHECK(base::load_file(dir.path(), 10).error().message().find("is a folder") != std::string::npos);
  CHECK(base::load_file("/dev/zero", 10).error().message().find("not a regular file") !=
        std::string::npos);
  CHECK(base::load_file(dir.path() / "big", 4).error().message().find("limit of 4") !=
        std::string::npos);
}

TEST_CASE("saving where no folder is says so", "[base]") {
  CHECK(base::save_file("/nowhere/at/all", "x").error().kind() == base::ErrorKind::io);
}

TEST_CASE("a pipe is read to its end where any kind of file will do", "[base]") {
  const cfy::test::TempDir dir;
  const std::string pipe = (dir.path() / "pipe").string();
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  std::thread writer([&] { std::ofstream(pipe) << "a: 1"; });
  CHECK(*base::load_file(pipe, 100, base::FileKind::any) == "a: 1");
  writer.join();
  CHECK_FALSE(base::load_file("/dev/zero", 10, base::FileKind::any));
}

TEST_CASE("a file that opens but cannot be read is an error, not an exception", "[base]") {
  CHECK(base::load_file("/proc/self/mem", 100).error().kind() == base::ErrorKind::io);
}
