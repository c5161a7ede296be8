#include "plugin/locate.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "base/text.hpp"

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

/// Follows `source`; notes in `tried` what it looked at in vain.
std::optional<fs::path> find_by_source(const PluginSpec& plugin,
                                       const std::vector<std::string>& names,
                                       std::vector<std::string>& tried) {
  if (plugin.source.empty()) return std::nullopt;
  if (is_url(plugin.source)) {
    tried.push_back(fmt::format("source {} (nothing is downloaded while running)", plugin.source));
    return std::nullopt;
  }
  const fs::path source = to_absolute(plugin.declared_in.parent_path() / plugin.source);
  if (is_file(source) && source.extension() == ".so") return source;
  if (is_folder(source))
    if (auto found = find_in_folder(source, names)) return found;
  // Cloudify keeps the sources of a blueprint's plugins in a folder `plugins` beside it.
  const fs::path beside = to_absolute(plugin.declared_in.parent_path() / "plugins" / plugin.source);
  if (is_folder(beside))
    if (auto found = find_in_folder(beside, names)) return found;
  const char* what = is_folder(source) ? " (a folder without it)"
                     : is_file(source) ? " (not a .so)"
                                       : " (no such file)";
  tried.push_back("source " + source.string() + what);
  return std::nullopt;
}

std::vector<fs::path> folders(const SearchPath& path) {
  std::vector<fs::path> all = path.command_line;
  all.insert(all.end(), path.environment.begin(), path.environment.end());
  if (!path.installed.empty()) all.push_back(path.installed);
  if (!path.builtin.empty()) all.push_back(path.builtin);
  return all;
}

base::Error not_found(const PluginSpec& plugin, const std::vector<std::string>& names,
                      const std::vector<std::string>& tried) {
  std::vector<std::string> files;
  for (const std::string& name : names)
    files.push_back(name + ".so");
  return base::make_error(base::ErrorKind::plugin,
                          "plugin '{}'{}{}: no {} found in {}; build it, then name the file with "
                          "`source:` or its folder "
                          "with --plugin-path or CFY_PLUGIN_PATH",
                          plugin.name, plugin.declared_in.empty() ? "" : ", declared in ",
                          plugin.declared_in.string(), base::join(files, " or "),
                          base::join(tried, ", "));
}

}  // namespace

SearchPath make_search_path(std::vector<fs::path> command_line, const fs::path& state_dir) {
  SearchPath path;
  path.command_line = std::move(command_line);
  if (const char* environment = std::getenv("CFY_PLUGIN_PATH"))
    for (const std::string& folder : base::split(environment, ':'))
      if (!folder.empty()) path.environment.emplace_back(folder);
  if (!state_dir.empty()) path.installed = state_dir / "plugins";
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (!error) path.builtin = (program.parent_path() / "../lib/cfy-run/plugins").lexically_normal();
  return path;
}

base::Result<fs::path> locate(const PluginSpec& plugin, const SearchPath& path) {
  const auto names = file_names(plugin);
  std::vector<std::string> tried;
  if (auto found = find_by_source(plugin, names, tried)) return *found;
  for (const fs::path& folder : folders(path)) {
    if (auto found = find_in_folder(folder, names)) return *found;
    tried.push_back(folder.string());
  }
  if (plugin.name.ends_with("script"))
    if (auto found = find_in_folder(path.builtin, {"script"})) return *found;
  return not_found(plugin, names, tried);
}

}  // namespace cfy::plugin
