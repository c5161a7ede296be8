#include "plugin/locate.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "base/folders.hpp"
#include "base/text.hpp"
#include "packages/package_store.hpp"
#include "packages/staging.hpp"
#include "packages/unpack.hpp"

namespace cfy::plugin {
namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}
bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}
bool is_url(std::string_view source) {
  return source.find("://") != std::string_view::npos;
}

fs::path to_absolute(const fs::path& path) {
  std::error_code error;
  fs::path full = fs::absolute(path, error);
  return error ? path : full.lexically_normal();
}

/// What the file may be called, in order.
std::vector<std::string> file_names(const PluginSpec& plugin) {
  std::vector<std::string> names;
  const auto add = [&](std::string name) {
    // A name comes from a blueprint: one that would lead out of the folder is none of ours.
    if (name.empty() || name.find('/') != std::string::npos || name.starts_with('.')) return;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  const auto bare = [](const std::string& name) {
    const auto separator = name.rfind("--");
    return separator == std::string::npos ? name : name.substr(separator + 2);
  };
  add(plugin.name);
  add(plugin.package_name);
  add(bare(plugin.name));
  return names;
}

std::optional<fs::path> find_in_folder(const fs::path& folder,
                                       const std::vector<std::string>& names) {
  for (const std::string& name : names)
    for (const fs::path& candidate : {folder / (name + ".so"), folder / name / (name + ".so")})
      if (is_file(candidate)) return to_absolute(candidate);
  return std::nullopt;
}

/// What is being looked for, and where it was looked for in vain.
struct Search {
  const PluginSpec& plugin;
  const SearchPath& path;
  std::vector<std::string> names;
  std::vector<std::string> tried = {};

  void note(std::string place) {
    if (std::find(tried.begin(), tried.end(), place) == tried.end())
      tried.push_back(std::move(place));
  }
};

std::optional<fs::path> find_in_archive(Search& search, const fs::path& archive) {
  const auto folder = packages::unpack_once(archive, search.path.unpacked);
  if (!folder) {
    search.note(fmt::format("source {} ({})", archive.string(), folder.error().message()));
    return std::nullopt;
  }
  auto found = packages::find_library(*folder, search.names);
  if (found && *found) return to_absolute(**found);
  search.note(fmt::format("source {} ({})", archive.string(),
                          found ? "an archive without it" : found.error().message()));
  return std::nullopt;
}

std::optional<fs::path> find_by_source(Search& search) {
  const PluginSpec& plugin = search.plugin;
  if (plugin.source.empty()) return std::nullopt;
  if (is_url(plugin.source)) {
    search.note(fmt::format("source {} (downloaded only with --install-plugins)", plugin.source));
    return std::nullopt;
  }
  const fs::path source = to_absolute(plugin.declared_in.parent_path() / plugin.source);
  // Cloudify keeps the sources of a blueprint's plugins in a folder `plugins` beside it.
  const fs::path beside = to_absolute(plugin.declared_in.parent_path() / "plugins" / plugin.source);
  if (is_file(source) && source.extension() == ".so") return source;
  for (const fs::path& place : {source, beside}) {
    if (is_folder(place))
      if (auto found = find_in_folder(place, search.names)) return found;
    const bool is_archive = packages::is_archive_name(place) && !search.path.unpacked.empty();
    if (is_archive && is_file(place)) return find_in_archive(search, place);
  }
  const char* what = is_folder(source) ? " (a folder without it)"
                     : is_file(source) ? " (neither a .so nor an archive)"
                                       : " (no such file)";
  search.note("source " + source.string() + what);
  return std::nullopt;
}

std::optional<fs::path> find_in_package(Search& search, const packages::Package& package) {
  std::vector<std::string> names = search.names;
  names.push_back(package.name);
  const auto found = packages::find_library(package.folder, names);
  if (found && *found) return to_absolute(**found);
  search.note(
      found ? fmt::format("the installed plugin {} {}, {} (without a .so: what it may hold in "
                          "Python does not run here)",
                          package.name, package.version, package.folder.string())
            : found.error().message());
  return std::nullopt;
}

// The version that the blueprint asks for, else the newest.
std::optional<packages::Package> choose_package(Search& search, const std::string& name) {
  const packages::PackageStore store(search.path.installed);
  const auto known = store.versions(name);
  if (known.empty()) return std::nullopt;
  const auto range = packages::VersionRange::parse(search.plugin.package_version);
  const auto found =
      range ? store.find(name, *range) : base::Result<packages::Package>(range.error());
  if (found) return *found;
  search.note(found.error().message());
  return std::nullopt;
}

std::optional<fs::path> find_installed(Search& search) {
  const fs::path& folder = search.path.installed;
  if (folder.empty()) return std::nullopt;
  const packages::PackageStore store(folder);
  if (const auto owner = store.find_owner(to_absolute(search.plugin.declared_in)))
    if (auto found = find_in_package(search, *owner)) return found;
  for (const std::string& name : search.names)
    if (const auto package = choose_package(search, name))
      if (auto found = find_in_package(search, *package)) return found;
  // A library that another user has put there is not loaded.
  if (auto found = find_in_folder(folder, search.names); found && !base::belongs_to_others(*found))
    return found;
  search.note(folder.string());
  return std::nullopt;
}

std::optional<fs::path> find_in_folders(Search& search, const std::vector<fs::path>& folders) {
  for (const fs::path& folder : folders) {
    if (folder.empty()) continue;
    if (auto found = find_in_folder(folder, search.names)) return found;
    search.note(folder.string());
  }
  return std::nullopt;
}

base::Error not_found(const Search& search) {
  const PluginSpec& plugin = search.plugin;
  std::vector<std::string> files;
  for (const std::string& name : search.names)
    files.push_back(name + ".so");
  return base::make_error(base::ErrorKind::plugin,
                          "plugin '{}'{}{}: no {} found in {}; build it, then name the file with "
                          "`source:` or its folder with --plugin-path or CFY_PLUGIN_PATH, or "
                          "install it with `cfy-run plugins install`",
                          plugin.name, plugin.declared_in.empty() ? "" : ", declared in ",
                          plugin.declared_in.string(), base::join(files, " or "),
                          base::join(search.tried, ", "));
}

}  // namespace

SearchPath make_search_path(std::vector<fs::path> command_line, const fs::path& state_dir) {
  SearchPath path;
  path.command_line = std::move(command_line);
  if (const char* environment = std::getenv("CFY_PLUGIN_PATH"))
    for (const std::string& folder : base::split(environment, ':'))
      if (!folder.empty()) path.environment.emplace_back(folder);
  if (!state_dir.empty()) {
    path.installed = state_dir / "plugins";
    path.unpacked = state_dir / "unpacked";
  }
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (!error) path.builtin = (program.parent_path() / "../lib/cfy-run/plugins").lexically_normal();
  return path;
}

base::Result<fs::path> locate(const PluginSpec& plugin, const SearchPath& path) {
  Search search{plugin, path, file_names(plugin)};
  if (auto found = find_by_source(search)) return *found;
  if (auto found = find_in_folders(search, path.command_line)) return *found;
  if (auto found = find_in_folders(search, path.environment)) return *found;
  if (auto found = find_installed(search)) return *found;
  if (auto found = find_in_folders(search, {path.builtin})) return *found;
  if (plugin.name.ends_with("script"))
    if (auto found = find_in_folder(path.builtin, {"script"})) return *found;
  return not_found(search);
}

}  // namespace cfy::plugin
