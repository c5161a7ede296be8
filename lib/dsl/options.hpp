// LoadOptions: where a blueprint is and how its imports are found.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace cfy::dsl {

/// The text behind a URL. Errors: io, with a message for the user. Called from several threads at a
/// time.
using FetchUrl = std::function<base::Result<std::string>(const std::string& url)>;

/// What "plugin:NAME?version=RANGE" asks for.
struct PluginImport {
  std::string name;
  std::vector<std::string> versions;  ///< each "version=" of the query; all of them must hold
  int dsl_minor = 5;                  ///< of the blueprint: 3 for cloudify_dsl_1_3
};

/// The plugin.yaml of an installed plugin. Errors: not_found, invalid (a version), for the user.
using FindPluginFile = std::function<base::Result<std::filesystem::path>(const PluginImport&)>;

/// The main file of the blueprint that "blueprint:ID" names. Errors: not_found, for the user.
using FindBlueprint = std::function<base::Result<std::filesystem::path>(const std::string& id)>;

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
  std::string rules_file;  ///< where users write such rules, for messages; empty: nowhere
  /// Whether a URL that no rule leads to is read as written.
  bool reads_unmatched_urls = true;
  FetchUrl fetch_url;            ///< empty: imports of URLs are refused
  FindPluginFile find_plugin;    ///< empty: "plugin:NAME" is refused
  FindBlueprint find_blueprint;  ///< empty: "blueprint:ID" is refused
  bool validate_version = true;  ///< false: features of later DSL versions are allowed
  /// Whose day a schedule's "12:00" is on. Borrowed.
  const base::Clock* clock = &base::system_clock();
};

}  // namespace cfy::dsl
