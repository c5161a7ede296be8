#include "plugin/loader.hpp"

#include <catch2/catch.hpp>

#include "plugin/describe.hpp"
#include "support/temp_dir.hpp"

namespace fs = std::filesystem;
namespace plugin = cfy::plugin;
using cfy::base::ErrorKind;

namespace {

fs::path fixture(const std::string& name) {
  return fs::path(CFY_TEST_PLUGINS) / (name + ".so");
}

/// Why the file is refused; empty when it is not.
std::string refusal(const fs::path& path, const plugin::LoadOptions& options = {}) {
  const auto loaded = plugin::load(path, options);
  if (loaded) return {};
  CHECK(loaded.error().kind() == ErrorKind::plugin);
  // Each says which plugin and where it is.
  CHECK_THAT(loaded.error().message(),
             Catch::StartsWith("plugin '" + path.stem().string() + "' (" + path.string()));
  return loaded.error().message();
}
std::string refused(const std::string& name) {
  return refusal(fixture(name));
}

using Catch::Contains;

}  // namespace

TEST_CASE("a file that is no shared library is refused", "[plugin]") {
  const cfy::test::TempDir dir;
  CHECK_THAT(refusal(dir.path() / "none.so"), Contains("there is no such file"));
  CHECK_THAT(refusal(dir.write("text.so", "#!/bin/sh\necho no\n")),
             Contains("is not a shared library") && Contains("ELF"));
  CHECK_THAT(refusal(dir.write("empty.so", "")), Contains("is not a shared library"));
  CHECK_THAT(refusal(dir.write("short.so",
                               "\x7f"
                               "ELF and no more")),
             Contains("cut off after"));
  CHECK_THAT(refusal(dir.path()), Contains("is a folder"));
}

TEST_CASE("an ELF file that is none of ours is refused", "[plugin]") {
  const cfy::test::TempDir dir;
  std::string header(64, '\0');
  header.replace(0, 7,
                 "\x7f"
                 "ELF\x02\x01\x01");
  header[16] = 3;                        // a shared library
  header[18] = static_cast<char>(0xf7);  // for a machine that nobody has
  CHECK_THAT(refusal(dir.write("alien.so", header)), Contains("is for another machine"));
  CHECK_THAT(refused("no_symbol"), Contains("no symbol cfy_plugin_v1") && Contains("CFY_PLUGIN"));
  CHECK_THAT(refused("unresolved_symbol"), Contains("undefined symbol: defined_nowhere"));
}

TEST_CASE("a table that cannot be read is refused with what was found and expected", "[plugin]") {
  CHECK_THAT(refused("null_table"), Contains("gave no table"));
  CHECK_THAT(refused("wrong_magic"), Contains("0x46474849") && Contains("0x31594643"));
  CHECK_THAT(refused("truncated_table"), Contains("24 bytes") && Contains("80"));
  CHECK_THAT(refused("truncated_entry"), Contains("16 bytes") && Contains("48"));
  CHECK_THAT(refused("no_entries"), Contains("counts 2 entries"));
  CHECK_THAT(refused("no_function"), Contains("'c.first' has no function"));
  CHECK_THAT(refused("unknown_kind"), Contains("is of kind 9"));
}

TEST_CASE("another ABI is refused with both versions and the build", "[plugin]") {
  CHECK_THAT(refused("newer_minor"), Contains("needs ABI 1.7") && Contains("offers 1.1") &&
                                         Contains("built by cc") && Contains("newer cfy-run"));
  CHECK_THAT(refused("newer_major"), Contains("needs ABI 2.1") && Contains("offers 1.1"));
  CHECK_THAT(refused("older_major"), Contains("built for ABI 0.1") && Contains("offers 1.1"));
}

TEST_CASE("code that fails while it is loaded is refused and takes nothing along", "[plugin]") {
  CHECK_THAT(refused("throws_at_load"),
             Contains("threw or aborted while it was loaded") && Contains("no licence file"));
  CHECK_THAT(refused("throws_in_entry"), Contains("threw") && Contains("the table is not ready"));
  CHECK_THAT(refused("exits_at_load"), Contains("exit status 7"));
  plugin::LoadOptions options;
  options.probe_timeout_s = 1;
  CHECK_THAT(refusal(fixture("hangs_at_load"), options), Contains("within 1 seconds"));
}

TEST_CASE("a crash while loading is refused", "[plugin]") {
  // Sanitizers turn the signal into an exit status of their own.
  CHECK_THAT(refused("crashes_at_load"),
             Contains("crashed while it was loaded (SIGSEGV)") || Contains("exit status"));
}

TEST_CASE("the refusal calls the plugin by its name in the blueprint", "[plugin]") {
  const auto loaded = plugin::load(fixture("wrong_magic"), {.name = "ns--mine"});
  REQUIRE_FALSE(loaded);
  CHECK_THAT(loaded.error().message(), Catch::StartsWith("plugin 'ns--mine' ("));
}

TEST_CASE("a plugin written in C loads and tells what it offers", "[plugin]") {
  const auto loaded = plugin::load(fixture("good_table"));
  REQUIRE(loaded);
  CHECK(plugin::describe(**loaded) ==
        nlohmann::json({{"name", "table"},
                        {"version", "0.1"},
                        {"build", "cc"},
                        {"abi", "1.1"},
                        {"path", fixture("good_table").string()},
                        {"workflows",
                         {{{"name", "c.first"}, {"resumable", true}},
                          {{"name", "c.second"}, {"resumable", false}}}},
                        {"operations", nlohmann::json::array()}}));
}

TEST_CASE("entries that have grown since are read by their own size", "[plugin]") {
  const auto loaded = plugin::load(fixture("larger_entry"));
  REQUIRE(loaded);
  REQUIRE((*loaded)->entries().size() == 2);
  CHECK((*loaded)->entries()[1].name == "c.second");
}

TEST_CASE("a file is loaded once, whatever its path looks like", "[plugin]") {
  const auto first = plugin::load(fixture("good_table"));
  const auto second = plugin::load(fs::path(CFY_TEST_PLUGINS) / "." / "good_table.so");
  REQUIRE((first && second));
  CHECK(*first == *second);
}

TEST_CASE("an unknown function is refused with the nearest and all names", "[plugin]") {
  const auto loaded = plugin::load(fixture("misbehaves"));
  REQUIRE(loaded);
  CHECK((*loaded)->find_workflow("workflows.returns"));
  const auto near = (*loaded)->find_workflow("workflows.retunrs");
  REQUIRE_FALSE(near);
  CHECK(near.error().kind() == ErrorKind::plugin);
  CHECK_THAT(near.error().message(), Contains("has no workflow 'workflows.retunrs'") &&
                                         Contains("did you mean 'workflows.returns'?") &&
                                         Contains("it offers workflows.returns, workflows.throws"));
  CHECK_THAT((*loaded)->find_workflow("tasks.works").error().message(),
             Contains("'tasks.works' is an operation, expected is a workflow"));
  const auto table = plugin::load(fixture("good_table"));
  REQUIRE(table);
  CHECK_THAT((*table)->find_operation("x").error().message(), Contains("it offers no operations"));
}
