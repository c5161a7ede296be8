#include "base/folders.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temp_dir.hpp"

namespace base = cfy::base;
namespace fs = std::filesystem;

TEST_CASE("a folder is removed with all in it and nothing beside it", "[base]") {
  const cfy::test::TempDir dir;
  dir.write("root/a/b/c/file", "x");
  dir.write("root/a/other", "x");
  dir.write("root/ab/file", "x");
  CHECK(base::remove_below(dir.path() / "root", "a"));
  CHECK_FALSE(fs::exists(dir.path() / "root/a"));
  CHECK(fs::exists(dir.path() / "root/ab/file"));
  CHECK(base::remove_below(dir.path() / "root", "a"));
  CHECK(base::remove_below(dir.path() / "none", "a"));
}

TEST_CASE("nothing outside of the root is removed", "[base]") {
  const cfy::test::TempDir dir;
  dir.write("root/file", "x");
  const fs::path victim = dir.write("victim/file", "x");
  const fs::path root = dir.path() / "root";
  for (const fs::path& name :
       {fs::path("../victim"), dir.path() / "victim", fs::path(".."), fs::path("."), fs::path(""),
        fs::path("a/../../victim"), fs::path("a/.."), fs::path("a/")}) {
    INFO(name);
    const auto removed = base::remove_below(root, name);
    REQUIRE_FALSE(removed.ok());
    CHECK(removed.error().kind() == base::ErrorKind::invalid);
  }
  CHECK(fs::exists(victim));
  CHECK(fs::exists(root / "file"));
}

TEST_CASE("links are removed, and what they lead to stays", "[base]") {
  const cfy::test::TempDir dir;
  const fs::path victim = dir.write("victim/file", "x");
  dir.write("root/a/file", "x");
  fs::create_symlink(dir.path() / "victim", dir.path() / "root/a/link");
  fs::create_symlink(dir.path() / "victim", dir.path() / "root/b");
  fs::create_symlink(dir.path() / "root", dir.path() / "way");
  CHECK(base::remove_below(dir.path() / "way", "a"));
  CHECK_FALSE(base::remove_below(dir.path() / "root", "b/file"));
  CHECK(base::remove_below(dir.path() / "root", "b"));
  CHECK(fs::exists(victim));
  CHECK_FALSE(fs::exists(fs::symlink_status(dir.path() / "root/b")));
}

TEST_CASE("folders deeper than there are descriptors, and than a path is long", "[base]") {
  const cfy::test::TempDir dir;
  int folder = open(dir.path().c_str(), O_RDONLY | O_DIRECTORY);
  for (int i = 0; i < 3000; ++i) {
    REQUIRE(mkdirat(folder, "deep", 0700) == 0);
    const int inner = openat(folder, "deep", O_RDONLY | O_DIRECTORY);
    close(folder);
    folder = inner;
  }
  close(folder);
  CHECK(base::remove_below(dir.path(), "deep"));
  CHECK_FALSE(fs::exists(dir.path() / "deep"));
}

TEST_CASE("a folder of ours that others may write to becomes ours alone", "[base]") {
  const cfy::test::TempDir dir;
  const fs::path folder = dir.path() / "state";
  CHECK(base::make_own_folder("the state folder", folder));
  CHECK(*base::take_ownership("the state folder", folder) == base::Ownership::ours);
  REQUIRE(chmod(folder.c_str(), 0777) == 0);
  CHECK(base::is_open_to_others(folder));
  CHECK(*base::take_ownership("the state folder", folder) == base::Ownership::tightened);
  CHECK_FALSE(base::is_open_to_others(folder));
  CHECK((fs::status(folder).permissions() & fs::perms::mask) == fs::perms(0755));
  CHECK(*base::take_ownership("the state folder", dir.path() / "none") == base::Ownership::ours);
}

TEST_CASE("a folder or a link of another user is refused by name", "[base]") {
  if (geteuid() != 0) {
    WARN("only root can give a folder away");
    return;
  }
  const cfy::test::TempDir dir;
  const fs::path folder = dir.path() / "state";
  const fs::path link = dir.path() / "link";
  fs::create_directory(folder);
  fs::create_symlink(folder, link);
  REQUIRE(lchown(link.c_str(), 12345, 12345) == 0);
  CHECK_FALSE(base::take_ownership("the state folder", link).ok());
  REQUIRE(chown(folder.c_str(), 12345, 12345) == 0);
  const auto made = base::make_own_folder("the state folder", folder);
  REQUIRE_FALSE(made.ok());
  CHECK(made.error().kind() == base::ErrorKind::state);
  CHECK(made.error().message().find("belongs to user 12345") != std::string::npos);
  CHECK(base::is_open_to_others(folder));
}
