// PackageStore: the plugins that are installed, each in a folder NAME/VERSION of its own. A folder
// appears there whole or not at all, and does not change any more. Loads nothing.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "packages/version.hpp"

namespace cfy::packages {

struct Package {
  std::string name;
  std::string version;
  std::filesystem::path folder;
};

class PackageStore {
 public:
  explicit PackageStore(std::filesystem::path root) : root_(std::move(root)) {}

  const std::filesystem::path& root() const { return root_; }

  /// All, by name, the newest version of each first.
  std::vector<Package> list() const;
  /// The versions of one, the newest first; empty when there is none of the name.
  std::vector<Package> versions(const std::string& name) const;
  /// The newest version that the range allows. Errors: not_found, with what there is instead.
  base::Result<Package> find(const std::string& name, const VersionRange& range) const;
  /// The package that a file belongs to.
  std::optional<Package> find_owner(const std::filesystem::path& file) const;

  struct Added {
    Package package;
    bool is_new = false;  ///< false: the same was installed before
  };
  /// Install the folder `content`, which lies in a StagingFolder of root().
  /// @param source  where it came from, for messages
  /// Errors: invalid (a name or version that is no id), conflict (other content under
  /// the same name and version), io.
  base::Result<Added> add(const std::filesystem::path& content, const std::string& name,
                          const std::string& version, const std::string& source) const;

 private:
  std::filesystem::path root_;
};

/// The file that "plugin:NAME" imports: plugin_1_N.yaml of the DSL version 1_N, else plugin.yaml,
/// else the newest plugin_1_N.yaml that is not newer than the DSL version, else the only YAML file.
/// Errors: not_found, with what there is instead.
base::Result<std::filesystem::path> find_definitions(const std::filesystem::path& folder,
                                                     int dsl_minor);

/// The plugin's .so: NAME.so in the folder or below it, for the first of `names` that has one;
/// else the only .so. Nothing where the package holds none. Errors: plugin, several fit.
base::Result<std::optional<std::filesystem::path>> find_library(
    const std::filesystem::path& folder, const std::vector<std::string>& names);

}  // namespace cfy::packages
