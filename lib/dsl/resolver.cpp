#include "dsl/resolver.hpp"

#include <fmt/format.h>

#include "base/files.hpp"
#include "dsl/bundled_types.hpp"
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

base::Error not_found(const std::string& name) {
  return base::make_error(base::ErrorKind::not_found, "there is no file '{}'", name);
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

base::Result<FoundFile> Resolver::load_url(const std::string& url) const {
  constexpr std::string_view kFileScheme = "file://";
  if (url.starts_with(kFileScheme)) return load_path(url.substr(kFileScheme.size()));
  if (!options_.fetch_url)
    return base::make_error(base::ErrorKind::io, "imports from the network are not possible here");
  auto text = options_.fetch_url(url);
  if (!text) return std::move(text).error();
  return FoundFile{url, url, std::move(*text)};
}

base::Result<FoundFile> Resolver::load_plugin(const std::string& location) const {
  const std::string rest = location.substr(std::string_view("plugin:").size());
  const std::size_t query = rest.find('?');
  const std::string name = rest.substr(0, query);
  std::string version;
  if (query != std::string::npos && rest.substr(query + 1).starts_with("version="))
    version = rest.substr(query + 1 + std::string_view("version=").size());
  if (!options_.find_plugin)
    return base::make_error(base::ErrorKind::not_found, "no plugin '{}' is installed", name);
  auto path = options_.find_plugin(name, version);
  if (!path) return std::move(path).error();
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
  if (is_url(location)) return load_url(location);
  if (const auto path = find_local(location, importer)) return load_path(*path);
  if (is_bundled_name(location))
    return FoundFile{std::string(kBundledMark) + std::string(kBundledTypesName),
                     std::string(kBundledTypesName), std::string(bundled_types_text())};
  if (is_url(importer)) return load_url(importer.substr(0, importer.rfind('/') + 1) + location);
  return not_found(location);
}

base::Result<FoundFile> Resolver::load_import(const ImportItem& import,
                                              const std::string& importer) const {
  for (const auto& [prefix, replacement] : options_.import_rules) {
    if (!import.location.starts_with(prefix)) continue;
    auto found = load_location(replacement + import.location.substr(prefix.size()), importer);
    if (found) return found;
  }
  if (import.is_plugin()) return load_plugin(import.location);
  if (import.is_blueprint()) {
    const auto known = options_.blueprints.find(import.location);
    if (known != options_.blueprints.end()) return load_path(known->second);
    return base::make_error(base::ErrorKind::not_found, "no blueprint '{}' is known",
                            import.location.substr(std::string_view("blueprint:").size()));
  }
  return load_location(import.location, importer);
}

}  // namespace cfy::dsl
