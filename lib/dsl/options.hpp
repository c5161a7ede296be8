// LoadOptions: where a blueprint is and how its imports are found.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace cfy::dsl {

/// The text behind a URL. Errors: io, with a message for the user.
using FetchUrl = std::function<base::Result<std::string>(const std::string& url)>;

/// The plugin.yaml of an installed plugin. `name` is what follows "plugin:", without the query;
/// `version` is the "version=" of the query, or empty.
using FindPluginFile = std::function<base::Result<std::filesystem::path>(
    const std::string& name, const std::string& version)>;

struct LoadOptions {
  std::filesystem::path path;  ///< the main blueprint file
  /// How messages name the main file; files below its folder are named accordingly. Empty: as in
  /// `path`.
  std::string shown_path;
  /// Folders in which imports are searched after the importing file's own folder.
  std::vector<std::filesystem::path> resource_roots;
  /// Prefix of an import's text and what to put in its place; tried in order, the first whose
  /// result can be read is taken, else the import as written.
  std::vector<std::pair<std::string, std::string>> import_rules;
  /// The main file of each blueprint that "blueprint:ID" can name; by the whole text of the import.
  std::map<std::string, std::filesystem::path> blueprints;
  FetchUrl fetch_url;            ///< empty: imports of URLs are refused
  FindPluginFile find_plugin;    ///< empty: "plugin:NAME" is refused
  bool validate_version = true;  ///< false: features of later DSL versions are allowed
  /// Whose day a schedule's "12:00" is on. Borrowed.
  const base::Clock* clock = &base::system_clock();
};

}  // namespace cfy::dsl
