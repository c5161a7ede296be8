#include "dsl/resolver.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include <fmt/format.h>

#include "base/files.hpp"
#include "base/threads.hpp"
#include "dsl/bundled_types.hpp"
#include "dsl/known_addresses.hpp"
#include "yaml/load.hpp"

namespace cfy::dsl {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kBundledMark = "bundled:";

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

// "types.yaml" to "types_1_3.yaml"
fs::path with_version(const fs::path& path, int minor) {
  return path.parent_path() /
         fmt::format("{}_1_{}{}", path.stem().string(), minor, path.extension().string());
}

// Whether `name` is the bundled types file, by its own name or that of one of its versions.
bool is_bundled_name(const std::string& name) {
  if (name == kBundledTypesName) return true;
  for (int minor = 0; minor <= 5; ++minor)
    if (name == with_version(kBundledTypesName, minor)) return true;
  return false;
}

FoundFile load_bundled_types() {
  return FoundFile{std::string(kBundledMark) + std::string(kBundledTypesName),
                   std::string(kBundledTypesName), std::string(bundled_types_text())};
}

base::Error not_found(const std::string& name) {
  return base::make_error(base::ErrorKind::not_found, "there is no file '{}'", name);
}

// Whoever reports it has named the address.
base::Error without_address(const base::Error& error, const std::string& url) {
  const std::string named = fmt::format("cannot fetch '{}': ", url);
  const std::string& message = error.message();
  return {error.kind(), message.starts_with(named) ? message.substr(named.size()) : message};
}

}  // namespace

bool is_bundled(const std::string& identity) {
  return identity.starts_with(kBundledMark);
}

fs::path folder_of(const std::string& identity) {
  if (is_url(identity) || is_bundled(identity)) return {};
  return fs::path(identity).parent_path();
}

// Files below the main file's folder are named as the user named that; others by their whole path.
std::string Resolver::shown_name(const fs::path& path) const {
  std::error_code error;
  const fs::path main = fs::weakly_canonical(options_.path, error);
  const fs::path shown =
      options_.shown_path.empty() ? options_.path : fs::path(options_.shown_path);
  if (path == main) return shown.string();
  const fs::path relative = path.lexically_relative(main.parent_path());
  if (relative.empty() || relative.begin()->string() == "..") return path.string();
  return (shown.parent_path() / relative).string();
}

base::Result<FoundFile> Resolver::load_path(const fs::path& path) const {
  auto text = base::load_file(path, yaml::kMaxFileBytes);
  if (!text) return std::move(text).error();
  std::error_code error;
  const fs::path canonical = fs::weakly_canonical(path, error);
  const fs::path& kept = error ? path : canonical;
  return FoundFile{kept.string(), shown_name(kept), std::move(*text)};
}

base::Result<FoundFile> Resolver::load_main() const {
  return load_path(options_.path);
}

base::Result<FoundFile> Resolver::load_installed(const std::string& url) const {
  const auto plugin = find_plugin_address(url);
  if (!plugin || !options_.find_plugin) return not_found(url);
  const auto path = options_.find_plugin({plugin->name, {"==" + plugin->version}, minor_});
  if (!path) return path.error();
  return load_path(*path);
}

base::Result<FoundFile> Resolver::load_url(const std::string& url) const {
  if (is_gone(url))
    if (auto installed = load_installed(url)) return installed;
  if (!options_.fetch_url)
    return base::make_error(base::ErrorKind::io, "imports from the network are not possible here");
  const auto known = fetched_.find(url);
  auto text = known != fetched_.end() ? known->second : options_.fetch_url(url);
  if (text) return FoundFile{url, url, *std::move(text)};
  if (auto installed = load_installed(url)) return installed;
  return std::move(text).error();
}

// Whether load_import() would ask the network, and nothing before it.
bool Resolver::is_to_be_fetched(const ImportItem& import) const {
  const std::string& url = import.location;
  const bool is_address =
      url.starts_with("http://") || url.starts_with("https://") || url.starts_with("ftp://");
  if (!is_address || !options_.reads_unmatched_urls || is_types_address(url)) return false;
  if (fetched_.contains(url) || (is_gone(url) && load_installed(url))) return false;
  return std::none_of(options_.import_rules.begin(), options_.import_rules.end(),
                      [&](const auto& rule) { return url.starts_with(rule.first); });
}

void Resolver::fetch_together(const std::vector<ImportItem>& imports) {
  std::vector<std::string> urls;
  for (const ImportItem& import : imports)
    if (options_.fetch_url && is_to_be_fetched(import)) urls.push_back(import.location);
  if (urls.size() < 2) return;
  constexpr std::size_t kMostAtOnce = 16;
  std::vector<base::Result<std::string>> texts(urls.size(), std::string());
  std::atomic<std::size_t> next = 0;
  const auto fetch_some = [&] {
    for (std::size_t i = next++; i < urls.size(); i = next++)
      texts[i] = options_.fetch_url(urls[i]);
  };
  std::vector<std::thread> threads;
  while (threads.size() + 1 < std::min(urls.size(), kMostAtOnce)) {
    auto thread = base::start_thread(fetch_some);
    if (!thread) break;  // this one takes its part
    threads.push_back(*std::move(thread));
  }
  fetch_some();
  for (std::thread& thread : threads)
    thread.join();
  for (std::size_t i = 0; i < urls.size(); ++i)
    fetched_.emplace(urls[i], std::move(texts[i]));
}

base::Result<FoundFile> Resolver::load_plugin(const std::string& location) const {
  const auto import = parse_plugin_import(location, minor_);
  if (!import) return import.error();
  if (!options_.find_plugin)
    return base::make_error(base::ErrorKind::not_found, "no plugin '{}' is installed",
                            import->name);
  const auto path = options_.find_plugin(*import);
  if (!path) return path.error();
  return load_path(*path);
}

base::Result<FoundFile> Resolver::load_blueprint(const std::string& location) const {
  const std::string id = location.substr(kBlueprintScheme.size());
  if (!options_.find_blueprint)
    return base::make_error(base::ErrorKind::not_found, "no blueprint '{}' is known", id);
  const auto path = options_.find_blueprint(id);
  if (!path) return path.error();
  return load_path(*path);
}

// Beside the importing file, then in the resource folders, where a file for this DSL version comes
// first, then below the folder the program was started in.
std::optional<fs::path> Resolver::find_local(const std::string& name,
                                             const std::string& importer) const {
  if (fs::path(name).is_absolute())
    return is_file(name) ? std::optional<fs::path>(name) : std::nullopt;
  const fs::path folder = folder_of(importer);
  if (!folder.empty() && is_file(folder / name)) return folder / name;
  for (const fs::path& root : options_.resource_roots) {
    const fs::path path = root / name;
    if (is_file(with_version(path, minor_))) return with_version(path, minor_);
    if (is_file(path)) return path;
  }
  if (is_bundled_name(name)) return std::nullopt;
  return is_file(name) ? std::optional<fs::path>(name) : std::nullopt;
}

base::Result<FoundFile> Resolver::load_location(const std::string& location,
                                                const std::string& importer) const {
  if (location.starts_with(kPluginScheme)) return load_plugin(location);
  if (location.starts_with(kBlueprintScheme)) return load_blueprint(location);
  if (is_types_address(location)) return load_bundled_types();
  // "file:///a/b" as well as "file:/a/b"
  for (const std::string_view scheme : {"file://", "file:"})
    if (location.starts_with(scheme)) return load_path(location.substr(scheme.size()));
  if (is_url(location)) {
    auto found = load_url(location);
    return found ? std::move(found) : without_address(found.error(), location);
  }
  if (const auto path = find_local(location, importer)) return load_path(*path);
  if (is_bundled_name(location)) return load_bundled_types();
  if (is_url(importer)) return load_url(importer.substr(0, importer.rfind('/') + 1) + location);
  return not_found(location);
}

base::Result<FoundFile> Resolver::load_import(const ImportItem& import,
                                              const std::string& importer) const {
  std::string tried;
  for (const auto& [prefix, replacement] : options_.import_rules) {
    if (!import.location.starts_with(prefix)) continue;
    const std::string location = replacement + import.location.substr(prefix.size());
    auto found = load_location(location, importer);
    if (found) return found;
    tried += fmt::format("; by an import rule, '{}': {}", location, found.error().message());
  }
  if (!options_.reads_unmatched_urls && is_url(import.location))
    return base::make_error(base::ErrorKind::not_found,
                            "no import rule leads to it, and 'fallback' is off{}", tried);
  auto found = load_location(import.location, importer);
  if (found || tried.empty()) return found;
  return base::Error(found.error().kind(), found.error().message() + tried);
}

}  // namespace cfy::dsl
