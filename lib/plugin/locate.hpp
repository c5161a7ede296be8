// Where the .so of a plugin is: the blueprint's `source`, the folders of the command line and of
// the environment, what is installed, what came with the program. Loads nothing, and writes nothing
// but the content of archives that `source` names.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace cfy::plugin {

/// A plugin as the `plugins:` section declares it.
struct PluginSpec {
  std::string name;                   ///< may have a namespace: "ns--name"
  std::string source;                 ///< empty: none
  std::string package_name;           ///< empty: none
  std::string package_version;        ///< empty: any
  std::filesystem::path declared_in;  ///< the file that declares it
};

/// The folders to search, first wins. Each may hold NAME.so or NAME/NAME.so.
struct SearchPath {
  std::vector<std::filesystem::path> command_line;  ///< --plugin-path
  std::vector<std::filesystem::path> environment;   ///< $CFY_PLUGIN_PATH
  std::filesystem::path installed;                  ///< under the state folder; may be empty
  std::filesystem::path unpacked;                   ///< where archives go that `source` names
  std::filesystem::path builtin;                    ///< beside the program
};

/// The search path of this process: `command_line`, then $CFY_PLUGIN_PATH (folders with a colon
/// between them), `state_dir`/plugins (see PackageStore), and ../lib/cfy-run/plugins as seen from
/// the program.
SearchPath make_search_path(std::vector<std::filesystem::path> command_line,
                            const std::filesystem::path& state_dir);

/// The .so of a plugin, absolute. `source` counts first: a .so, or a folder or an archive that
/// holds one, relative to the declaring file. Then NAME.so in each folder, where NAME is the
/// plugin's name, its package_name, or its name without namespace. Among the installed plugins it
/// is the package whose plugin.yaml declares the plugin, else the newest package NAME, or the one
/// of its package_version. A plugin that is found nowhere and whose name ends with "script" is the
/// built-in script plugin.
///
/// Errors: plugin; the message lists every place and what can be done.
base::Result<std::filesystem::path> locate(const PluginSpec& plugin, const SearchPath& path);

}  // namespace cfy::plugin
