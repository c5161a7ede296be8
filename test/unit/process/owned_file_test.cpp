#include "process/owned_file.hpp"

#include <fstream>
#include <optional>

#include <catch2/catch.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "support/temp_dir.hpp"

namespace fs = std::filesystem;
using cfy::process::OwnedFile;
using cfy::process::OwnedFolder;
using cfy::process::remove_left_files;

namespace {

std::size_t count_entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

// In a process that ends without a chance to clean up.
template <typename Act>
void do_and_die(const Act& act) {
  const pid_t child = ::fork();
  if (child == 0) {
    act();
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
}

}  // namespace

TEST_CASE("an owned file is its owner's alone, can be started and goes with it", "[owned_file]") {
  const cfy::test::TempDir dir;
  fs::path path;
  {
    auto file = OwnedFile::make(dir.path() / "a/b", ".sh");
    REQUIRE(file);
    path = file->path();
    REQUIRE(file->write("#!/bin/sh\nexit 7\n"));
    CHECK(path.extension() == ".sh");
    CHECK(fs::status(path).permissions() == fs::perms::owner_all);
    CHECK(fs::status(path.parent_path()).permissions() == fs::perms::owner_all);
    CHECK(WEXITSTATUS(std::system(path.c_str())) == 7);
    remove_left_files(path.parent_path());
    CHECK(fs::exists(path));
  }
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("what a process has left is removed, and nothing else", "[owned_file]") {
  const cfy::test::TempDir dir, elsewhere;
  dir.write("mine", "x");
  elsewhere.write("mine", "x");
  dir.write("cfy-script-damaged.folder", elsewhere.path().string());
  do_and_die([&] {
    auto* file = new std::optional(OwnedFile::make(dir.path(), ".py"));
    (void)(**file)->write("secret");
    auto* folder = new std::optional(OwnedFolder::make(dir.path(), elsewhere.path()));
    std::ofstream((**folder)->path() / "script") << "secret";
  });
  CHECK(count_entries(dir.path()) == 4);
  CHECK(count_entries(elsewhere.path()) == 2);
  remove_left_files(dir.path());
  CHECK(count_entries(dir.path()) == 1);
  CHECK(count_entries(elsewhere.path()) == 1);
  CHECK(fs::exists(elsewhere.path() / "mine"));
  remove_left_files(dir.path() / "nothing");
}

TEST_CASE("an owned folder goes with its object", "[owned_file]") {
  const cfy::test::TempDir dir, elsewhere;
  {
    const auto folder = OwnedFolder::make(dir.path(), elsewhere.path());
    REQUIRE(folder);
    std::ofstream(folder->path() / "script") << "x";
    CHECK(fs::status(folder->path()).permissions() == fs::perms::owner_all);
    remove_left_files(dir.path());
    CHECK(fs::exists(folder->path() / "script"));
  }
  CHECK(count_entries(dir.path()) + count_entries(elsewhere.path()) == 0);
}
