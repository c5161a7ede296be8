#include "install_plugin.hpp"

#include <optional>

#include <fmt/format.h>

#include "base/files.hpp"
#include "base/signals.hpp"
#include "packages/staging.hpp"
#include "plugin/loader.hpp"
#include "yaml/load.hpp"

namespace cfy::app {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using base::make_error;
using base::Result;
using yaml::Value;

constexpr int kNewestMinor = 5;

/// What a package says of itself; empty texts where it says nothing.
struct Identity {
  std::string plugin;  ///< the name in the `plugins:` section of its plugin.yaml
  std::string package_name;
  std::string package_version;
};

base::Error has_mistakes() {
  return {ErrorKind::invalid, "the definitions of the plugin have mistakes"};
}

class DefinitionsReader {
 public:
  explicit DefinitionsReader(Workspace& workspace) : workspace_(workspace) {}

  Result<Identity> read(const fs::path& path) {
    auto text = base::load_file(path, yaml::kMaxFileBytes);
    if (!text) return std::move(text).error();
    const auto file = workspace_.sources.add(path.filename().string(), *std::move(text));
    const Value* root = yaml::load_yaml(workspace_.sources, file, arena_, workspace_.diagnostics);
    if (workspace_.diagnostics.has_errors()) return has_mistakes();
    const Value* plugins = root == nullptr ? nullptr : root->find("plugins");
    if (plugins == nullptr || !plugins->is_map() || plugins->entries().empty()) {
      base::SourceRange range{};
      range.file = file;
      report(plugins == nullptr ? range : plugins->range(),
             "a plugin.yaml declares its plugin in a section 'plugins'", "");
      return has_mistakes();
    }
    Identity identity = read_section(*plugins);
    if (workspace_.diagnostics.has_errors()) return has_mistakes();
    return identity;
  }

 private:
  // A file may declare several plugins of one package; the first that names it speaks for all.
  Identity read_section(const Value& plugins) {
    Identity identity;
    for (const yaml::Entry& entry : plugins.entries()) {
      if (identity.plugin.empty()) identity.plugin = yaml::key_text(*entry.key);
      if (identity.package_name.empty())
        identity.package_name = text_of(*entry.value, "package_name");
      if (identity.package_version.empty())
        identity.package_version = text_of(*entry.value, "package_version");
    }
    return identity;
  }

  std::string text_of(const Value& plugin, const char* key) {
    const Value* value = plugin.find(key);
    if (value == nullptr || value->is_null()) return {};
    if (value->is_string()) return std::string(value->text());
    report(value->range(), fmt::format("expected a string, got {}", yaml::kind_name(value->kind())),
           "quote it");
    return {};
  }

  void report(const base::SourceRange& range, std::string message, std::string hint) {
    base::Diagnostic diagnostic;
    diagnostic.message = std::move(message);
    diagnostic.range = range;
    diagnostic.hint = std::move(hint);
    workspace_.diagnostics.add(std::move(diagnostic));
  }

  Workspace& workspace_;
  yaml::Arena arena_;
};

/// The package's definitions; nothing where it has none.
Result<std::optional<Identity>> read_identity(const fs::path& content, Workspace& workspace) {
  const auto definitions = packages::find_definitions(content, kNewestMinor);
  if (!definitions) return std::optional<Identity>();
  auto identity = DefinitionsReader(workspace).read(*definitions);
  if (!identity) return identity.error();
  return std::optional(*std::move(identity));
}

Result<const plugin::LoadedPlugin*> load_library(const fs::path& content,
                                                 const Identity& identity) {
  std::vector<std::string> names;
  for (const std::string& name : {identity.plugin, identity.package_name})
    if (!name.empty()) names.push_back(name);
  const auto library = packages::find_library(content, names);
  if (!library) return library.error();
  if (!*library) return nullptr;
  return plugin::load(**library);
}

/// What both parts of the package say; nothing of it may be missing or differ.
Result<Identity> complete(Identity identity, const plugin::LoadedPlugin* library) {
  const std::string version = library == nullptr ? "" : library->version();
  if (identity.package_name.empty() && library != nullptr) identity.package_name = library->name();
  if (identity.package_name.empty()) identity.package_name = identity.plugin;
  if (identity.package_version.empty()) identity.package_version = version;
  if (identity.package_version.empty())
    return make_error(ErrorKind::plugin,
                      "plugin '{}' has no version; give it a package_version in its plugin.yaml",
                      identity.package_name);
  using packages::Version;
  if (!version.empty() && !std::is_eq(Version(version).compare(Version(identity.package_version))))
    return make_error(ErrorKind::plugin,
                      "its plugin.yaml says version {}, but its library {} says {}; build it anew "
                      "or correct one of the two",
                      identity.package_version, library->path().filename().string(), version);
  return identity;
}

Result<packages::PackageStore::Added> install(const std::string& source, Workspace& workspace,
                                              const Io& io, std::chrono::seconds time) {
  const packages::PackageStore store = package_store(io);
  const auto staging = packages::StagingFolder::make(store.root());
  if (!staging) return staging.error();
  const auto content = get_package(source, *staging, time);
  if (!content) return content.error();
  if (base::is_stop_pending()) return base::Error(ErrorKind::cancelled, "interrupted");
  auto identity = read_identity(*content, workspace);
  if (!identity) return identity.error();
  const auto library = load_library(*content, identity->value_or(Identity()));
  if (!library) return library.error();
  if (*library == nullptr && !*identity)
    return make_error(ErrorKind::plugin,
                      "holds neither a plugin.yaml nor a shared library; a package needs one of "
                      "them beside what else it holds");
  const auto whole = complete(identity->value_or(Identity()), *library);
  if (!whole) return whole.error();
  return store.add(*content, whole->package_name, whole->package_version, source);
}

}  // namespace

packages::PackageStore package_store(const Io& io) {
  return packages::PackageStore(io.state_dir / "plugins");
}

Result<packages::PackageStore::Added> install_plugin(const std::string& source,
                                                     Workspace& workspace, const Io& io,
                                                     std::chrono::seconds time) {
  auto added = install(source, workspace, io, time);
  if (!added) return std::move(added).error().context(fmt::format("cannot install '{}'", source));
  return added;
}

Result<void> install_missing_plugins(const plan::Plan& plan, const PluginFinder& plugins,
                                     Workspace& workspace, const Io& io) {
  for (const auto& [name, declared] : plan.plugins) {
    const std::string source = declared.source.value_or("");
    if (!is_address(source) || plugins.find_file(plan, name)) continue;
    if (io.verbosity >= 0) say(io.err, "installing plugin '{}' from {}\n", name, source);
    auto added = install_plugin(source, workspace, io);
    if (!added) return std::move(added).error().context(declared.declared_at);
  }
  return {};
}

}  // namespace cfy::app
