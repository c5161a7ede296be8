#include "packages/package_store.hpp"

#include <set>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "packages/staging.hpp"
#include "packages/tree.hpp"
#include "support/temp_dir.hpp"

namespace fs = std::filesystem;
namespace packages = cfy::packages;
using Catch::Contains;
using cfy::base::ErrorKind;
using cfy::test::TempDir;

namespace {

struct Store {
  TempDir dir;
  packages::PackageStore store{dir.path() / "state/plugins"};

  cfy::base::Result<packages::PackageStore::Added> add(const std::string& name,
                                                       const std::string& version,
                                                       const std::string& text = "x") const {
    const auto staging = packages::StagingFolder::make(store.root());
    REQUIRE(staging.ok());
    const auto content = staging->make_folder("content");
    const auto file = dir.write("plugin.yaml", text);
    REQUIRE(packages::copy_file_into(file, *content).ok());
    return store.add(*content, name, version, "here.zip");
  }
  std::string find(const std::string& name, const char* range = "") const {
    const auto found = store.find(name, *packages::VersionRange::parse(range));
    return found ? found->version : found.error().message();
  }
};

}  // namespace

TEST_CASE("what is installed is found, the newest version first", "[packages]") {
  const Store s;
  for (const char* version : {"1.9", "1.10", "2.0rc1"})
    REQUIRE(s.add("aws", version)->is_new);
  REQUIRE(s.add("azure", "1.0"));
  CHECK(s.find("aws") == "1.10");
  CHECK(s.find("aws", "<1.10") == "1.9");
  std::string all;
  for (const packages::Package& each : s.store.list())
    all += each.name + " " + each.version + ",";
  CHECK(all == "aws 2.0rc1,aws 1.10,aws 1.9,azure 1.0,");
  struct stat status {};
  REQUIRE(stat((s.store.root() / "aws/1.9").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0700);
}

TEST_CASE("the same again is no error, other content of the same version is", "[packages]") {
  const Store s;
  REQUIRE(s.add("aws", "1.0", "one"));
  const auto again = s.add("aws", "1.0", "one");
  REQUIRE(again);
  CHECK_FALSE(again->is_new);
  const auto other = s.add("aws", "1.0", "two");
  REQUIRE_FALSE(other);
  CHECK(other.error().kind() == ErrorKind::conflict);
  CHECK_THAT(other.error().message(),
             Contains((s.store.root() / "aws/1.0").string()) && Contains("here.zip"));
  // Nothing half made is left behind.
  CHECK(std::distance(fs::directory_iterator(s.store.root()), fs::directory_iterator()) == 1);
}

TEST_CASE("what a killed process left half made is removed by the next one", "[packages]") {
  const Store s;
  // Its number may be another process's by now: it is the lock that tells.
  const std::string left = fmt::format(".new-{}-abcdef", getpid());
  fs::create_directories(s.store.root() / ".new-999999999-abcdef/content");
  fs::create_directories(s.store.root() / left / "content");
  fs::create_directories(s.store.root() / ".new-note");
  const auto living = cfy::packages::StagingFolder::make(s.store.root());
  REQUIRE(living);
  REQUIRE(s.add("aws", "1.0"));
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(s.store.root()))
    names.insert(entry.path().filename().string());
  CHECK(names == std::set<std::string>{"aws", living->path().filename().string(), ".new-note"});
  CHECK(s.store.list().size() == 1);
}

TEST_CASE("what is not installed is said with what is", "[packages]") {
  const Store s;
  CHECK(s.find("aws") == "no plugin 'aws' is installed; install it with `cfy-run plugins install`");
  REQUIRE(s.add("cloudify-aws", "1.0"));
  REQUIRE(s.add("cloudify-aws", "1.2"));
  CHECK_THAT(s.find("cloudify-asw"), Contains("did you mean 'cloudify-aws'?"));
  CHECK_THAT(s.find("kubernetes"), Contains("there are: cloudify-aws"));
  CHECK_THAT(s.find("cloudify-aws", ">=2"), Contains("installed as 1.2, 1.0, but not as >=2"));
  CHECK_THAT(s.find("../plugins"), Contains("no plugin"));
}

TEST_CASE("a name or version that leads elsewhere is refused", "[packages]") {
  const Store s;
  for (const char* bad : {"../x", "a/b", "", ".hidden", "a b", "\xC3\xBC"}) {
    CHECK_THAT(s.add(bad, "1.0").error().message(), Contains("a plugin cannot be called"));
    CHECK_THAT(s.add("a", bad).error().message(),
               Contains("the version of a plugin cannot be called"));
  }
}

TEST_CASE("a file knows the package that it belongs to", "[packages]") {
  const Store s;
  REQUIRE(s.add("aws", "1.0"));
  const auto owner = s.store.find_owner(s.store.root() / "aws/1.0/plugin.yaml");
  REQUIRE(owner);
  CHECK((owner->name == "aws" && owner->version == "1.0"));
  CHECK_FALSE(s.store.find_owner(s.store.root() / "aws"));
  CHECK_FALSE(s.store.find_owner(s.dir.path() / "blueprint.yaml"));
}

TEST_CASE("definitions for the DSL version come first", "[packages]") {
  const TempDir dir;
  const auto find = [&](int minor) {
    const auto found = packages::find_definitions(dir.path(), minor);
    return found ? found->filename().string() : found.error().message();
  };
  CHECK_THAT(find(5), Contains("holds no plugin.yaml"));
  dir.write("other.yaml", "");
  CHECK(find(5) == "other.yaml");
  dir.write("plugin_1_4.yaml", "");
  CHECK(find(4) == "plugin_1_4.yaml");
  CHECK(find(5) == "plugin_1_4.yaml");
  CHECK_THAT(find(3), Contains("for cloudify_dsl_1_4 and later only"));
  dir.write("plugin.yaml", "");
  CHECK(find(3) == "plugin.yaml");
  CHECK(find(4) == "plugin_1_4.yaml");
  CHECK(find(5) == "plugin.yaml");
}

TEST_CASE("a library is found by name, or because it is the only one", "[packages]") {
  const TempDir dir;
  const auto find = [&](const std::vector<std::string>& names) {
    const auto found = packages::find_library(dir.path(), names);
    if (!found) return found.error().message();
    return *found ? (*found)->lexically_relative(dir.path()).string() : "none";
  };
  CHECK(find({"p"}) == "none");
  dir.write("lib/helper.so", "");
  CHECK(find({"p"}) == "lib/helper.so");
  dir.write("lib/other.so", "");
  CHECK_THAT(find({"p"}), Contains("lib/helper.so, lib/other.so") && Contains("p.so"));
  CHECK(find({"p", "other"}) == "lib/other.so");
  dir.write("p.so", "");
  CHECK(find({"p", "other"}) == "p.so");
}
