#include "packages/unpack.hpp"

#include <array>
#include <cstdio>
#include <cstring>
#include <fstream>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <sys/stat.h>

#include "packages/staging.hpp"
#include "packages/tree.hpp"
#include "support/temp_dir.hpp"

namespace fs = std::filesystem;
namespace packages = cfy::packages;
using Catch::Contains;
using cfy::test::TempDir;

namespace {

struct Entry {
  std::string name;
  char type = '0';  // '0' file, '1' hard link, '2' link, '3' device, '5' folder
  std::string content = {};
  std::string target = {};
  unsigned mode = 0644;
};

/// A tar file, byte by byte: the tools do not write what must be refused.
std::string tar_of(const std::vector<Entry>& entries) {
  std::string tar;
  for (const Entry& entry : entries) {
    std::array<char, 512> head{};
    const auto put = [&](std::size_t at, const std::string& text) {
      std::memcpy(head.data() + at, text.data(), text.size());
    };
    put(0, entry.name);
    put(100, fmt::format("{:07o}", entry.mode));
    put(108, "0000000");
    put(116, "0000000");
    put(124, fmt::format("{:011o}", entry.content.size()));
    put(136, "00000000000");
    put(148, "        ");
    head[156] = entry.type;
    put(157, entry.target);
    put(257, "ustar");
    put(263, "00");
    unsigned sum = 0;
    for (const char byte : head)
      sum += static_cast<unsigned char>(byte);
    put(148, fmt::format("{:06o}", sum) + std::string(1, '\0'));
    tar.append(head.data(), head.size());
    tar += entry.content;
    tar.append((512 - entry.content.size() % 512) % 512, '\0');
  }
  return tar.append(1024, '\0');
}

struct Unpacked {
  explicit Unpacked(const std::vector<Entry>& entries, const packages::TreeLimits& limits = {})
      : result(unpack(dir.write("a.tar", tar_of(entries)), limits)) {}
  cfy::base::Result<void> unpack(const fs::path& archive, const packages::TreeLimits& limits) {
    fs::create_directory(to());
    return packages::unpack(archive, to(), limits);
  }
  fs::path to() const { return dir.path() / "to"; }
  std::string message() const { return result ? "fine" : result.error().message(); }
  std::string read(const std::string& name) const {
    std::ifstream file(to() / name);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  unsigned mode(const std::string& name) const {
    struct stat status {};
    REQUIRE(stat((to() / name).c_str(), &status) == 0);
    return status.st_mode & 0777U;
  }

  TempDir dir;
  cfy::base::Result<void> result;
};

}  // namespace

TEST_CASE("files, folders and inner links are unpacked, for the owner alone", "[packages]") {
  const Unpacked good({{"./", '5'},
                       {"lib", '5', {}, {}, 0777},
                       {"lib/p.so.1", '0', "code", {}, 0666},
                       {"lib/p.so", '2', {}, "p.so.1"},
                       {"bin/run", '0', "#!/bin/sh\n", {}, 0755}});
  REQUIRE(good.message() == "fine");
  CHECK(good.read("lib/p.so") == "code");
  CHECK(good.mode("lib") == 0700);
  CHECK(good.mode("lib/p.so.1") == 0600);
  CHECK(good.mode("bin/run") == 0700);
}

TEST_CASE("nothing leads out of the folder", "[packages]") {
  CHECK_THAT(Unpacked({{"/etc/x"}}).message(), Contains("absolute name"));
  CHECK_THAT(Unpacked({{"../x"}}).message(), Contains("'../x', which leads out"));
  CHECK_THAT(Unpacked({{"a/../../x"}}).message(), Contains("leads out"));
  CHECK_THAT(Unpacked({{"l", '2', {}, "/etc/passwd"}}).message(), Contains("leads out"));
  CHECK_THAT(Unpacked({{"l", '2', {}, "../../a.tar"}}).message(), !Contains("fine"));
  CHECK_THAT(Unpacked({{"l", '2', {}, "../a.tar"}}).message(), Contains("leads out"));
  CHECK_THAT(Unpacked({{"l", '2', {}, "gone"}}).message(), Contains("link 'l' to nothing"));
  CHECK_THAT(Unpacked({{"l", '2', {}, "l"}}).message(), Contains("link 'l' to nothing"));
  CHECK_THAT(Unpacked({{"h", '1', {}, "x"}}).message(), Contains("hard link 'h'"));
  CHECK_THAT(Unpacked({{"d", '3'}}).message(), Contains("no file, folder or link"));
}

TEST_CASE("no file is written through a link of the archive", "[packages]") {
  const Unpacked u({{"out", '2', {}, ".."}, {"out/planted", '0', "x"}});
  CHECK_THAT(u.message(), Contains("holds 'out' twice"));
  CHECK_FALSE(fs::exists(u.dir.path() / "planted"));
  const Unpacked twice({{"a", '0', "1"}, {"a", '0', "2"}});
  CHECK(twice.message() == "holds 'a' twice");
  const Unpacked below({{"a", '0', "1"}, {"a/b", '0', "2"}});
  CHECK(below.message() == "holds 'a/b' twice");
}

TEST_CASE("limits hold for what is unpacked, not for the archive", "[packages]") {
  packages::TreeLimits small;
  small.max_bytes = 10;
  CHECK_THAT(Unpacked({{"a", '0', "12345"}, {"b", '0', "123456"}}, small).message(),
             Contains("limit of 10 bytes"));
  packages::TreeLimits few;
  few.max_entries = 2;
  CHECK_THAT(Unpacked({{"a"}, {"b"}, {"c"}}, few).message(), Contains("limit of 2 files"));
  std::string deep;
  for (int i = 0; i < 45; ++i)
    deep += "d/";
  CHECK(Unpacked({{deep + "f"}}).message() == "fine");
}

TEST_CASE("what is no archive is said so", "[packages]") {
  const TempDir dir;
  fs::create_directory(dir.path() / "to");
  for (const char* text : {"", "words of no archive at all\n"}) {
    const auto result = packages::unpack(dir.write("a.tar.gz", text), dir.path() / "to");
    INFO(text);
    CHECK((result || result.error().message().starts_with("cannot be unpacked as tar")));
  }
  std::string tar = tar_of({{"a", '0', std::string(2000, 'x')}});
  const auto cut = packages::unpack(dir.write("b.tar", tar.substr(0, 1000)), dir.path() / "to");
  CHECK_THAT(cut.error().message(), Contains("cannot be unpacked"));
  CHECK(packages::is_archive_name("p-1.0.tar.gz"));
  CHECK(packages::is_archive_name("p.wgn"));
  CHECK_FALSE(packages::is_archive_name("p.so"));
}

TEST_CASE("an archive is unpacked once for its content", "[packages]") {
  const TempDir dir;
  const fs::path cache = dir.path() / "cache";
  const auto archive = dir.write("a.tar", tar_of({{"top/", '5'}, {"top/p.so", '0', "1"}}));
  const auto first = packages::unpack_once(archive, cache);
  REQUIRE(first.ok());
  CHECK(first->filename() == "top");
  const auto time = fs::last_write_time(*first / "p.so");
  CHECK(*packages::unpack_once(archive, cache) == *first);
  CHECK(fs::last_write_time(*first / "p.so") == time);
  dir.write("a.tar", tar_of({{"p.so", '0', "2"}}));
  const auto other = packages::unpack_once(archive, cache);
  REQUIRE(other.ok());
  CHECK(*other != *first);
  CHECK(fs::exists(*other / "p.so"));
  dir.write("a.tar", "no archive");
  CHECK_FALSE(packages::unpack_once(archive, cache).ok());
  CHECK(std::distance(fs::directory_iterator(cache), fs::directory_iterator()) == 2);
}

TEST_CASE("a folder is copied as an archive is unpacked", "[packages]") {
  const TempDir dir;
  dir.write("from/sub/p.so", "code");
  fs::create_symlink("p.so", dir.path() / "from/sub/q.so");
  fs::create_directory(dir.path() / "to");
  REQUIRE(packages::copy_tree(dir.path() / "from", dir.path() / "to").ok());
  CHECK(*packages::digest_of_tree(dir.path() / "from") ==
        *packages::digest_of_tree(dir.path() / "to"));
  dir.write("to/sub/p.so", "other");
  CHECK(*packages::digest_of_tree(dir.path() / "from") !=
        *packages::digest_of_tree(dir.path() / "to"));
  fs::create_symlink("../../secret", dir.path() / "from/out");
  dir.write("secret", "x");
  fs::create_directory(dir.path() / "to2");
  CHECK_THAT(packages::copy_tree(dir.path() / "from", dir.path() / "to2").error().message(),
             Contains("link 'out'"));
}
