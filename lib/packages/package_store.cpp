#include "packages/package_store.hpp"

#include <algorithm>

#include "base/folders.hpp"
#include "base/names.hpp"
#include "base/text.hpp"
#include "packages/staging.hpp"
#include "packages/tree.hpp"

namespace cfy::packages {
namespace {

namespace fs = std::filesystem;
using base::ErrorKind;
using base::make_error;
using base::Result;

// Folders of packages are not that deep; what lies deeper are tests and data.
constexpr int kLibraryDepth = 4;
constexpr int kNewestMinor = 5;

// Names of the folders in one, without hidden ones such as those that are being made, and without
// what another user has put there: what is installed is loaded.
std::vector<std::string> folders_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code code;
  fs::directory_iterator entry(folder, code);
  for (; !code && entry != fs::directory_iterator(); entry.increment(code)) {
    std::error_code ignored;
    std::string name = entry->path().filename().string();
    if (!name.starts_with('.') && entry->is_directory(ignored) &&
        !base::belongs_to_others(entry->path()))
      names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Installed packages lie in folders of these names, so the names are taken as they are.
constexpr std::size_t kLongestName = 200;
constexpr std::string_view kOfVersions = "+!~";  // "1!1.0+local"

bool can_name_folder(const std::string& text) {
  return !text.empty() && text.size() <= kLongestName && base::to_path_part(text) == text;
}

Result<void> check_name(std::string_view what, const std::string& text, std::string_view extra) {
  if (auto checked = base::check_id(what, text, extra); !checked) return checked;
  if (text.size() <= kLongestName) return {};
  return make_error(ErrorKind::invalid, "{} cannot be called '{}': it has more than {} characters",
                    what, text, kLongestName);
}

std::vector<std::string> texts_of(const std::vector<Package>& packages) {
  std::vector<std::string> texts;
  for (const Package& each : packages)
    texts.push_back(each.version);
  return texts;
}

fs::path definitions_path(const fs::path& folder, int minor) {
  return folder / fmt::format("plugin_1_{}.yaml", minor);
}

std::vector<fs::path> yaml_files_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code code;
  fs::directory_iterator entry(folder, code);
  for (; !code && entry != fs::directory_iterator(); entry.increment(code)) {
    const std::string ending = entry->path().extension().string();
    if (ending == ".yaml" || ending == ".yml") found.push_back(entry->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<fs::path> libraries_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code code;
  fs::recursive_directory_iterator entry(folder, code);
  for (; !code && entry != fs::recursive_directory_iterator(); entry.increment(code)) {
    std::error_code ignored;
    if (entry.depth() >= kLibraryDepth) entry.disable_recursion_pending();
    if (entry->path().extension() == ".so" && entry->is_regular_file(ignored))
      found.push_back(entry->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

std::vector<Package> PackageStore::versions(const std::string& name) const {
  std::vector<Package> found;
  if (!can_name_folder(name)) return found;  // a name of a blueprint must not lead elsewhere
  for (std::string& version : folders_in(root_ / name))
    found.push_back({name, version, root_ / name / version});
  std::stable_sort(found.begin(), found.end(), [](const Package& one, const Package& other) {
    return Version(one.version).compare(Version(other.version)) > 0;
  });
  return found;
}

std::vector<Package> PackageStore::list() const {
  std::vector<Package> all;
  for (const std::string& name : folders_in(root_))
    for (Package& each : versions(name))
      all.push_back(std::move(each));
  return all;
}

Result<Package> PackageStore::find(const std::string& name, const VersionRange& range) const {
  const std::vector<Package> known = versions(name);
  std::vector<Version> candidates;
  for (const Package& each : known)
    candidates.emplace_back(each.version);
  if (const Version* best = find_newest(candidates, range))
    return known[static_cast<std::size_t>(best - candidates.data())];
  if (!known.empty())
    return make_error(ErrorKind::not_found,
                      "plugin '{}' is installed as {}, but not as {}; install that with `cfy-run "
                      "plugins install`",
                      name, base::join(texts_of(known), ", "), range.to_string());
  std::vector<std::string> names;
  for (const std::string& each : folders_in(root_))
    if (!versions(each).empty()) names.push_back(each);
  std::string instead = base::did_you_mean(name, names);
  if (instead.empty() && !names.empty()) instead = "there are: " + base::join(names, ", ");
  return make_error(ErrorKind::not_found,
                    "no plugin '{}' is installed{}{}; install it with `cfy-run plugins install`",
                    name, instead.empty() ? "" : "; ", instead);
}

std::optional<Package> PackageStore::find_owner(const fs::path& file) const {
  std::error_code code;
  const fs::path root = fs::weakly_canonical(root_, code);
  if (code) return std::nullopt;
  const fs::path relative = fs::weakly_canonical(file, code).lexically_relative(root);
  auto part = relative.begin();
  if (code || relative.empty() || *part == "..") return std::nullopt;
  const std::string name = part->string();
  if (++part == relative.end()) return std::nullopt;
  const std::string version = part->string();
  if (++part == relative.end()) return std::nullopt;
  return Package{name, version, root_ / name / version};
}

Result<PackageStore::Added> PackageStore::add(const fs::path& content, const std::string& name,
                                              const std::string& version,
                                              const std::string& source) const {
  if (auto checked = check_name("a plugin", name, {}); !checked) return checked.error();
  if (auto checked = check_name("the version of a plugin", version, kOfVersions); !checked)
    return checked.error();
  Package package{name, version, root_ / name / version};
  if (auto made = make_private_folders(root_ / name); !made) return made.error();
  const auto moved = move_into_place(content, package.folder);
  if (!moved) return moved.error();
  if (*moved) return Added{std::move(package), true};
  const auto before = digest_of_tree(package.folder);
  if (!before) return before.error();
  const auto now = digest_of_tree(content);
  if (!now) return now.error();
  if (*before == *now) return Added{std::move(package), false};
  return make_error(ErrorKind::conflict,
                    "plugin '{}' {} is installed in {} with other content than {} has; raise its "
                    "version, or delete that folder first",
                    name, version, package.folder.string(), source);
}

Result<fs::path> find_definitions(const fs::path& folder, int dsl_minor) {
  std::error_code code;
  const auto exists = [&](const fs::path& path) { return fs::is_regular_file(path, code); };
  if (fs::path exact = definitions_path(folder, dsl_minor); exists(exact)) return exact;
  if (fs::path plain = folder / "plugin.yaml"; exists(plain)) return plain;
  for (int minor = dsl_minor - 1; minor >= 0; --minor)
    if (fs::path older = definitions_path(folder, minor); exists(older)) return older;
  for (int minor = dsl_minor + 1; minor <= kNewestMinor; ++minor)
    if (exists(definitions_path(folder, minor)))
      return make_error(ErrorKind::not_found,
                        "{} holds definitions for cloudify_dsl_1_{} and later only; raise "
                        "tosca_definitions_version",
                        folder.string(), minor);
  const auto files = yaml_files_in(folder);
  if (files.size() == 1) return files.front();
  return make_error(ErrorKind::not_found,
                    "{} holds no plugin.yaml: declare the plugin in the `plugins:` section of the "
                    "blueprint instead",
                    folder.string());
}

Result<std::optional<fs::path>> find_library(const fs::path& folder,
                                             const std::vector<std::string>& names) {
  const auto libraries = libraries_in(folder);
  for (const std::string& name : names)
    for (const fs::path& each : libraries)
      if (each.stem() == name) return std::optional(each);
  if (libraries.empty()) return std::optional<fs::path>();
  if (libraries.size() == 1) return std::optional(libraries.front());
  std::vector<std::string> found;
  for (const fs::path& each : libraries)
    found.push_back(each.lexically_relative(folder).string());
  return make_error(ErrorKind::plugin,
                    "{} holds several shared libraries ({}); name the one that is the plugin {}.so",
                    folder.string(), base::join(found, ", "),
                    names.empty() ? "NAME" : names.front());
}

}  // namespace cfy::packages
