#include "plugin/locate.hpp"

#include <cstdlib>

#include <catch2/catch.hpp>

#include "support/temp_dir.hpp"

namespace fs = std::filesystem;
namespace plugin = cfy::plugin;
using Catch::Contains;
using cfy::test::TempDir;

namespace {

struct Folders {
  TempDir dir;
  plugin::SearchPath path{.command_line = {dir.path() / "cli"},
                          .environment = {dir.path() / "env"},
                          .installed = dir.path() / "installed",
                          .unpacked = dir.path() / "unpacked",
                          .builtin = dir.path() / "builtin"};

  fs::path add(const std::string& name) const { return dir.write(name, "x"); }
  plugin::PluginSpec spec(const std::string& name, const std::string& source = {}) const {
    return {name, source, {}, {}, dir.path() / "blueprint" / "blueprint.yaml"};
  }
  fs::path find(const plugin::PluginSpec& wanted) const {
    const auto found = plugin::locate(wanted, path);
    return found ? *found : fs::path();
  }
};

}  // namespace

TEST_CASE("source, command line, environment, installed and built-in count in this order",
          "[plugin]") {
  const Folders f;
  const auto spec = f.spec("p", "build/p.so");
  const auto builtin = f.add("builtin/p.so");
  CHECK(f.find(spec) == builtin);
  const auto installed = f.add("installed/p/p.so");
  CHECK(f.find(spec) == installed);
  const auto environment = f.add("env/p.so");
  CHECK(f.find(spec) == environment);
  const auto command_line = f.add("cli/p.so");
  CHECK(f.find(spec) == command_line);
  const auto source = f.add("blueprint/build/p.so");
  CHECK(f.find(spec) == source);
}

TEST_CASE("source may be a folder, and may lie under plugins/ as in Cloudify", "[plugin]") {
  const Folders f;
  const auto in_folder = f.add("blueprint/built/p.so");
  CHECK(f.find(f.spec("p", "built")) == in_folder);
  const auto under_plugins = f.add("blueprint/plugins/mine/q.so");
  CHECK(f.find(f.spec("q", "mine")) == under_plugins);
}

TEST_CASE("source may be an archive, which is unpacked once", "[plugin]") {
  const Folders f;
  fs::create_directories(f.dir.path() / "blueprint");
  const std::string pack = "cd '" + f.dir.path().string() + "' && mkdir top && echo x > top/q.so " +
                           "&& tar czf blueprint/p.tar.gz top && echo no > blueprint/bad.zip";
  REQUIRE(std::system(pack.c_str()) == 0);
  const auto found = f.find(f.spec("p", "p.tar.gz"));
  CHECK(found.filename() == "q.so");
  CHECK(found.parent_path().parent_path().parent_path() == f.path.unpacked);
  CHECK(f.find(f.spec("p", "p.tar.gz")) == found);
  CHECK_THAT(plugin::locate(f.spec("p", "bad.zip"), f.path).error().message(),
             Contains("bad.zip (cannot be unpacked"));
}

TEST_CASE("among installed packages the newest counts, or the version asked for", "[plugin]") {
  const Folders f;
  const auto old = f.add("installed/pack/1.9/lib/q.so");
  const auto newest = f.add("installed/pack/1.10/q.so");
  auto spec = f.spec("q");
  spec.package_name = "pack";
  CHECK(f.find(spec) == newest);
  CHECK(f.find(f.spec("ns--pack")) == newest);
  spec.package_version = "1.9";
  CHECK(f.find(spec) == old);
  spec.package_version = "2.0";
  CHECK_THAT(plugin::locate(spec, f.path).error().message(),
             Contains("plugin 'pack' is installed as 1.10, 1.9, but not as 2.0"));
}

TEST_CASE("a plugin that an installed plugin.yaml declares is of that package", "[plugin]") {
  const Folders f;
  const auto old = f.add("installed/pack/1.0/code.so");
  f.add("installed/pack/2.0/code.so");
  auto spec = f.spec("any_name");
  spec.declared_in = f.add("installed/pack/1.0/plugin.yaml");
  CHECK(f.find(spec) == old);
  spec.declared_in = f.add("installed/python/3.0/plugin.yaml");
  CHECK_THAT(plugin::locate(spec, f.path).error().message(),
             Contains("the installed plugin python 3.0, ") && Contains("without a .so"));
}

TEST_CASE("a package name and a name without namespace find the file as well", "[plugin]") {
  const Folders f;
  const auto bare = f.add("builtin/p.so");
  CHECK(f.find(f.spec("ns--p")) == bare);
  CHECK(f.find(f.spec("a--b--p")) == bare);
  auto spec = f.spec("other");
  spec.package_name = "p";
  CHECK(f.find(spec) == bare);
  const auto exact = f.add("builtin/ns--p.so");
  CHECK(f.find(f.spec("ns--p")) == exact);
}

TEST_CASE("a plugin called like script is the built-in script plugin", "[plugin]") {
  const Folders f;
  const auto script = f.add("builtin/script.so");
  CHECK(f.find(f.spec("my_script")) == script);
  CHECK(f.find(f.spec("scripts")) == fs::path());
  const auto own = f.add("cli/my_script.so");
  CHECK(f.find(f.spec("my_script")) == own);
}

TEST_CASE("a plugin that is nowhere is refused with every place and what to do", "[plugin]") {
  const Folders f;
  const auto found = plugin::locate(f.spec("p", "build/p.so"), f.path);
  REQUIRE_FALSE(found);
  CHECK(found.error().kind() == cfy::base::ErrorKind::plugin);
  CHECK_THAT(found.error().message(),
             Contains("plugin 'p', declared in " + (f.dir.path() / "blueprint").string()) &&
                 Contains("build/p.so (no such file)") &&
                 Contains((f.dir.path() / "env").string()) &&
                 Contains((f.dir.path() / "builtin").string()) && Contains("--plugin-path"));
  CHECK_THAT(plugin::locate(f.spec("p", "https://example.com/p.zip"), f.path).error().message(),
             Contains("downloaded only with --install-plugins"));
}

TEST_CASE("a name never leads out of the folders", "[plugin]") {
  const Folders f;
  f.add("secret.so");
  CHECK(f.find(f.spec("../secret")) == fs::path());
}

TEST_CASE("the search path holds the environment's folders and those of the program", "[plugin]") {
  setenv("CFY_PLUGIN_PATH", "/one::/two", 1);
  const auto path = plugin::make_search_path({"/zero"}, "/state");
  unsetenv("CFY_PLUGIN_PATH");
  CHECK(path.command_line == std::vector<fs::path>{"/zero"});
  CHECK(path.environment == std::vector<fs::path>{"/one", "/two"});
  CHECK(path.installed == "/state/plugins");
  CHECK(path.unpacked == "/state/unpacked");
  CHECK(path.builtin == fs::path(CFY_BUILTIN_PLUGINS));
}
